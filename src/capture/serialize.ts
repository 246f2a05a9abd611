import { cleanJson } from "./clean-text";
import { errorName } from "./describe-name";
import { describeValue } from "./describe-value";
import { isPlainJson } from "./plain-json";
import { cutText } from "./text-limit";

/** Bounds of one captured field. */
export interface SerializeLimits {
  /** Longest text that comes out, in UTF-8 bytes, the mark of the cut included. */
  readonly maxBytes: number;
}

/**
 * Value → bounded text, as a snapshot: what the caller changes later does not show. Strings stay as
 * they are, everything else becomes JSON text. Total: never throws, whatever getters, proxies and
 * `toJSON` do.
 * @returns undefined for undefined and null, which mean "no value" on the wire
 * Spec: langfuse-contract, section 12.2 (`langfuse.observation.input`)
 */
export function serialize(value: unknown, { maxBytes }: SerializeLimits): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return cutText(value, maxBytes);
  const json = cleanJson(serializeWhole(value, maxBytes));
  // Three bytes a unit at the most: short texts need no second look.
  return json.length * 3 <= maxBytes ? json : cutText(json, maxBytes);
}

function serializeWhole(value: unknown, maxBytes: number): string {
  try {
    if (isPlainJson(value, maxBytes)) {
      // Typed as a string, but undefined where a proxy grows a toJSON between two looks.
      const text: string | undefined = JSON.stringify(value);
      if (text !== undefined) return text;
    }
  } catch {
    // A proxy or getter threw while being looked at; the describing path below survives that.
  }
  try {
    // Undefined where somebody gave all arrays a toJSON that returns it.
    const text: string | undefined = JSON.stringify(
      describeValue(value, { budgetBytes: maxBytes }),
    );
    return text ?? '"[not serializable]"';
  } catch (error) {
    return JSON.stringify(`[not serializable: ${errorName(error)}]`);
  }
}

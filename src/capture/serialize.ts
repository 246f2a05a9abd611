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
  return cutText(serializeWhole(value, maxBytes), maxBytes);
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
    return JSON.stringify(describeValue(value, { budgetBytes: maxBytes }));
  } catch (error) {
    // Not reachable by any value known to us; total all the same.
    return JSON.stringify(`[not serializable: ${error instanceof Error ? error.name : "unknown"}]`);
  }
}

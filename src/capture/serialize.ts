import { cleanJson } from "./clean-text";
import { errorName } from "./describe-name";
import { describeValue } from "./describe-value";
import { replaceDataUris } from "./media/data-uris";
import type { MediaCollector } from "./media/media-collector";
import { isPlainJson } from "./plain-json";
import { cutText } from "./text-limit";

/** Bounds of one captured field. */
export interface SerializeLimits {
  /** Longest text that comes out, in UTF-8 bytes, the mark of the cut included. */
  readonly maxBytes: number;
  /** Takes the media in the value, whose tokens then stand in the text. Without, they stay in it. */
  readonly media?: MediaCollector | undefined;
}

/**
 * Value → bounded text, as a snapshot: what the caller changes later does not show. Strings stay as
 * they are, everything else becomes JSON text. Total: never throws, whatever getters, proxies and
 * `toJSON` do.
 * @returns undefined for undefined and null, which mean "no value" on the wire
 * Spec: langfuse-contract, section 12.2 (`langfuse.observation.input`)
 */
export function serialize(value: unknown, limits: SerializeLimits): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "boolean" || isPlainNumber(value)) return String(value);
  const text = typeof value === "string" ? serializeText(value, limits) : toJson(value, limits);
  limits.media?.keep(text);
  return text;
}

/** What JSON writes as `String` does: all but NaN and the infinities, which have no JSON. */
function isPlainNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function serializeText(text: string, { maxBytes, media }: SerializeLimits): string {
  return cutText(media === undefined ? text : replaceDataUris(text, media, maxBytes), maxBytes);
}

function toJson(value: unknown, { maxBytes, media }: SerializeLimits): string {
  const json = cleanJson(
    plainJson(value, maxBytes, media) ?? describedJson(value, maxBytes, media),
  );
  // Three bytes a unit at the most: short texts need no second look.
  return json.length * 3 <= maxBytes ? json : cutText(json, maxBytes);
}

/** @returns undefined where the value is not plain */
function plainJson(
  value: unknown,
  maxBytes: number,
  media: MediaCollector | undefined,
): string | undefined {
  try {
    if (!isPlainJson(value, { maxBytes, findsMedia: media !== undefined })) return undefined;
    // Typed as a string, but undefined where a proxy has a toJSON.
    const text: string | undefined = JSON.stringify(value);
    return text === undefined || media === undefined
      ? text
      : replaceDataUris(text, media, maxBytes);
  } catch {
    return undefined; // a proxy or getter threw while being looked at; the describing path survives that
  }
}

function describedJson(
  value: unknown,
  maxBytes: number,
  media: MediaCollector | undefined,
): string {
  try {
    // Undefined where somebody gave all lists a toJSON that returns it.
    const text: string | undefined = JSON.stringify(
      describeValue(value, { budgetBytes: maxBytes, media }),
    );
    return text ?? '"[not serializable]"';
  } catch (error) {
    return JSON.stringify(`[not serializable: ${errorName(error)}]`);
  }
}

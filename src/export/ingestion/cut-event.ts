import { cutBytes } from "../cut-bytes";
import { isJsonObject } from "./captured-json";
import type { IngestionEvent } from "./ingestion-event";

/** Fields of a body that hold captured content, and so may be long. Metadata is cut key by key. */
const CONTENT_FIELDS = new Set(["input", "output", "statusMessage", "comment"]);
/** Shorter fields are never cut. In bytes. */
const MIN_CUT_BYTES = 256;
/** How much shorter the fields get from one attempt to the next, at least. */
const MAX_STEP = 0.75;

/**
 * An event as JSON text. Where that is too long, the longest of its content is cut, with the mark of
 * a cut: content that was JSON becomes text then.
 * @param maxBytes - of the text
 * @returns undefined when it cannot fit
 */
export function cutEvent(event: IngestionEvent, maxBytes: number): string | undefined {
  let text = JSON.stringify(event);
  let limit = maxBytes;
  for (;;) {
    const byteLength = Buffer.byteLength(text);
    if (byteLength <= maxBytes) return text;
    // Escapes in JSON make a text up to six times longer, so its length cannot be told beforehand.
    limit = Math.floor(limit * Math.min(MAX_STEP, maxBytes / byteLength));
    if (limit < MIN_CUT_BYTES) return undefined;
    text = JSON.stringify({ ...event, body: cutMembers(event.body, limit, CONTENT_FIELDS) });
  }
}

/** @param fields - undefined: all */
function cutMembers(
  members: object,
  maxBytes: number,
  fields: ReadonlySet<string> | undefined,
): object {
  return Object.fromEntries(
    Object.entries(members).map(([key, value]: [string, unknown]) => {
      if (fields === undefined || fields.has(key)) return [key, cutValue(value, maxBytes)];
      const isMetadata = key === "metadata" && isJsonObject(value);
      return [key, isMetadata ? cutMembers(value, maxBytes, undefined) : value];
    }),
  );
}

function cutValue(value: unknown, maxBytes: number): unknown {
  if (value === undefined) return undefined;
  const bytes = Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
  return bytes.length <= maxBytes ? value : cutBytes(bytes, maxBytes).toString();
}

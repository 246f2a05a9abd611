import { hasMoreJsonSigns } from "./json-signs";

/** Spans that one request may have. */
export const MAX_SPANS_PER_REQUEST = 100_000;

/**
 * What else a request may have, counted together: resources, scopes, events, attributes, and values
 * in lists and maps.
 */
export const MAX_ENTRIES_PER_REQUEST = 1_000_000;

/**
 * Opening brackets and commas that a request in JSON may have outside of its strings: as many as
 * all spans and entries that are allowed take, so none is refused for its signs alone.
 */
export const MAX_JSON_SIGNS = 8_000_000;

/** The body is an OTLP request, but of more parts than one request may have. */
export class OtlpTooLargeError extends Error {
  override readonly name = "OtlpTooLargeError";
}

/**
 * Counts the parts of one request while they are decoded. Its bytes do not bound the memory that it
 * takes: an empty span is two bytes on the wire, and an object with a list and a map here.
 */
export class RequestParts {
  #spanCount = 0;
  #entryCount = 0;

  /** @throws OtlpTooLargeError for one span too many */
  addSpans(count: number): void {
    this.#spanCount += count;
    if (this.#spanCount > MAX_SPANS_PER_REQUEST) throw tooMany(MAX_SPANS_PER_REQUEST, "spans");
  }

  /** @throws OtlpTooLargeError for one entry too many */
  addEntries(count: number): void {
    this.#entryCount += count;
    if (this.#entryCount > MAX_ENTRIES_PER_REQUEST) {
      throw tooMany(MAX_ENTRIES_PER_REQUEST, "events, attributes and values in lists");
    }
  }
}

/** @throws OtlpTooLargeError for one sign too many, before the text is parsed */
export function checkJsonSigns(json: Uint8Array): void {
  if (!hasMoreJsonSigns(json, MAX_JSON_SIGNS)) return;
  throw tooMany(MAX_JSON_SIGNS, "objects, lists and their members");
}

function tooMany(max: number, what: string): OtlpTooLargeError {
  return new OtlpTooLargeError(
    `Expected at most ${max} ${what} in one request, got more. Nothing of it is stored: send it in parts.`,
  );
}

/** Says in a session file what it is, as its `format`. */
export const SESSION_FILE_FORMAT = "playhead.session";

/** Largest session file that is imported in one request, packed or not, in bytes: 128 MiB. */
export const MAX_IMPORT_BYTES = 128 * 1024 * 1024;

/**
 * Opening brackets and commas that it may have outside of its strings: one in 8 of its bytes where it
 * is as large as may be. Many small numbers have more, as `1,2,3` does, and are imported by parts.
 */
export const MAX_IMPORT_SIGNS = 16_000_000;

/** Of a larger one, lines that are imported in one request: 32 MiB, with as many signs in proportion. */
export const IMPORT_PART = { maxBytes: 32 * 1024 * 1024, maxSigns: 4_000_000 } as const;

/** `POST /api/studio/import`, with a session file as its body: how much was in it; 400 and 413 `{ message }`. */
export interface SessionImport {
  readonly sessionId: string;
  readonly traceCount: number;
  readonly observationCount: number;
  readonly scoreCount: number;
  readonly commentCount: number;
  readonly mediaCount: number;
}

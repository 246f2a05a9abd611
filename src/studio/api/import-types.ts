/** Says in a session file what it is, as its `format`. */
export const SESSION_FILE_FORMAT = "playhead.session";

/** Largest session file that is imported in one request, packed or not, in bytes: 128 MiB. */
export const MAX_IMPORT_BYTES = 128 * 1024 * 1024;

/** Of a larger one, lines that are imported in one request, in bytes: 32 MiB. */
export const MAX_IMPORT_PART_BYTES = 32 * 1024 * 1024;

/** `POST /api/studio/import`, with a session file as its body: how much was in it; 400 and 413 `{ message }`. */
export interface SessionImport {
  readonly sessionId: string;
  readonly traceCount: number;
  readonly observationCount: number;
  readonly scoreCount: number;
  readonly commentCount: number;
  readonly mediaCount: number;
}

/** Says in a session file what it is, as its `format`. */
export const SESSION_FILE_FORMAT = "playhead.session";

/** `POST /api/studio/import`, with a session file as its body: how much was in it; 400 and 413 `{ message }`. */
export interface SessionImport {
  readonly sessionId: string;
  readonly traceCount: number;
  readonly observationCount: number;
  readonly scoreCount: number;
  readonly commentCount: number;
  readonly mediaCount: number;
}

/** Addresses of this API that name an id, for the page and for whoever else reads it. */

/** `GET` gives a `SessionDetail`. */
export function sessionApiPath(sessionId: string): string {
  return `/api/studio/${withId("session", sessionId)}`;
}

/** `PUT` sets the bookmark, `DELETE` takes it away; both give a `Bookmark`. */
export function bookmarkApiPath(sessionId: string): string {
  const [path, query] = sessionApiPath(sessionId).split("?");
  return query === undefined ? `${path}/bookmark` : `${path}/bookmark?${query}`;
}

/** `GET` gives a `SessionOutline`. */
export function sessionOutlineApiPath(sessionId: string): string {
  return `/api/studio/session-outline?id=${encodeURIComponent(sessionId)}`;
}

/**
 * `GET` gives a file; see docs/studio.md.
 * @param redact - presets; only for a format that is not to be imported
 */
export function sessionExportApiPath(
  sessionId: string,
  format: string,
  redact: readonly string[] = [],
): string {
  const path = `/api/studio/session-export?id=${encodeURIComponent(sessionId)}&format=${format}`;
  return redact.length === 0 ? path : `${path}&redact=${redact.join(",")}`;
}

/** `GET` gives a `TurnList`. */
export function turnsApiPath(traceIds: readonly string[]): string {
  return `/api/studio/turns?${traceIds.map((id) => `id=${encodeURIComponent(id)}`).join("&")}`;
}

/** `GET` gives a `Turn`. */
export function traceApiPath(traceId: string): string {
  return `/api/studio/${withId("trace", traceId)}`;
}

/**
 * `sessions/chat-1`, and `session?id=..` for the two ids that cannot stand in a path: there every
 * URL parser takes `.` and `..` for steps between folders, encoded or not.
 * Spec: https://url.spec.whatwg.org/#double-dot-path-segment
 */
export function withId(kind: "session" | "trace", id: string): string {
  return id === "." || id === ".." ? `${kind}?id=${id}` : `${kind}s/${encodeURIComponent(id)}`;
}

/** `GET` gives a `TraceOutline`. */
export function traceOutlineApiPath(traceId: string): string {
  return `/api/studio/trace-outline?id=${encodeURIComponent(traceId)}`;
}

/** `GET` gives an `ObservationView`. */
export function observationApiPath(traceId: string, id: string): string {
  const query = `traceId=${encodeURIComponent(traceId)}&id=${encodeURIComponent(id)}`;
  return `/api/studio/observation?${query}`;
}

/** `GET` gives `SessionFigures`. */
export function sessionFiguresApiPath(sessionId: string): string {
  return `/api/studio/session-figures?id=${encodeURIComponent(sessionId)}`;
}

/** As {@link publicationsApiPath} asks for. */
export const PUBLICATIONS_PER_PAGE = 100;

/**
 * `GET` gives a `PublicationList`: the newest {@link PUBLICATIONS_PER_PAGE}, and those before them
 * with `&page=2`.
 */
export function publicationsApiPath(sessionId: string): string {
  const query = `sessionId=${encodeURIComponent(sessionId)}&limit=${PUBLICATIONS_PER_PAGE}`;
  return `/api/studio/publications?${query}`;
}

/** `DELETE` revokes it. @param name - who does, as they call themselves; may be empty */
export function publicationApiPath(id: string, name: string): string {
  return `/api/studio/publications/${encodeURIComponent(id)}?name=${encodeURIComponent(name)}`;
}

/** Where comments are written; those of one thing are listed at {@link commentsOfApiPath}. */
export const COMMENTS_API_PATH = "/api/public/comments";

/** As {@link commentsOfApiPath} asks for. */
export const COMMENTS_PER_PAGE = 100;

/**
 * `GET` gives {@link COMMENTS_PER_PAGE} of them, oldest first.
 * @param page - from 1
 */
export function commentsOfApiPath(
  objectType: "SESSION" | "TRACE" | "OBSERVATION",
  objectId: string,
  page = 1,
): string {
  const limit = String(COMMENTS_PER_PAGE);
  const query = new URLSearchParams({ objectType, objectId, limit, page: String(page) });
  return `${COMMENTS_API_PATH}?${query}`;
}

/** Where score configurations are made; a page of 100 of them is at {@link scoreConfigsApiPath}. */
export const SCORE_CONFIGS_API_PATH = "/api/public/score-configs";

/** @param page - from 1 */
export function scoreConfigsApiPath(page: number): string {
  return `${SCORE_CONFIGS_API_PATH}?limit=100&page=${page}`;
}

/** `PATCH` changes it. */
export function scoreConfigApiPath(id: string): string {
  return `${SCORE_CONFIGS_API_PATH}/${encodeURIComponent(id)}`;
}

/** Where scores are written; one is deleted at {@link scoreApiPath}. */
export const SCORES_API_PATH = "/api/public/scores";

export function scoreApiPath(id: string): string {
  return `${SCORES_API_PATH}/${encodeURIComponent(id)}`;
}

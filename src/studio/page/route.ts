/** The views of the page. Ids are as captured, not encoded. */
export type Route =
  | { readonly view: "sessions" }
  | { readonly view: "session"; readonly sessionId: string }
  | { readonly view: "traces" }
  | { readonly view: "trace"; readonly traceId: string }
  | { readonly view: "not-found"; readonly path: string };

/**
 * The view an address names. `/project/{anything}/sessions/{id}` and `/project/{anything}/traces/{id}`
 * are the links other clients of the protocol print; they open the same views.
 */
export function parseRoute(path: string): Route {
  const local = path.replace(/^\/project\/[^/]*(?=\/)/, "").replace(/\/+$/, "");
  if (local === "" || local === "/sessions") return { view: "sessions" };
  if (local === "/traces") return { view: "traces" };
  const match = /^\/(sessions|traces)\/(.+)$/s.exec(local);
  const id = match?.[2];
  if (id === undefined) return { view: "not-found", path };
  return match?.[1] === "sessions"
    ? { view: "session", sessionId: decoded(id) }
    : { view: "trace", traceId: decoded(id) };
}

export function sessionPath(sessionId: string): string {
  return `/sessions/${encodeURIComponent(sessionId)}`;
}

export function tracePath(traceId: string): string {
  return `/traces/${encodeURIComponent(traceId)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a bare `%` in an address typed by hand
  }
}

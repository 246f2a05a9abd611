import { withId } from "../api/paths";
import { publicPath } from "./public-view";

/** The views of the page. Ids are as captured, not encoded. */
export type Route =
  | { readonly view: "sessions" }
  | { readonly view: "session"; readonly sessionId: string }
  | { readonly view: "traces" }
  | { readonly view: "trace"; readonly traceId: string }
  | { readonly view: "models" }
  | {
      readonly view: "compare";
      readonly kind: "session" | "trace";
      readonly a: string;
      readonly b: string;
    }
  | { readonly view: "score-configs" }
  /** A published session, or with an id one of its traces. */
  | { readonly view: "public"; readonly traceId: string | null }
  | { readonly view: "not-found"; readonly path: string };

/**
 * The view an address names. `/project/{anything}/sessions/{id}` and `/project/{anything}/traces/{id}`
 * are the links other clients of the protocol print; they open the same views.
 * @param address - path and query, as in the address bar
 */
export function parseRoute(address: string): Route {
  const [path = "", query] = address.split("?", 2);
  const local = path.replace(/^\/project\/[^/]*(?=\/)/, "").replace(/\/+$/, "");
  if (local === "" || local === "/sessions") return { view: "sessions" };
  if (local === "/traces") return { view: "traces" };
  if (local === "/models") return { view: "models" };
  const parameters = new URLSearchParams(query);
  const [a, b] = [parameters.get("a"), parameters.get("b")];
  if (local === "/compare" && a && b) {
    const kind = parameters.get("of") === "traces" ? "trace" : "session";
    return { view: "compare", kind, a, b };
  }
  if (local === "/score-configs") return { view: "score-configs" };
  const named = parameters.get("id");
  const published = /^\/public\/[\w-]+(\/trace)?$/.exec(local);
  if (published) return { view: "public", traceId: published[1] === undefined ? null : named };
  if (local === "/session" && named) return { view: "session", sessionId: named };
  if (local === "/trace" && named) return { view: "trace", traceId: named };
  const match = /^\/(sessions|traces)\/(.+)$/s.exec(local);
  const id = match?.[2];
  if (id === undefined) return { view: "not-found", path };
  return match?.[1] === "sessions"
    ? { view: "session", sessionId: decoded(id) }
    : { view: "trace", traceId: decoded(id) };
}

/** At a public address that address. @param traceId - of the turn to begin at */
export function sessionPath(sessionId: string, traceId: string | null = null): string {
  const path = publicPath() ?? `/${withId("session", sessionId)}`;
  return withParameter(path, "trace", traceId);
}

/** @param observationId - of the step whose details are open */
export function tracePath(traceId: string, observationId: string | null = null): string {
  const path =
    publicPath(`/trace?id=${encodeURIComponent(traceId)}`) ?? `/${withId("trace", traceId)}`;
  return withParameter(path, "observation", observationId);
}

function withParameter(path: string, name: string, value: string | null): string {
  if (value === null) return path;
  return `${path}${path.includes("?") ? "&" : "?"}${name}=${encodeURIComponent(value)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a bare `%` in an address typed by hand
  }
}

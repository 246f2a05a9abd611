import { Hono } from "hono";
import type { Store } from "../store/store";
import { pageQuery, parseQuery } from "./query";
import { sessionDetail, sessionSummary, traceSummary, turnOf } from "./studio-views";
import type { SessionList, TraceList } from "./types";

export interface StudioRoutesOptions {
  readonly store: Store;
  /** A new stream of change events. */
  readonly subscribe: () => ReadableStream<Uint8Array>;
}

/** The studio's own API, below `/api/studio`. */
export function createStudioRoutes({ store, subscribe }: StudioRoutesOptions): Hono {
  const routes = new Hono();

  routes.get("/sessions", (context) => {
    const query = parseQuery(pageQuery, context.req.queries());
    const { rows, ...page } = store.listSessions({ orderBy: "activity", ...query });
    return context.json({ data: rows.map(sessionSummary), ...page } satisfies SessionList);
  });

  routes.get("/sessions/:id", (context) => {
    const session = store.getSession(context.req.param("id"));
    return session === undefined
      ? context.json({ message: "No session with this id" }, 404)
      : context.json(sessionDetail(session, store));
  });

  routes.get("/traces", (context) => {
    const { rows, ...page } = store.listSessionlessTraces(
      parseQuery(pageQuery, context.req.queries()),
    );
    return context.json({ data: rows.map(traceSummary), ...page } satisfies TraceList);
  });

  routes.get("/traces/:id", (context) => {
    const trace = store.getTrace(context.req.param("id"));
    return trace === undefined
      ? context.json({ message: "No trace with this id" }, 404)
      : context.json(turnOf(trace, store));
  });

  routes.get("/events", (context) =>
    context.body(subscribe(), 200, {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-store",
    }),
  );

  return routes;
}

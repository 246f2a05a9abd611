import { type Context, Hono } from "hono";
import type { Store } from "../store/store";
import { idQuery, pageQuery, parseQuery } from "./query";
import { createSessionRoutes } from "./session-routes";
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

  const answerSession = (context: Context, id: string): Response => {
    const session = store.getSession(id);
    return session === undefined
      ? context.json({ message: "No session with this id" }, 404)
      : context.json(sessionDetail(session, store));
  };
  routes.get("/sessions/:id", (context) => answerSession(context, context.req.param("id")));
  // For ids that cannot stand in a path; see paths.ts.
  routes.get("/session", (context) =>
    answerSession(context, parseQuery(idQuery, context.req.queries()).id),
  );

  routes.route("/", createSessionRoutes(store));

  routes.get("/traces", (context) => {
    const { rows, ...page } = store.listSessionlessTraces(
      parseQuery(pageQuery, context.req.queries()),
    );
    return context.json({ data: rows.map(traceSummary), ...page } satisfies TraceList);
  });

  const answerTrace = (context: Context, id: string): Response => {
    const trace = store.getTrace(id);
    return trace === undefined
      ? context.json({ message: "No trace with this id" }, 404)
      : context.json(turnOf(trace, store));
  };
  routes.get("/traces/:id", (context) => answerTrace(context, context.req.param("id")));
  routes.get("/trace", (context) =>
    answerTrace(context, parseQuery(idQuery, context.req.queries()).id),
  );

  routes.get("/events", (context) =>
    context.body(subscribe(), 200, {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-store",
    }),
  );

  return routes;
}

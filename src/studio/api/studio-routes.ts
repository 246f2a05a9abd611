import { type Context, Hono } from "hono";
import type { Store } from "../store/store";
import { createDetailRoutes } from "./detail-routes";
import type { SetupInfo } from "./detail-types";
import { idQuery, pageQuery, parseQuery } from "./query";
import { parseSessionFilter, parseSessionListQuery } from "./session-list-query";
import { createSessionRoutes } from "./session-routes";
import { foundSessionSummary, sessionDetail, traceSummary, turnOf } from "./studio-views";
import type { Bookmark, ChangeEvent, SessionFacets, SessionList, TraceList } from "./types";

export interface StudioRoutesOptions {
  readonly store: Store;
  /** Tells all streams of a change. */
  readonly publish: (change: ChangeEvent) => void;
  readonly setup: SetupInfo;
}

/** The studio's own API, below `/api/studio`. */
export function createStudioRoutes({ store, publish, setup }: StudioRoutesOptions): Hono {
  const routes = new Hono();
  routes.route("/", createDetailRoutes({ store, setup }));

  routes.get("/sessions", (context) => {
    const { rows, ...page } = store.findSessions(parseSessionListQuery(context.req.queries()));
    return context.json({ data: rows.map(foundSessionSummary), ...page } satisfies SessionList);
  });

  routes.get("/facets", (context) =>
    context.json(
      store.sessionFacets(parseSessionFilter(context.req.queries())) satisfies SessionFacets,
    ),
  );

  const setBookmark = (context: Context, id: string): Response => {
    const isBookmarked = context.req.method === "PUT";
    const change = store.setBookmark(id, isBookmarked);
    if (change === undefined) return context.json({ message: "No session with this id" }, 404);
    publish(change);
    return context.json({ id, isBookmarked } satisfies Bookmark);
  };
  routes.on(["PUT", "DELETE"], "/sessions/:id/bookmark", (context) =>
    setBookmark(context, context.req.param("id")),
  );
  routes.on(["PUT", "DELETE"], "/session/bookmark", (context) =>
    setBookmark(context, parseQuery(idQuery, context.req.queries()).id),
  );

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

  return routes;
}

import { Hono } from "hono";
import type { Store } from "../store/store";
import { publicObservationV2 } from "./observation-fields";
import { PROJECT_ID, PROJECT_NAME } from "./project";
import type {
  PublicHealth,
  PublicObservationV2List,
  PublicProjectList,
  PublicSessionList,
  PublicSessionWithTraces,
} from "./public-types";
import { publicSession, publicTrace, publicTraceWithDetails } from "./public-views";
import { observationListQuery, parseQuery, sessionListQuery } from "./query";

/** The Langfuse-compatible reads, below `/api/public`. */
export function createPublicRoutes({ store, version }: { store: Store; version: string }): Hono {
  const routes = new Hono();

  routes.get("/health", (context) =>
    context.json({ status: "OK", version } satisfies PublicHealth),
  );

  routes.get("/projects", (context) => {
    const project = { id: PROJECT_ID, name: PROJECT_NAME };
    return context.json({
      data: [{ ...project, organization: project, metadata: {} }],
    } satisfies PublicProjectList);
  });

  routes.get("/sessions", (context) => {
    const query = parseQuery(sessionListQuery, context.req.queries());
    const { page, limit } = query;
    const { rows, totalCount } = store.listSessions({
      orderBy: "start",
      limit,
      offset: (page - 1) * limit,
      fromUs: query.fromTimestamp,
      toUs: query.toTimestamp,
      environments: query.environment,
    });
    return context.json({
      data: rows.map(publicSession),
      meta: { page, limit, totalItems: totalCount, totalPages: Math.ceil(totalCount / limit) },
    } satisfies PublicSessionList);
  });

  routes.get("/sessions/:id", (context) => {
    const session = store.getSession(context.req.param("id"));
    if (session === undefined) {
      return context.json({ message: "Session not found within authorized project" }, 404);
    }
    const traces = store
      .tracesOfSession(session.id)
      .map((trace) => publicTrace(trace, store.observationsOfTrace(trace.id)));
    return context.json({ ...publicSession(session), traces } satisfies PublicSessionWithTraces);
  });

  routes.get("/traces/:id", (context) => {
    const trace = store.getTrace(context.req.param("id"));
    return trace === undefined
      ? context.json({ message: "Trace not found within authorized project" }, 404)
      : context.json(publicTraceWithDetails(trace, store));
  });

  routes.get("/v2/observations", (context) => {
    const query = parseQuery(observationListQuery, context.req.queries());
    const { parentObservationId } = query;
    const { rows, nextCursor } = store.listObservations({
      limit: query.limit,
      cursor: query.cursor,
      type: query.type,
      name: query.name,
      userId: query.userId,
      sessionId: query.sessionId,
      traceId: query.traceId,
      level: query.level,
      version: query.version,
      parentId: parentObservationId === "" ? null : parentObservationId,
      isRoot: query.isRootObservation,
      environments: query.environment,
      fromUs: query.fromStartTime,
      toUs: query.toStartTime,
    });
    return context.json({
      data: rows.map((row) => publicObservationV2(row, query.fields)),
      meta: nextCursor === undefined ? {} : { cursor: nextCursor },
    } satisfies PublicObservationV2List);
  });

  return routes;
}

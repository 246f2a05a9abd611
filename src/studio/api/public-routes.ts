import { Hono } from "hono";
import type { Store } from "../store/store";
import { createObservationRoutes } from "./observation-routes";
import { openApiDocument } from "./openapi/document";
import { PROJECT_ID, PROJECT_NAME } from "./project";
import { notFound, numberedPage, offsetOf } from "./public-answers";
import { traceListQuery, traceQuery } from "./public-queries";
import type {
  PublicHealth,
  PublicPage,
  PublicProjectList,
  PublicSessionList,
  PublicSessionWithTraces,
  PublicTraceInList,
  PublicTraceWithDetails,
} from "./public-types";
import {
  publicSession,
  publicTrace,
  publicTraceInList,
  publicTraceWithDetails,
} from "./public-views";
import { parseQuery, sessionListQuery } from "./query";
import { createScoreRoutes } from "./score-routes";

/** The Langfuse-compatible reads, below `/api/public`. */
export function createPublicRoutes({ store, version }: { store: Store; version: string }): Hono {
  const routes = new Hono();

  // Both answer for as long as the store, which is in this process, can be asked at all.
  for (const path of ["/health", "/ready"]) {
    routes.get(path, (context) => context.json({ status: "OK", version } satisfies PublicHealth));
  }

  // The studio keeps no metrics; whoever sends them with its traces need not fail over it.
  routes.post("/otel/v1/metrics", (context) => context.json({ message: "OK" }));

  routes.get("/openapi.json", (context) => context.json(openApiDocument(version)));

  routes.get("/projects", (context) => {
    const project = { id: PROJECT_ID, name: PROJECT_NAME };
    return context.json({
      data: [{ ...project, organization: project, metadata: {} }],
    } satisfies PublicProjectList);
  });

  routes.get("/sessions", (context) => {
    const query = parseQuery(sessionListQuery, context.req.queries());
    const page = store.listSessions({
      orderBy: "start",
      limit: query.limit,
      offset: offsetOf(query),
      fromUs: query.fromTimestamp,
      toUs: query.toTimestamp,
      environments: query.environment,
    });
    return context.json(numberedPage(page, query, publicSession) satisfies PublicSessionList);
  });

  routes.get("/sessions/:id", (context) => {
    const session = store.getSession(context.req.param("id"));
    if (session === undefined) {
      return context.json(notFound("Session not found within authorized project"), 404);
    }
    const traces = store
      .tracesOfSession(session.id)
      .map((trace) => publicTrace(trace, store.traces.contentOf(trace)));
    return context.json({ ...publicSession(session), traces } satisfies PublicSessionWithTraces);
  });

  routes.get("/traces", (context) => {
    const query = parseQuery(traceListQuery, context.req.queries());
    const page = store.traces.list({
      limit: query.limit,
      offset: offsetOf(query),
      orderBy: query.orderBy,
      filters: query.filter,
      userId: query.userId,
      name: query.name,
      sessionId: query.sessionId,
      version: query.version,
      release: query.release,
      tags: query.tags,
      environments: query.environment,
      fromUs: query.fromTimestamp,
      toUs: query.toTimestamp,
    });
    const show = (trace: (typeof page.rows)[number]): PublicTraceInList =>
      publicTraceInList(trace, store, query.fields);
    return context.json(numberedPage(page, query, show) satisfies PublicPage<PublicTraceInList>);
  });

  routes.get("/traces/:id", (context) => {
    const { fields } = parseQuery(traceQuery, context.req.queries());
    const id = context.req.param("id");
    const trace = store.getTrace(id);
    if (trace === undefined) {
      return context.json(notFound(`Trace ${id} not found within authorized project`), 404);
    }
    return context.json(
      publicTraceWithDetails(trace, store, fields) satisfies PublicTraceWithDetails,
    );
  });

  routes.route("/", createObservationRoutes(store));
  routes.route("/", createScoreRoutes(store));
  return routes;
}

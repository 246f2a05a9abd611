import { Hono } from "hono";
import type { Store } from "../store/store";
import { isTraceRow } from "../store/trace-row";
import { publicObservationV2 } from "./observation-fields";
import { notFound, numberedPage, offsetOf } from "./public-answers";
import { observationListQueryV1 } from "./public-queries";
import type { PublicObservation, PublicObservationV2List, PublicPage } from "./public-types";
import { publicObservation } from "./public-views";
import { observationListQuery, parseQuery } from "./query";

/** Reads of observations, below `/api/public`. */
export function createObservationRoutes(store: Store): Hono {
  const routes = new Hono();

  routes.get("/observations", (context) => {
    const query = parseQuery(observationListQueryV1, context.req.queries());
    const page = store.listObservations({
      limit: query.limit,
      offset: offsetOf(query),
      isCounted: true,
      isOfVersion1: true,
      filters: query.filter,
      type: query.type,
      name: query.name,
      traceUserId: query.userId,
      level: query.level,
      traceId: query.traceId,
      version: query.version,
      parentId: query.parentObservationId,
      environments: query.environment,
      fromUs: query.fromStartTime,
      toUs: query.toStartTime,
    });
    return context.json(
      numberedPage(page, query, publicObservation) satisfies PublicPage<PublicObservation>,
    );
  });

  routes.get("/observations/:id", (context) => {
    const observation = store.traces.findObservation(context.req.param("id"));
    return observation === undefined || isTraceRow(observation)
      ? context.json(notFound("Observation not found within authorized project"), 404)
      : context.json(publicObservation(observation));
  });

  routes.get("/v2/observations", (context) => {
    const query = parseQuery(observationListQuery, context.req.queries());
    const { parentObservationId, fields, expandMetadata = [] } = query;
    const { rows, nextCursor } = store.listObservations({
      limit: query.limit,
      cursor: query.cursor,
      isWithoutIo: !fields.includes("io"),
      filters: query.filter,
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
      data: rows.map((row) => publicObservationV2(row, fields, expandMetadata)),
      meta: nextCursor === undefined ? {} : { cursor: nextCursor },
    } satisfies PublicObservationV2List);
  });

  return routes;
}

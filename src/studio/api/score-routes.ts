import { type Context, Hono } from "hono";
import type * as z from "zod/mini";
import type { ScoreDataType, ScoreRecord } from "../store/records";
import type { ScoreQuery } from "../store/score-queries";
import type { Store } from "../store/store";
import { notFound, numberedPage, offsetOf } from "./public-answers";
import { scoreListQuery, scoreListQueryV3 } from "./public-queries";
import type { PublicScoreListV3 } from "./public-score-types";
import { parseQuery } from "./query";
import { publicScoreV1, publicScoreV2, publicScoreV3, scoreTrace } from "./score-views";

/** Version 1 is older than corrections. */
const DATA_TYPES_V1: readonly ScoreDataType[] = ["NUMERIC", "CATEGORICAL", "BOOLEAN", "TEXT"];

const NOT_FOUND = notFound("Score not found within authorized project");

/** Reads of scores in their three versions, below `/api/public`. */
export function createScoreRoutes(store: Store): Hono {
  const routes = new Hono();

  const list = (
    context: Context,
    only: Pick<ScoreQuery, "isOfTrace" | "dataTypes">,
    show: (score: ScoreRecord) => object,
  ): Response => {
    const query = parseQuery(scoreListQuery, context.req.queries());
    const page = store.scores.list({
      ...filtersOf(query),
      isOfTrace: only.isOfTrace,
      dataTypes: bothOf(only.dataTypes, query),
      limit: query.limit,
      offset: offsetOf(query),
      isCounted: true,
    });
    const isWithTrace = query.fields.includes("trace");
    const showRow = (score: ScoreRecord): object =>
      isWithTrace ? { ...show(score), trace: scoreTrace(score, store) } : show(score);
    return context.json(numberedPage(page, query, showRow));
  };

  routes.get("/scores", (context) =>
    list(context, { isOfTrace: true, dataTypes: DATA_TYPES_V1 }, publicScoreV1),
  );
  routes.get("/v2/scores", (context) => list(context, {}, publicScoreV2));

  routes.get("/scores/:id", (context) => {
    const score = store.scores.get(context.req.param("id"));
    const isShown = score?.traceId != null && DATA_TYPES_V1.includes(score.dataType);
    return isShown ? context.json(publicScoreV1(score)) : context.json(NOT_FOUND, 404);
  });
  routes.get("/v2/scores/:id", (context) => {
    const score = store.scores.get(context.req.param("id"));
    return score === undefined ? context.json(NOT_FOUND, 404) : context.json(publicScoreV2(score));
  });

  routes.get("/v3/scores", (context) => {
    const query = parseQuery(scoreListQueryV3, context.req.queries());
    const { rows, nextCursor } = store.scores.list({
      limit: query.limit,
      cursor: query.cursor,
      ids: query.id,
      names: query.name,
      sources: query.source,
      dataTypes: query.dataType,
      environments: query.environment,
      configIds: query.configId,
      queueIds: query.queueId,
      authorUserIds: query.authorUserId,
      values: valuesOf(query),
      valueMin: query.valueMin,
      valueMax: query.valueMax,
      traceIds: query.traceId,
      sessionIds: query.sessionId,
      observationIds: query.observationId,
      datasetRunIds: query.experimentId,
      fromUs: query.fromTimestamp,
      toUs: query.toTimestamp,
    });
    return context.json({
      data: rows.map((score) => publicScoreV3(score, query.fields)),
      meta: { limit: query.limit, ...(nextCursor === undefined ? {} : { cursor: nextCursor }) },
    } satisfies PublicScoreListV3);
  });

  return routes;
}

/** The data types that the version shows and that are asked for. */
function bothOf(
  shown: readonly ScoreDataType[] | undefined,
  { dataType, filter }: z.infer<typeof scoreListQuery>,
): readonly ScoreDataType[] | undefined {
  if (dataType === undefined || filter !== undefined) return shown;
  return shown === undefined || shown.includes(dataType) ? [dataType] : [];
}

/** What versions 1 and 2 ask of the store, without their page and data types. */
function filtersOf(query: z.infer<typeof scoreListQuery>): Omit<ScoreQuery, "limit"> {
  const { operator, value } = query;
  const one = (entry: string | undefined): string[] | undefined =>
    entry === undefined ? undefined : [entry];
  return {
    filters: query.filter,
    ids: query.scoreIds,
    names: one(query.name),
    sources: one(query.source),
    environments: query.environment,
    configIds: one(query.configId),
    queueIds: one(query.queueId),
    traceIds: one(query.traceId),
    observationIds: query.observationId,
    sessionIds: one(query.sessionId),
    datasetRunIds: one(query.datasetRunId),
    // The one says nothing without the other.
    comparison: operator !== undefined && value !== undefined ? { operator, value } : undefined,
    userId: query.userId,
    traceTags: query.traceTags,
    fromUs: query.fromTimestamp,
    toUs: query.toTimestamp,
  };
}

function valuesOf({
  value,
  dataType,
}: z.infer<typeof scoreListQueryV3>): readonly (number | string)[] | undefined {
  switch (dataType?.[0]) {
    case "NUMERIC":
      return value?.map(Number);
    case "BOOLEAN":
      return value?.map((text) => (text === "true" ? 1 : 0));
    default:
      return value;
  }
}

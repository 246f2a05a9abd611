/** Query parameters of the Langfuse-compatible lists. Spec: langfuse-contract, sections 4 and 5 */

import * as z from "zod/mini";
import { OBSERVATION_LEVELS } from "../../attributes/observation-types";
import { COMMENT_OBJECT_TYPES } from "../store/comment-store";
import {
  OBSERVATION_FILTER_COLUMNS_V1,
  SCORE_FILTER_COLUMNS,
  TRACE_FILTER_COLUMNS,
} from "../store/filter-columns";
import { SCORE_DATA_TYPES } from "../store/records";
import { SCORE_VALUE_OPERATORS } from "../store/score-queries";
import { TRACE_ORDER_FIELDS, type TraceOrder } from "../store/trace-queries";
import { filterParameter } from "./filter-parameter";
import {
  absentWhenEmpty,
  anyOf,
  commaList,
  cursor,
  decimal,
  pageParameters,
  text,
  time,
  upperCaseList,
} from "./parameters";
import { SCORE_FIELD_GROUPS } from "./public-score-types";
import { TRACE_FIELD_GROUPS } from "./public-types";
import { observationType } from "./query";

export const numberedPageQuery = z.object(pageParameters);

const traceFields = z._default(absentWhenEmpty(commaList(z.enum(TRACE_FIELD_GROUPS))), [
  ...TRACE_FIELD_GROUPS,
]);

export const traceQuery = z.object({ fields: traceFields });

/** `timestamp.asc` */
const orderBy = absentWhenEmpty(
  z.pipe(
    z.templateLiteral([z.enum(TRACE_ORDER_FIELDS), ".", z.enum(["asc", "desc"])]),
    z.transform((value): TraceOrder => {
      const [field, direction] = value.split(".");
      return {
        field: field as TraceOrder["field"], // the template names nothing else
        direction: direction === "asc" ? "ASC" : "DESC",
      };
    }),
  ),
);

export const traceListQuery = z.object({
  ...pageParameters,
  fields: traceFields,
  userId: text,
  name: text,
  sessionId: text,
  version: text,
  release: text,
  tags: anyOf,
  environment: anyOf,
  fromTimestamp: time,
  toTimestamp: time,
  orderBy,
  filter: filterParameter(TRACE_FILTER_COLUMNS),
});

export const observationListQueryV1 = z.object({
  ...pageParameters,
  type: observationType,
  name: text,
  userId: text,
  level: absentWhenEmpty(z.enum(OBSERVATION_LEVELS)),
  traceId: text,
  version: text,
  parentObservationId: text,
  environment: anyOf,
  fromStartTime: time,
  toStartTime: time,
  filter: filterParameter(OBSERVATION_FILTER_COLUMNS_V1),
});

const dataType = z.enum(SCORE_DATA_TYPES);
const entries = absentWhenEmpty(commaList(z.string()));

/** Of versions 1 and 2, which differ in the scores that they show. */
export const scoreListQuery = z
  .object({
    ...pageParameters,
    fields: z._default(absentWhenEmpty(commaList(z.enum(["score", "trace"]))), ["score", "trace"]),
    userId: text,
    name: text,
    source: text,
    dataType: absentWhenEmpty(dataType),
    environment: anyOf,
    configId: text,
    queueId: text,
    traceId: text,
    sessionId: text,
    datasetRunId: text,
    observationId: entries,
    scoreIds: entries,
    traceTags: anyOf,
    operator: absentWhenEmpty(z.enum(SCORE_VALUE_OPERATORS)),
    value: decimal,
    fromTimestamp: time,
    toTimestamp: time,
    filter: filterParameter(SCORE_FILTER_COLUMNS),
  })
  .check((context) => {
    const { fields, userId, traceTags } = context.value;
    if (!fields.includes("trace") && (userId !== undefined || traceTags !== undefined)) {
      const message =
        "Expected the field group trace together with a filter by userId or traceTags";
      context.issues.push({ code: "custom", path: ["fields"], message, input: context.value });
    }
  });

export const scoreListQueryV3 = z
  .strictObject({
    limit: pageParameters.limit,
    cursor,
    fields: z._default(absentWhenEmpty(commaList(z.enum(SCORE_FIELD_GROUPS))), ["core"]),
    id: entries,
    name: entries,
    source: absentWhenEmpty(upperCaseList(z.enum(["API", "ANNOTATION", "EVAL"]))),
    dataType: absentWhenEmpty(upperCaseList(dataType)),
    environment: entries,
    configId: entries,
    queueId: entries,
    authorUserId: entries,
    value: entries,
    valueMin: decimal,
    valueMax: decimal,
    traceId: entries,
    sessionId: entries,
    observationId: entries,
    experimentId: entries,
    fromTimestamp: time,
    toTimestamp: time,
  })
  .check((context) => {
    for (const [path, message] of problemsOfV3(context.value)) {
      context.issues.push({ code: "custom", path: [path], message, input: context.value });
    }
  });

interface V3Filters {
  readonly dataType?: readonly string[] | undefined;
  readonly value?: readonly string[] | undefined;
  readonly valueMin?: number | undefined;
  readonly valueMax?: number | undefined;
  readonly traceId?: readonly string[] | undefined;
  readonly sessionId?: readonly string[] | undefined;
  readonly observationId?: readonly string[] | undefined;
  readonly experimentId?: readonly string[] | undefined;
}

/** Rules across parameters, as `[parameter, message]`. */
function* problemsOfV3(query: V3Filters): Generator<[string, string]> {
  const targets = ["traceId", "sessionId", "experimentId"] as const;
  const given = targets.filter((name) => query[name] !== undefined);
  if (given.length > 1) {
    yield [
      given[1] ?? "",
      `Expected at most one of ${targets.join(", ")}, got ${given.join(", ")}`,
    ];
  }
  if (query.observationId !== undefined && query.traceId === undefined) {
    yield ["observationId", "Expected traceId together with observationId"];
  }
  const [only, ...others] = query.dataType ?? [];
  const single = others.length === 0 ? only : undefined;
  for (const name of ["valueMin", "valueMax"] as const) {
    if (query[name] !== undefined && single !== "NUMERIC") {
      yield [name, `Expected dataType=NUMERIC together with ${name}`];
    }
  }
  for (const value of query.value ?? []) {
    if (single === "BOOLEAN" && value !== "true" && value !== "false") {
      yield ["value", `Expected true or false for dataType=BOOLEAN, got ${value}`];
    } else if (single === "NUMERIC" && !Number.isFinite(Number(value))) {
      yield ["value", `Expected numbers for dataType=NUMERIC, got ${value}`];
    } else if (single !== "BOOLEAN" && single !== "NUMERIC" && single !== "CATEGORICAL") {
      yield ["value", "Expected a single dataType of NUMERIC, BOOLEAN, CATEGORICAL with value"];
    }
  }
}

export const commentListQuery = z
  .strictObject({
    ...pageParameters,
    objectType: absentWhenEmpty(z.enum(COMMENT_OBJECT_TYPES)),
    objectId: text,
    authorUserId: text,
    fromTimestamp: time,
    toTimestamp: time,
  })
  .check((context) => {
    const { objectId, objectType } = context.value;
    if (objectId !== undefined && objectType === undefined) {
      const message = "objectType is required when objectId is provided";
      context.issues.push({ code: "custom", path: ["objectType"], message, input: context.value });
    }
  });

import { randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { describeIssue } from "../api/issues";
import { parseJson } from "../store/json-text";
import { SCORE_DATA_TYPES, type ScoreDataType, type ScoreRecord } from "../store/records";
import { normalizeEnvironment } from "./environment";
import { MAX_ID_LENGTH } from "./otlp-types";
import {
  type KnownScores,
  scoreConfigIssues,
  unknownConfigIssues,
  withConfigValue,
} from "./score-config-rules";

const id = z.string().check(z.minLength(1), z.maxLength(MAX_ID_LENGTH), z.regex(/^[^\r]*$/));
const target = z.nullish(z.string().check(z.minLength(1)));
/** An empty one names none. */
const idOrNone = z.nullish(
  z.pipe(
    z.string(),
    z.transform((text) => text || null),
  ),
);

/** Longest value of a TEXT score, in characters. */
const MAX_TEXT_SCORE_LENGTH = 500;

/** Who a score may come from: evaluators of the server write by the batch alone. */
const SOURCES = {
  route: ["API", "ANNOTATION"],
  batch: ["API", "ANNOTATION", "EVAL"],
} as const;

const schemaFor = (way: keyof typeof SOURCES) =>
  z
    .object({
      id: z.nullish(id),
      name: z.string().check(z.minLength(1)),
      value: z.union([z.number(), z.string()]),
      dataType: z.nullish(z.enum(SCORE_DATA_TYPES)),
      comment: z.nullish(z.string()),
      metadata: z.nullish(z.record(z.string(), z.json())),
      source: z.nullish(z.enum(SOURCES[way])),
      environment: z.nullish(z.string()),
      configId: idOrNone,
      queueId: z.nullish(z.string()),
      traceId: target,
      observationId: target,
      sessionId: target,
      datasetRunId: target,
      timestamp: z.nullish(z.iso.datetime({ offset: true })),
    })
    .check((context) => {
      for (const [path, message] of problemsOf(context.value)) {
        context.issues.push({ code: "custom", path: [path], message, input: context.value });
      }
    });

const bodySchemas = { route: schemaFor("route"), batch: schemaFor("batch") };

type ScoreBody = z.infer<typeof bodySchemas.batch>;

export type ParsedScore =
  | { readonly isValid: true; readonly score: ScoreRecord }
  | { readonly isValid: false; readonly issues: readonly unknown[] };

/** Configs may be anywhere, and there are no scores yet. */
const NOTHING_KNOWN: KnownScores = {
  configOf: () => undefined,
  isBinding: false,
  scoreOf: () => undefined,
};

/**
 * Reads the body of `POST /api/public/scores`, or of a score in a batch, and holds it to its config: a
 * type that is not given is the config's then.
 * Spec: https://api.reference.langfuse.com/#tag/score/post/api/public/scores
 */
export function parseScore(
  text: string,
  nowMs: number,
  way: keyof typeof SOURCES = "route",
  known = NOTHING_KNOWN,
): ParsedScore {
  const result = bodySchemas[way].safeParse(parseJson(text), { error: describeIssue });
  if (!result.success) return { isValid: false, issues: result.error.issues };
  const { configId } = result.data;
  const config = configId == null ? undefined : known.configOf(configId);
  if (!known.isBinding) {
    const score = toRecord(result.data, nowMs);
    return checked(config === undefined ? score : withConfigValue(score, config), []);
  }
  if (config === undefined) {
    const score = toRecord(result.data, nowMs);
    return checked(score, [...unknownConfigIssues(score, known)]);
  }
  const body = { ...result.data, dataType: result.data.dataType ?? config.dataType };
  const score = toRecord(body, nowMs);
  return checked(withConfigValue(score, config), [
    ...problemsOf(body),
    ...scoreConfigIssues(score, config, known.scoreOf(score.id)),
  ]);
}

/** @param problems - as `[field, message]` */
function checked(
  score: ScoreRecord,
  problems: readonly (readonly [string, string])[],
): ParsedScore {
  if (problems.length === 0) return { isValid: true, score };
  return {
    isValid: false,
    issues: problems.map(([path, message]) => ({ code: "custom", path: [path], message })),
  };
}

/** Rules across fields, as `[field, message]`. */
function* problemsOf(body: ScoreBody): Generator<[string, string]> {
  const targets = [body.traceId, body.sessionId, body.datasetRunId].filter(
    (given) => given != null,
  );
  if (targets.length !== 1) {
    yield [
      "traceId",
      `Expected exactly one of traceId, sessionId and datasetRunId, got ${targets.length}`,
    ];
  }
  if (body.observationId != null && body.traceId == null) {
    yield ["observationId", "Expected traceId together with observationId"];
  }
  if (body.dataType === "CORRECTION") {
    if (body.traceId == null) yield ["traceId", "Expected traceId for a CORRECTION score"];
    if (body.configId != null) yield ["configId", "Expected no configId for a CORRECTION score"];
  }
  if (body.source === "ANNOTATION" && body.configId == null && body.dataType !== "CORRECTION") {
    yield ["configId", "Expected configId for a score of source ANNOTATION"];
  }
  const { value } = body;
  switch (body.dataType) {
    case "NUMERIC":
      if (typeof value !== "number") yield ["value", "Expected a number for a NUMERIC score"];
      break;
    case "BOOLEAN":
      if (value !== 0 && value !== 1) yield ["value", "Expected 0 or 1 for a BOOLEAN score"];
      break;
    case "TEXT":
      if (typeof value !== "string" || value === "" || value.length > MAX_TEXT_SCORE_LENGTH) {
        yield ["value", `Expected 1 to ${MAX_TEXT_SCORE_LENGTH} characters for a TEXT score`];
      }
      break;
    case "CATEGORICAL":
    case "CORRECTION":
      if (typeof value !== "string") yield ["value", `Expected text for a ${body.dataType} score`];
      break;
  }
}

function toRecord(body: ScoreBody, nowMs: number): ScoreRecord {
  const { value } = body;
  const dataType: ScoreDataType =
    body.dataType ?? (typeof value === "number" ? "NUMERIC" : "CATEGORICAL");
  const timestampMs = body.timestamp == null ? nowMs : Date.parse(body.timestamp);
  return {
    id: body.id ?? randomUUID(),
    // A correction is another output for its target; Langfuse gives it that name.
    name: dataType === "CORRECTION" ? "output" : body.name,
    dataType,
    value: typeof value === "number" ? value : 0,
    stringValue: stringValueOf(dataType, value),
    comment: body.comment ?? null,
    metadata: body.metadata ?? null,
    source: body.source ?? "API",
    environment: normalizeEnvironment(body.environment),
    configId: body.configId ?? null,
    queueId: body.queueId ?? null,
    timestampUs: timestampMs * 1000,
    traceId: body.traceId ?? null,
    observationId: body.observationId ?? null,
    sessionId: body.sessionId ?? null,
    datasetRunId: body.datasetRunId ?? null,
  };
}

function stringValueOf(dataType: ScoreDataType, value: string | number): string | null {
  if (dataType === "BOOLEAN") return value === 1 ? "True" : "False";
  return typeof value === "string" ? value : null;
}

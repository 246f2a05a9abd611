import { EXCEPTION_KEYS, OBSERVATION_KEYS, TRACE_KEYS } from "../../attributes/keys";
import type { ExceptionView, JsonObject } from "../api/types";
import { isJsonObject, parseJson } from "../store/json-text";
import type { ObservationRecord } from "../store/records";
import { parseIsoMicros } from "../store/time-text";
import {
  asText,
  entriesOf,
  firstNumber,
  firstText,
  firstTruthy,
  numberOf,
  toJson,
} from "./attribute-values";
import { normalizeEnvironment } from "./environment";
import { type InputOutput, mapInputOutput } from "./map-io";
import { mapObservationMetadata, mapTraceMetadata } from "./map-metadata";
import { mapStreamTimeline } from "./map-stream-timeline";
import { mapLevel, mapType } from "./map-type";
import { countTokens, mapCost, mapUsage } from "./map-usage";
import type { Attributes, OtlpScope, OtlpSpan } from "./otlp-types";
import { mapTimes } from "./times";
import { GEN_AI } from "./vocabularies/gen-ai";
import { LANGFUSE } from "./vocabularies/langfuse";
import {
  ENVIRONMENT_KEYS,
  MODEL_KEYS,
  MODEL_PARAMETER_PREFIXES,
  MODEL_PARAMETERS_KEYS,
  NAME_KEYS,
  PROMPT_NAME_KEYS,
  PROMPT_VERSION_KEYS,
  PUBLIC_KEYS,
  SERVICE_VERSION_KEY,
  SESSION_ID_KEYS,
  TAGS_KEYS,
  USER_ID_KEYS,
} from "./vocabularies/precedence";
import type { SpanSource } from "./vocabularies/source";
import { VERCEL_AI, vercelAiParameters } from "./vocabularies/vercel-ai";

/** What a span needs beside itself to become an observation. */
export interface SpanSurroundings {
  readonly resource: Attributes;
  readonly scope: OtlpScope;
  /** `mapOrigin` of the two, made once for all spans of the scope. */
  readonly origin: JsonObject;
  /** Milliseconds since the epoch; the time of a span that has none. */
  readonly nowMs: number;
}

/**
 * Turns an OTLP span into an observation: Langfuse's own keys first, then the conventions of
 * OpenTelemetry, OpenInference and others.
 *
 * Spec: https://langfuse.com/integrations/native/opentelemetry#property-mapping. Deviation:
 * exceptions recorded as span events are kept.
 */
export function mapSpan(
  span: OtlpSpan,
  { resource, scope, origin, nowMs }: SpanSurroundings,
): ObservationRecord {
  const { attributes } = span;
  const source: SpanSource = { attributes, events: span.events, scope, resource };
  const times = mapTimes(span, nowMs);
  const type = mapType(source);
  const usageDetails = mapUsage(source);
  const costDetails = mapCost(attributes);
  const tokens = countTokens(usageDetails);
  return {
    traceId: span.traceId,
    id: span.spanId,
    parentId: span.parentSpanId === "" ? null : span.parentSpanId,
    isAppRoot: isTrue(attributes.get(OBSERVATION_KEYS.isAppRoot)),
    type,
    name: mapName(span),
    ...times,
    completionStartUs: mapCompletionStart(attributes, times.startUs),
    level: mapLevel(span),
    statusMessage:
      firstText(attributes, [OBSERVATION_KEYS.statusMessage]) ?? (span.statusMessage || null),
    model: firstText(attributes, MODEL_KEYS),
    modelParameters: mapModelParameters(source),
    usageDetails,
    costDetails,
    inputTokens: tokens.input,
    outputTokens: tokens.output,
    totalTokens: tokens.total,
    totalCost: costDetails["total"] ?? null,
    ...(type === "generation" ? mapPrompt(attributes) : { promptName: null, promptVersion: null }),
    ...withTraceFallback(mapInputOutput(source), span),
    ...mapStreamTimeline(attributes),
    metadata: mapObservationMetadata(attributes, scope),
    origin,
    exceptions: mapExceptions(span),
    sessionId: firstText(attributes, SESSION_ID_KEYS),
    userId: firstText(attributes, USER_ID_KEYS),
    traceName: firstText(attributes, [TRACE_KEYS.name]),
    tags: mapTags(attributes),
    isPublic: isTrue(PUBLIC_KEYS.map((key) => attributes.get(key)).find((value) => value != null)),
    traceMetadata: mapTraceMetadata(attributes),
    environment: mapEnvironment(attributes, resource),
    release:
      firstText(attributes, [TRACE_KEYS.release]) ?? firstText(resource, [TRACE_KEYS.release]),
    version:
      firstText(attributes, [TRACE_KEYS.version]) ?? firstText(resource, [SERVICE_VERSION_KEY]),
  };
}

/**
 * Older SDKs write what goes in and out only at the trace: where its root has captured nothing,
 * that is the root's. Deviation: Langfuse v4 ignores the two.
 */
function withTraceFallback(own: InputOutput, { attributes, parentSpanId }: OtlpSpan): InputOutput {
  const isRoot = parentSpanId === "" || isTrue(attributes.get(OBSERVATION_KEYS.isAppRoot));
  if (!isRoot || own.input !== null || own.output !== null) return own;
  return {
    input: firstText(attributes, [LANGFUSE.traceInput]),
    output: firstText(attributes, [LANGFUSE.traceOutput]),
  };
}

function mapName({ attributes, name }: OtlpSpan): string {
  const named = firstText(attributes, NAME_KEYS);
  if (named !== null) return named;
  const operation = firstText(attributes, [VERCEL_AI.operationId]);
  if (operation === null) return name;
  const functionId = firstText(attributes, [VERCEL_AI.functionId]);
  return functionId === null ? operation : `${functionId}:${operation}`;
}

function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

/** A list, JSON of one, comma-separated text, or a single tag. */
function mapTags(attributes: Attributes): string[] {
  const given = firstTruthy(attributes, TAGS_KEYS);
  if (given === undefined) return [];
  const parsed = typeof given === "string" ? (parseJson(given) ?? given) : toJson(given);
  const list = Array.isArray(parsed)
    ? parsed.map((tag) => (typeof tag === "string" ? tag : JSON.stringify(tag)))
    : asText(given).split(",");
  return [...new Set(list.map((tag) => tag.trim()).filter((tag) => tag !== ""))].sort();
}

function mapEnvironment(attributes: Attributes, resource: Attributes): string {
  for (const key of ENVIRONMENT_KEYS) {
    const given = firstText(attributes, [key]) ?? firstText(resource, [key]);
    if (given !== null) return normalizeEnvironment(given);
  }
  return "default";
}

function mapModelParameters(source: SpanSource): JsonObject {
  const { attributes } = source;
  const given = entriesOf(attributes.get(OBSERVATION_KEYS.modelParameters));
  if (given !== undefined) return Object.fromEntries(given);
  const ofVercelAi = vercelAiParameters(source);
  if (ofVercelAi !== undefined) return Object.fromEntries(ofVercelAi);
  for (const key of MODEL_PARAMETERS_KEYS) {
    const entries = entriesOf(attributes.get(key));
    if (entries !== undefined) return Object.fromEntries(entries);
  }
  const parameters = new Map<string, string | number>();
  for (const [key, value] of attributes) {
    const prefix = MODEL_PARAMETER_PREFIXES.find((candidate) => key.startsWith(candidate));
    if (prefix === undefined || key === GEN_AI.requestModel) continue;
    parameters.set(key.slice(prefix.length), typeof value === "number" ? value : asText(value));
  }
  return Object.fromEntries(parameters);
}

/** An ISO time (SDKs also write it inside a pair of quotes), or milliseconds to the first chunk. */
function mapCompletionStart(attributes: Attributes, startUs: number): number | null {
  const given = attributes.get(OBSERVATION_KEYS.completionStartTime);
  if (typeof given === "string") {
    const us = parseIsoMicros(given.replace(/^"(.*)"$/, "$1"));
    if (us !== undefined) return us;
  }
  const firstChunkMs = firstNumber(attributes, VERCEL_AI.firstChunk);
  return firstChunkMs !== undefined && firstChunkMs >= 0
    ? startUs + Math.round(firstChunkMs * 1000)
    : null;
}

function mapPrompt(attributes: Attributes): {
  promptName: string | null;
  promptVersion: number | null;
} {
  const name = firstText(attributes, PROMPT_NAME_KEYS);
  if (name !== null) {
    return {
      promptName: name,
      promptVersion: wholeNumber(firstNumber(attributes, PROMPT_VERSION_KEYS)),
    };
  }
  const given = attributes.get(VERCEL_AI.prompt);
  const prompt = typeof given === "string" ? parseJson(given) : toJson(given ?? null);
  if (!isJsonObject(prompt) || typeof prompt["name"] !== "string") {
    return { promptName: null, promptVersion: null };
  }
  return { promptName: prompt["name"], promptVersion: wholeNumber(numberOf(prompt["version"])) };
}

function wholeNumber(value: number | undefined): number | null {
  return value !== undefined && Number.isSafeInteger(value) ? value : null;
}

function mapExceptions(span: OtlpSpan): ExceptionView[] {
  return span.events
    .filter((event) => event.name === EXCEPTION_KEYS.eventName)
    .map(({ attributes }) => ({
      type: firstText(attributes, [EXCEPTION_KEYS.type]),
      message: firstText(attributes, [EXCEPTION_KEYS.message]),
      stacktrace: firstText(attributes, [EXCEPTION_KEYS.stacktrace]),
    }));
}

import { OBSERVATION_KEYS, TRACE_KEYS } from "../../attributes/keys";
import {
  OBSERVATION_LEVELS,
  OBSERVATION_TYPES,
  type ObservationLevel,
} from "../../attributes/observation-types";
import type { DecodedSpan } from "../decode-span";
import type { RequestHead } from "../encode-request";
import { isoTime, readContent, readMetadata, readText } from "./attribute-reader";
import { type JsonObject, type JsonValue, readJson, readJsonObject } from "./captured-json";
import type { LegacyUsage, ObservationBody, ObservationEvent } from "./ingestion-event";

/** What OTLP says once per request; legacy events say it each. */
export type ResourceAttributes = Pick<RequestHead, "environment" | "release">;

/** The event that creates a span's observation. Its type decides the event's. */
export function createObservationEvent(
  span: DecodedSpan,
  resource: ResourceAttributes,
): ObservationEvent {
  const { attributes, traceId, spanId } = span;
  const type = readType(span);
  const endTime = isoTime(span.endTimeUnixNano);
  return {
    id: `${traceId}-${spanId}`,
    timestamp: endTime,
    type: `${type}-create`,
    body: {
      id: spanId,
      traceId,
      parentObservationId: span.parentSpanId,
      name: span.name,
      startTime: isoTime(span.startTimeUnixNano),
      endTime: type === "event" ? undefined : endTime,
      environment: readText(attributes, TRACE_KEYS.environment) ?? resource.environment,
      version: readText(attributes, TRACE_KEYS.version),
      level: readLevel(span),
      statusMessage:
        readText(attributes, OBSERVATION_KEYS.statusMessage) ?? (span.statusMessage || undefined),
      input: readContent(attributes, OBSERVATION_KEYS.input),
      output: readContent(attributes, OBSERVATION_KEYS.output),
      metadata: readMetadata(attributes, OBSERVATION_KEYS.metadata),
      ...(type === "span" || type === "event" ? {} : readModelFields(span)),
    },
  };
}

function readType({ attributes }: DecodedSpan): (typeof OBSERVATION_TYPES)[number] {
  const type = attributes.get(OBSERVATION_KEYS.type);
  return OBSERVATION_TYPES.find((known) => known === type) ?? "span";
}

/** Servers refuse an event whose level is not one of theirs. */
function readLevel({ attributes, hasError }: DecodedSpan): ObservationLevel | undefined {
  const level = attributes.get(OBSERVATION_KEYS.level);
  return OBSERVATION_LEVELS.find((known) => known === level) ?? (hasError ? "ERROR" : undefined);
}

type ModelFields = Pick<
  ObservationBody,
  | "completionStartTime"
  | "model"
  | "modelParameters"
  | "usageDetails"
  | "usage"
  | "costDetails"
  | "promptName"
  | "promptVersion"
>;

function readModelFields({ attributes }: DecodedSpan): ModelFields {
  const usageDetails = readAmounts(readText(attributes, OBSERVATION_KEYS.usageDetails), Math.round);
  return {
    completionStartTime: readIsoTime(readText(attributes, OBSERVATION_KEYS.completionStartTime)),
    model: readText(attributes, OBSERVATION_KEYS.model),
    modelParameters: readModelParameters(readText(attributes, OBSERVATION_KEYS.modelParameters)),
    usageDetails,
    usage: usageDetails && toLegacyUsage(usageDetails),
    costDetails: readAmounts(readText(attributes, OBSERVATION_KEYS.costDetails), (cost) => cost),
    ...readPrompt(attributes),
  };
}

/** Servers refuse an event with one of the two alone, or with a version that is no whole number. */
function readPrompt(
  attributes: DecodedSpan["attributes"],
): Pick<ObservationBody, "promptName" | "promptVersion"> {
  const promptName = readText(attributes, OBSERVATION_KEYS.promptName);
  const promptVersion = attributes.get(OBSERVATION_KEYS.promptVersion);
  if (promptName === undefined || !Number.isSafeInteger(promptVersion)) return {};
  return { promptName, promptVersion: Number(promptVersion) };
}

/** Finite numbers from 0, numbers written as text among them; servers drop or refuse all others. */
function readAmounts(
  text: string | undefined,
  normalize: (amount: number) => number,
): Readonly<Record<string, number>> | undefined {
  const entries: [string, number][] = [];
  for (const [key, value] of Object.entries(readJsonObject(text) ?? {})) {
    const isNumeric =
      typeof value === "number" || (typeof value === "string" && value.trim() !== "");
    const amount = isNumeric ? normalize(Number(value)) : Number.NaN;
    if (amount >= 0 && amount <= Number.MAX_SAFE_INTEGER) entries.push([key, amount]);
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function toLegacyUsage(usage: Readonly<Record<string, number>>): LegacyUsage | undefined {
  const { input, output, total } = usage;
  if (input === undefined && output === undefined && total === undefined) return undefined;
  return { input, output, total, unit: "TOKENS" };
}

/** Servers take texts, numbers, booleans, lists of texts and objects of texts; the rest goes as JSON text. */
function readModelParameters(text: string | undefined): JsonObject | undefined {
  const parameters = readJsonObject(text);
  if (parameters === undefined) return text === undefined ? undefined : { modelParameters: text };
  return Object.fromEntries(
    Object.entries(parameters).map(([key, value]) => [
      key,
      isParameter(value) ? value : JSON.stringify(value),
    ]),
  );
}

function isParameter(value: JsonValue): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every((member) => typeof member === "string");
}

/** A time, in JSON quotes or without. Servers refuse an event with one that is not ISO 8601. */
function readIsoTime(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const bare = readJson(text) ?? text;
  const ms = typeof bare === "string" ? Date.parse(bare) : Number.NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

import { OBSERVATION_KEYS, TRACE_KEYS } from "../../attributes/keys";
import { ORIGIN_FIELDS } from "../../sessions/source";
import type { SourceObservation, SourceTrace } from "../../sessions/types";
import type { JsonObject, JsonValue } from "../../studio/api/types";
import { type Attribute, attributeList } from "../../studio/handover/otlp-json";

/** Of `resourceSpans`. */
export interface OtlpEntry {
  /** Of its span. */
  readonly id: string;
  readonly entry: unknown;
}

/**
 * A trace as OTLP/JSON, with the ids it has: the entries of `resourceSpans`, a span each, with what
 * the trace says of itself. Deterministic, so that sending it twice changes nothing.
 *
 * Where input and output of the trace are not those of its root, or it has no observations, it gets
 * a row of its own, `t-{trace id}`, above the others, as Langfuse 4 gives it.
 */
export function traceAsOtlp(trace: SourceTrace): readonly OtlpEntry[] {
  const traceAttributes = attributesOfTrace(trace);
  const root = trace.observations.find(({ parentId }) => parentId === null);
  const hasRow =
    trace.observations.length === 0 ||
    (trace.input ?? root?.input ?? null) !== (root?.input ?? null) ||
    (trace.output ?? root?.output ?? null) !== (root?.output ?? null);
  const rowId = `t-${trace.id}`;
  // Where there is no such row, the trace's version is told by its root.
  const teller = hasRow ? undefined : (root ?? trace.observations[0]);
  const spans = trace.observations.map((observation) => {
    const parentId = observation.parentId ?? (hasRow && observation.id !== rowId ? rowId : null);
    const version = observation.version ?? (observation === teller ? trace.version : null);
    const entry = spanOf(trace, { ...observation, parentId, version }, traceAttributes);
    return { id: observation.id, entry };
  });
  if (hasRow) {
    spans.push({ id: rowId, entry: spanOf(trace, rowOf(trace, rowId), traceAttributes) });
  }
  return spans;
}

function rowOf(trace: SourceTrace, id: string): SourceObservation {
  const ends = trace.observations.map(({ endedAt }) => endedAt);
  return {
    id,
    parentId: null,
    type: "span",
    name: trace.name ?? "",
    startedAt: trace.timestamp,
    endedAt: ends.reduce(
      (latest, end) => (Date.parse(end) > Date.parse(latest) ? end : latest),
      trace.timestamp,
    ),
    completionStartedAt: null,
    level: "DEFAULT",
    statusMessage: null,
    version: trace.version,
    environment: trace.environment,
    input: trace.input,
    output: trace.output,
    metadata: {},
    model: null,
    modelParameters: {},
    usageDetails: {},
    costDetails: {},
    totalCost: null,
    priceModelId: null,
    promptName: null,
    promptVersion: null,
  };
}

/** With its resource and scope: spans of one trace may come from several services. */
function spanOf(
  trace: SourceTrace,
  observation: SourceObservation,
  traceAttributes: readonly Attribute[],
): unknown {
  const { metadata } = observation;
  const scope = objectOrEmpty(metadata["scope"]);
  const { name = "playhead import", version = "", attributes = {} } = scope;
  const span = {
    traceId: trace.id,
    spanId: observation.id,
    ...(observation.parentId === null ? {} : { parentSpanId: observation.parentId }),
    name: observation.name,
    startTimeUnixNano: nanosOf(observation.startedAt),
    endTimeUnixNano: nanosOf(observation.endedAt),
    attributes: attributeList([...traceAttributes, ...attributesOf(observation)]),
  };
  return {
    resource: {
      attributes: attributeList(Object.entries(objectOrEmpty(metadata["resourceAttributes"]))),
    },
    scopeSpans: [
      {
        scope: {
          name,
          version,
          attributes: attributeList(Object.entries(objectOrEmpty(attributes))),
        },
        spans: [span],
      },
    ],
  };
}

function attributesOfTrace(trace: SourceTrace): readonly Attribute[] {
  return [
    [TRACE_KEYS.name, trace.name],
    [TRACE_KEYS.sessionId, trace.sessionId],
    [TRACE_KEYS.userId, trace.userId],
    [TRACE_KEYS.tags, trace.tags.length === 0 ? null : trace.tags],
    [TRACE_KEYS.public, trace.isPublic ? true : null],
    [TRACE_KEYS.release, trace.release],
    ...metadataAttributes(TRACE_KEYS.metadata, trace.metadata),
  ];
}

/** By kind of usage; where Langfuse tells a total alone, this. */
function sentCosts(observation: SourceObservation): SourceObservation["costDetails"] {
  const { costDetails, totalCost } = observation;
  const isTotalAlone = Object.keys(costDetails).length === 0 && totalCost !== null && totalCost > 0;
  return isTotalAlone ? { total: totalCost } : costDetails;
}

function attributesOf(observation: SourceObservation): readonly Attribute[] {
  const { completionStartedAt } = observation;
  return [
    [OBSERVATION_KEYS.type, observation.type],
    [OBSERVATION_KEYS.input, observation.input],
    [OBSERVATION_KEYS.output, observation.output],
    [OBSERVATION_KEYS.level, observation.level],
    [OBSERVATION_KEYS.statusMessage, observation.statusMessage],
    [OBSERVATION_KEYS.model, observation.model],
    [OBSERVATION_KEYS.modelParameters, jsonOrNull(observation.modelParameters)],
    [OBSERVATION_KEYS.usageDetails, jsonOrNull(observation.usageDetails)],
    [OBSERVATION_KEYS.costDetails, jsonOrNull(sentCosts(observation))],
    [OBSERVATION_KEYS.completionStartTime, completionStartedAt],
    [OBSERVATION_KEYS.promptName, observation.promptName],
    [OBSERVATION_KEYS.promptVersion, observation.promptVersion],
    [TRACE_KEYS.environment, observation.environment],
    [TRACE_KEYS.version, observation.version],
    ...metadataAttributes(OBSERVATION_KEYS.metadata, observation.metadata),
  ];
}

/** One attribute per key, as the SDKs write metadata: texts as they are, anything else as JSON. */
function metadataAttributes(prefix: string, metadata: JsonObject): readonly Attribute[] {
  return Object.entries(metadata)
    .filter(([key]) => !ORIGIN_FIELDS.includes(key))
    .map(([key, value]) => [
      `${prefix}.${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
}

function jsonOrNull(value: Readonly<Record<string, JsonValue>>): string | null {
  return Object.keys(value).length === 0 ? null : JSON.stringify(value);
}

function objectOrEmpty(value: JsonValue | undefined): JsonObject {
  return typeof value === "object" && value !== null && !isList(value) ? value : {};
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Digits past the millisecond are kept, where there are any. */
function nanosOf(iso: string): string {
  const [, fraction = ""] = /\.\d{3}(\d{1,6})/.exec(iso) ?? [];
  return `${Date.parse(iso)}${fraction.padEnd(6, "0")}`;
}

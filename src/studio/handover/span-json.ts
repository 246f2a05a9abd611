import { createHash } from "node:crypto";
import { EXCEPTION_KEYS, OBSERVATION_KEYS, PLAYHEAD_KEYS, TRACE_KEYS } from "../../attributes/keys";
import type { ExceptionView, JsonObject, JsonValue } from "../api/types";
import { isJsonObject } from "../store/json-text";
import type { ObservationRecord } from "../store/records";
import { isoMicros } from "../store/time-text";
import { type Attribute, attributeList } from "./otlp-json";

/** A span as OTLP/JSON, ready to stand in a request. */
export interface SpanJson {
  readonly traceId: string;
  /** Of the observation. */
  readonly id: string;
  /** Resource and scope: spans that have the same stand together in a request. */
  readonly origin: string;
  readonly json: string;
}

const KIND_INTERNAL = 1;
const STATUS_ERROR = 2;

/**
 * An observation as a span that is mapped to the same observation again. Deterministic: sent twice,
 * the same is sent.
 *
 *     ObservationRecord ─ spanJson ─▶ request ─ observationsOf ─▶ the same ObservationRecord
 *
 * Spec: the attributes of `map-span.ts`. Deviation: an id that is no OpenTelemetry id stands as it
 * is, as Langfuse takes it; see {@link withPlainIds}.
 */
export function spanJson(record: ObservationRecord): SpanJson {
  const { traceId, id, parentId, statusMessage } = record;
  const isError = record.level === "ERROR";
  const message = statusMessage === null ? {} : { message: statusMessage };
  const span = {
    traceId,
    spanId: id,
    ...(parentId === null ? {} : { parentSpanId: parentId }),
    name: record.name,
    kind: KIND_INTERNAL,
    startTimeUnixNano: nanosOf(record.startUs, record.startNs),
    endTimeUnixNano: endOf(record),
    attributes: attributeList([...traceAttributes(record), ...observationAttributes(record)]),
    ...(record.exceptions.length === 0
      ? {}
      : { events: record.exceptions.map((exception) => eventOf(exception, endOf(record))) }),
    ...(isError ? { status: { code: STATUS_ERROR, ...message } } : {}),
  };
  return { traceId, id, origin: originJson(record.origin), json: JSON.stringify(span) };
}

function traceAttributes(record: ObservationRecord): readonly Attribute[] {
  return [
    [TRACE_KEYS.sessionId, record.sessionId],
    [TRACE_KEYS.userId, record.userId],
    [TRACE_KEYS.name, record.traceName],
    [TRACE_KEYS.tags, record.tags.length === 0 ? null : record.tags],
    [TRACE_KEYS.public, record.isPublic ? true : null],
    [TRACE_KEYS.metadata, jsonOrNull(record.traceMetadata)],
    [TRACE_KEYS.environment, record.environment],
    [TRACE_KEYS.release, record.release],
    [TRACE_KEYS.version, record.version],
  ];
}

function observationAttributes(record: ObservationRecord): readonly Attribute[] {
  const { completionStartUs, streamTimeline } = record;
  return [
    [OBSERVATION_KEYS.type, record.type],
    [OBSERVATION_KEYS.isAppRoot, record.isAppRoot ? true : null],
    [OBSERVATION_KEYS.input, record.input],
    [OBSERVATION_KEYS.output, record.output],
    [OBSERVATION_KEYS.metadata, jsonOrNull(record.metadata)],
    [OBSERVATION_KEYS.level, record.level],
    [OBSERVATION_KEYS.statusMessage, record.statusMessage],
    [OBSERVATION_KEYS.model, record.model],
    [OBSERVATION_KEYS.modelParameters, jsonOrNull(record.modelParameters)],
    [OBSERVATION_KEYS.usageDetails, jsonOrNull(record.usageDetails)],
    [OBSERVATION_KEYS.costDetails, jsonOrNull(record.costDetails)],
    [
      OBSERVATION_KEYS.completionStartTime,
      // Servers expect an ISO time in JSON quotes here; spec: langfuse-contract, section 12.2.
      completionStartUs === null ? null : JSON.stringify(isoMicros(completionStartUs)),
    ],
    [OBSERVATION_KEYS.promptName, record.promptName],
    [OBSERVATION_KEYS.promptVersion, record.promptVersion],
    [
      PLAYHEAD_KEYS.streamTimeline,
      streamTimeline === undefined ? null : JSON.stringify(streamTimeline),
    ],
  ];
}

/** When it was recorded is not kept: the end is when it was known. */
function eventOf({ type, message, stacktrace }: ExceptionView, timeUnixNano: string): unknown {
  return {
    name: EXCEPTION_KEYS.eventName,
    timeUnixNano,
    attributes: attributeList([
      [EXCEPTION_KEYS.type, type],
      [EXCEPTION_KEYS.message, message],
      [EXCEPTION_KEYS.stacktrace, stacktrace],
    ]),
  };
}

/** A pair: what a request says of the resource, and of the scope. The legacy batch knows neither. */
function originJson(origin: JsonObject): string {
  const scope = objectOf(origin["scope"]);
  const { name = "", version = "", attributes } = scope;
  const resource = attributeList(Object.entries(objectOf(origin["resourceAttributes"])));
  const ofScope = attributeList(Object.entries(objectOf(attributes)));
  return JSON.stringify([
    resource.length === 0 ? {} : { resource: { attributes: resource } },
    Object.keys(scope).length === 0 ? {} : { scope: { name, version, attributes: ofScope } },
  ]);
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function jsonOrNull(value: JsonObject): string | null {
  return Object.keys(value).length === 0 ? null : JSON.stringify(value);
}

function nanosOf(us: number, ns = 0): string {
  return String(BigInt(us) * 1_000n + BigInt(ns));
}

/** Never before the start, which is known more exactly. */
function endOf({ startUs, startNs, endUs }: ObservationRecord): string {
  return endUs === startUs ? nanosOf(startUs, startNs) : nanosOf(endUs);
}

/** The body of a request with the spans, those of one origin together. */
export function requestBody(spans: readonly SpanJson[]): Buffer {
  const byOrigin = new Map<string, string[]>();
  for (const { origin, json } of spans) {
    const together = byOrigin.get(origin);
    if (together === undefined) byOrigin.set(origin, [json]);
    else together.push(json);
  }
  const resourceSpans = [...byOrigin].map(([origin, together]) => {
    const [resource, scope] = JSON.parse(origin) as readonly [object, object]; // see originJson
    const head = JSON.stringify({ ...resource, scopeSpans: [{ ...scope, spans: [] }] });
    // The spans are JSON already: they go between the brackets.
    return `${head.slice(0, -"]}]}".length)}${together.join(",")}]}]}`;
  });
  return Buffer.from(`{"resourceSpans":[${resourceSpans.join(",")}]}`);
}

const TRACE_ID = /^[0-9a-f]{32}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;

/** Whether each of its ids is one that OpenTelemetry knows. */
export function hasPlainIds({ traceId, id, parentId }: ObservationRecord): boolean {
  return (
    TRACE_ID.test(traceId) && SPAN_ID.test(id) && (parentId === null || SPAN_ID.test(parentId))
  );
}

/** With ids that any OpenTelemetry endpoint takes; those it would not are hashed, always to the same. */
export function withPlainIds(record: ObservationRecord): ObservationRecord {
  const { traceId, id, parentId } = record;
  return {
    ...record,
    traceId: plainId(traceId, TRACE_ID, 32),
    id: plainId(id, SPAN_ID, 16),
    parentId: parentId === null ? null : plainId(parentId, SPAN_ID, 16),
  };
}

function plainId(id: string, known: RegExp, length: number): string {
  return known.test(id) ? id : createHash("sha256").update(id).digest("hex").slice(0, length);
}

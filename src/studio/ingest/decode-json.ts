import {
  type AttributeValue,
  idProblem,
  MAX_VALUE_DEPTH,
  OtlpDecodeError,
  type OtlpEvent,
  type OtlpResourceSpans,
  type OtlpScope,
  type OtlpScopeSpans,
  type OtlpSpan,
  TOO_DEEP_MARKER,
} from "./otlp-types";
import { checkJsonSigns, RequestParts } from "./request-parts";

/**
 * Reads an `ExportTraceServiceRequest` in OTLP/JSON. Ids are taken as they stand.
 * Spec: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding. Deviation: an id may
 * also be a list of bytes, as some exporters write it.
 * @throws OtlpDecodeError when the text is not JSON, or a list is not one
 * @throws OtlpTooLargeError when it has more parts than one request may have
 */
export function decodeJson(body: Uint8Array): OtlpResourceSpans[] {
  checkJsonSigns(body);
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(body));
  } catch (error) {
    throw new OtlpDecodeError("Failed to parse OTel JSON Trace", { cause: error });
  }
  const parts = new RequestParts();
  const resourceSpans = listOf(field(parsed, "resourceSpans"), "resourceSpans");
  parts.addEntries(resourceSpans.length);
  return resourceSpans.map((value) => readResourceSpans(value, parts));
}

function readResourceSpans(value: unknown, parts: RequestParts): OtlpResourceSpans {
  const attributes = listOf(field(field(value, "resource"), "attributes"), "resource.attributes");
  const scopeSpans = listOf(field(value, "scopeSpans"), "scopeSpans");
  parts.addEntries(scopeSpans.length);
  return {
    resource: readAttributes(attributes, parts, 0),
    scopeSpans: scopeSpans.map((item) => readScopeSpans(item, parts)),
  };
}

function readScopeSpans(value: unknown, parts: RequestParts): OtlpScopeSpans {
  const spans = listOf(field(value, "spans"), "spans");
  parts.addSpans(spans.length);
  return {
    scope: readScope(field(value, "scope"), parts),
    spans: spans.map((span) => readSpan(span, parts)),
  };
}

function readScope(value: unknown, parts: RequestParts): OtlpScope {
  const attributes = listOf(field(value, "attributes"), "scope.attributes");
  return {
    name: textOf(field(value, "name")),
    version: textOf(field(value, "version")),
    attributes: readAttributes(attributes, parts, 0),
  };
}

function readSpan(value: unknown, parts: RequestParts): OtlpSpan {
  const traceId = idOf(field(value, "traceId"));
  const spanId = idOf(field(value, "spanId"));
  const parentSpanId = idOf(field(value, "parentSpanId"));
  const attributes = field(value, "attributes") ?? [];
  const events = field(value, "events") ?? [];
  const status = field(value, "status");
  const problems = [
    traceId === null ? "traceId:invalid" : idProblem("traceId", traceId),
    spanId === null ? "spanId:invalid" : idProblem("spanId", spanId),
    parentSpanId === null ? "parentSpanId:invalid" : undefined,
    Array.isArray(attributes) ? undefined : "attributes:not_an_array",
    Array.isArray(events) ? undefined : "events:not_an_array",
  ].filter((problem) => problem !== undefined);
  return {
    traceId: traceId ?? "",
    spanId: spanId ?? "",
    parentSpanId: parentSpanId ?? "",
    name: textOf(field(value, "name")),
    startTimeUnixNano: nanosOf(field(value, "startTimeUnixNano")),
    endTimeUnixNano: nanosOf(field(value, "endTimeUnixNano")),
    attributes: readAttributes(Array.isArray(attributes) ? attributes : [], parts, 0),
    events: readEvents(Array.isArray(events) ? events : [], parts),
    statusCode: statusCodeOf(field(status, "code")),
    statusMessage: textOf(field(status, "message")),
    problems,
  };
}

function readEvents(list: readonly unknown[], parts: RequestParts): OtlpEvent[] {
  parts.addEntries(list.length);
  return list.map((value) => {
    const attributes = field(value, "attributes");
    return {
      name: textOf(field(value, "name")),
      attributes: readAttributes(Array.isArray(attributes) ? attributes : [], parts, 0),
    };
  });
}

function readAttributes(
  list: readonly unknown[],
  parts: RequestParts,
  depth: number,
): Map<string, AttributeValue> {
  parts.addEntries(list.length);
  const attributes = new Map<string, AttributeValue>();
  for (const entry of list) {
    const key = field(entry, "key");
    if (typeof key !== "string") continue;
    attributes.set(key, readAnyValue(field(entry, "value"), parts, depth));
  }
  return attributes;
}

function readAnyValue(value: unknown, parts: RequestParts, depth: number): AttributeValue {
  const string = field(value, "stringValue");
  if (typeof string === "string") return string;
  const bool = field(value, "boolValue");
  if (typeof bool === "boolean") return bool;
  const int = field(value, "intValue");
  if (int !== undefined && int !== null) return integerOf(int);
  const double = field(value, "doubleValue");
  if (double !== undefined && double !== null) return Number(double);
  const bytes = field(value, "bytesValue");
  if (typeof bytes === "string") return Buffer.from(bytes, "base64");

  const array = field(field(value, "arrayValue"), "values");
  const map = field(field(value, "kvlistValue"), "values");
  if (array === undefined && map === undefined) {
    if (isObject(field(value, "arrayValue"))) return [];
    if (isObject(field(value, "kvlistValue"))) return new Map();
    return null;
  }
  if (depth >= MAX_VALUE_DEPTH) return TOO_DEEP_MARKER;
  if (!Array.isArray(array)) {
    return readAttributes(Array.isArray(map) ? map : [], parts, depth + 1);
  }
  parts.addEntries(array.length);
  return array.map((item) => readAnyValue(item, parts, depth + 1));
}

/** An own property of an object, undefined for everything else. */
function field(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(value: unknown, name: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new OtlpDecodeError(
    `Invalid OTLP trace export: expected ${name} to be an array, got ${typeof value}. The entire export was rejected.`,
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Undefined when absent, null when it is nothing an id can be read from. */
function idOf(value: unknown): string | undefined | null {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  // `{ type: "Buffer", data: […] }` is how a Buffer comes out of JSON.stringify.
  const bytes = Array.isArray(value) ? value : field(value, "data");
  const isByte = (item: unknown): item is number =>
    Number.isInteger(item) && Number(item) >= 0 && Number(item) <= 255;
  return Array.isArray(bytes) && bytes.every(isByte) ? Buffer.from(bytes).toString("hex") : null;
}

/** 0 for what is not a time. A `{ low, high }` pair is a 64-bit integer in two halves. */
function nanosOf(value: unknown): bigint {
  const low = field(value, "low");
  const high = field(value, "high");
  if (Number.isInteger(low) && Number.isInteger(high)) {
    return (BigInt(Number(high) >>> 0) << 32n) | BigInt(Number(low) >>> 0);
  }
  if (typeof value === "string" && /^\d{1,20}$/.test(value)) return BigInt(value);
  if (typeof value === "number" && value >= 0 && value < 2 ** 64) return BigInt(Math.trunc(value));
  return 0n;
}

function statusCodeOf(value: unknown): number {
  if (value === "STATUS_CODE_ERROR") return 2;
  return typeof value === "number" ? value : 0;
}

/** A number where it is exact, else the text as it came. */
function integerOf(value: unknown): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) || typeof value === "number" ? number : String(value);
}

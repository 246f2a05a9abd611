import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
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
import { OtlpTooLargeError, RequestParts } from "./request-parts";

/**
 * Reads an `ExportTraceServiceRequest`. Fields it does not know are skipped; of a field that must
 * stand once, the last one counts, as protobuf demands.
 * @throws OtlpDecodeError when the bytes are cut off or are not protobuf
 * @throws OtlpTooLargeError when it has more parts than one request may have
 */
export function decodeProtobuf(body: Uint8Array): OtlpResourceSpans[] {
  const reader = new RequestReader(body);
  const resourceSpans: OtlpResourceSpans[] = [];
  try {
    readFields(reader, reader.len, (tag) => {
      if (tag !== RESOURCE_SPANS) return false;
      resourceSpans.push(readResourceSpans(reader));
      return true;
    });
  } catch (error) {
    if (error instanceof OtlpTooLargeError) throw error;
    throw new OtlpDecodeError("Failed to parse OTel Protobuf Trace", { cause: error });
  }
  return resourceSpans;
}

class RequestReader extends BinaryReader {
  readonly parts = new RequestParts();
}

const lengthDelimited = (field: number): number => (field << 3) | WireType.LengthDelimited;
const varint = (field: number): number => (field << 3) | WireType.Varint;
const fixed64 = (field: number): number => (field << 3) | WireType.Bit64;

// Tags of a field number and its wire type: a known number with another wire type is skipped.
const RESOURCE_SPANS = lengthDelimited(1);
const RESOURCE = { resource: lengthDelimited(1), scopeSpans: lengthDelimited(2) };
const RESOURCE_ATTRIBUTES = lengthDelimited(1);
const SCOPE_SPANS = { scope: lengthDelimited(1), spans: lengthDelimited(2) };
const SCOPE = {
  name: lengthDelimited(1),
  version: lengthDelimited(2),
  attributes: lengthDelimited(3),
};
const SPAN = {
  traceId: lengthDelimited(1),
  spanId: lengthDelimited(2),
  parentSpanId: lengthDelimited(4),
  name: lengthDelimited(5),
  start: fixed64(7),
  end: fixed64(8),
  attributes: lengthDelimited(9),
  events: lengthDelimited(11),
  status: lengthDelimited(15),
};
const EVENT = { name: lengthDelimited(2), attributes: lengthDelimited(3) };
const STATUS = { message: lengthDelimited(2), code: varint(3) };
const KEY_VALUE = { key: lengthDelimited(1), value: lengthDelimited(2) };
const ANY_VALUE = {
  string: lengthDelimited(1),
  bool: varint(2),
  int: varint(3),
  double: fixed64(4),
  array: lengthDelimited(5),
  map: lengthDelimited(6),
  bytes: lengthDelimited(7),
};
/** The one field of `ArrayValue` and of `KeyValueList`. */
const VALUES = lengthDelimited(1);

/**
 * Walks the fields of one message up to `end`.
 * @param readField - reads the field and returns true, or returns false to have it skipped
 */
function readFields(reader: RequestReader, end: number, readField: (tag: number) => boolean): void {
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    if (!readField((field << 3) | wireType)) reader.skip(wireType, field);
  }
  if (reader.pos !== end) throw new RangeError("A field reaches past the end of its message");
}

/** Reads a length prefix; returns the position where the message ends, within the buffer. */
function readEnd(reader: RequestReader): number {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError("A message reaches past the end of the body");
  return end;
}

function readResourceSpans(reader: RequestReader): OtlpResourceSpans {
  reader.parts.addEntries(1);
  const resource = new Map<string, AttributeValue>();
  const scopeSpans: OtlpScopeSpans[] = [];
  readFields(reader, readEnd(reader), (tag) => {
    if (tag === RESOURCE.resource) {
      readFields(reader, readEnd(reader), (inner) => {
        if (inner !== RESOURCE_ATTRIBUTES) return false;
        readKeyValue(reader, resource, 0);
        return true;
      });
      return true;
    }
    if (tag === RESOURCE.scopeSpans) {
      scopeSpans.push(readScopeSpans(reader));
      return true;
    }
    return false;
  });
  return { resource, scopeSpans };
}

function readScopeSpans(reader: RequestReader): OtlpScopeSpans {
  reader.parts.addEntries(1);
  let scope: OtlpScope = { name: "", version: "", attributes: new Map() };
  const spans: OtlpSpan[] = [];
  readFields(reader, readEnd(reader), (tag) => {
    if (tag === SCOPE_SPANS.scope) scope = readScope(reader);
    else if (tag === SCOPE_SPANS.spans) spans.push(readSpan(reader));
    else return false;
    return true;
  });
  return { scope, spans };
}

function readScope(reader: RequestReader): OtlpScope {
  let name = "";
  let version = "";
  const attributes = new Map<string, AttributeValue>();
  readFields(reader, readEnd(reader), (tag) => {
    if (tag === SCOPE.name) name = reader.string();
    else if (tag === SCOPE.version) version = reader.string();
    else if (tag === SCOPE.attributes) readKeyValue(reader, attributes, 0);
    else return false;
    return true;
  });
  return { name, version, attributes };
}

function readSpan(reader: RequestReader): OtlpSpan {
  reader.parts.addSpans(1);
  let traceId = "";
  let spanId = "";
  let parentSpanId = "";
  let name = "";
  let start = 0n;
  let end = 0n;
  let status = { code: 0, message: "" };
  const attributes = new Map<string, AttributeValue>();
  const events: OtlpEvent[] = [];
  readFields(reader, readEnd(reader), (tag) => {
    if (tag === SPAN.attributes) readKeyValue(reader, attributes, 0);
    else if (tag === SPAN.traceId) traceId = readId(reader);
    else if (tag === SPAN.spanId) spanId = readId(reader);
    else if (tag === SPAN.parentSpanId) parentSpanId = readId(reader);
    else if (tag === SPAN.name) name = reader.string();
    else if (tag === SPAN.start) start = BigInt(reader.fixed64());
    else if (tag === SPAN.end) end = BigInt(reader.fixed64());
    else if (tag === SPAN.events) events.push(readEvent(reader));
    else if (tag === SPAN.status) status = readStatus(reader);
    else return false;
    return true;
  });
  return {
    traceId,
    spanId,
    parentSpanId,
    name,
    startTimeUnixNano: start,
    endTimeUnixNano: end,
    attributes,
    events,
    statusCode: status.code,
    statusMessage: status.message,
    problems: [idProblem("traceId", traceId), idProblem("spanId", spanId)].filter(
      (problem) => problem !== undefined,
    ),
  };
}

function readId(reader: RequestReader): string {
  const bytes = reader.bytes();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

function readEvent(reader: RequestReader): OtlpEvent {
  reader.parts.addEntries(1);
  let name = "";
  const attributes = new Map<string, AttributeValue>();
  readFields(reader, readEnd(reader), (tag) => {
    if (tag === EVENT.name) name = reader.string();
    else if (tag === EVENT.attributes) readKeyValue(reader, attributes, 0);
    else return false;
    return true;
  });
  return { name, attributes };
}

function readStatus(reader: RequestReader): { code: number; message: string } {
  let code = 0;
  let message = "";
  readFields(reader, readEnd(reader), (tag) => {
    if (tag === STATUS.code) code = reader.int32();
    else if (tag === STATUS.message) message = reader.string();
    else return false;
    return true;
  });
  return { code, message };
}

/** Of a key that stands twice the last value counts: a sender may append to a finished span. */
function readKeyValue(
  reader: RequestReader,
  target: Map<string, AttributeValue>,
  depth: number,
): void {
  reader.parts.addEntries(1);
  let key = "";
  let value: AttributeValue = null;
  readFields(reader, readEnd(reader), (tag) => {
    if (tag === KEY_VALUE.key) key = reader.string();
    else if (tag === KEY_VALUE.value) value = readAnyValue(reader, depth);
    else return false;
    return true;
  });
  target.set(key, value);
}

function readAnyValue(reader: RequestReader, depth: number): AttributeValue {
  let value: AttributeValue = null;
  readFields(reader, readEnd(reader), (tag) => {
    if (tag === ANY_VALUE.string) value = reader.string();
    else if (tag === ANY_VALUE.bool) value = reader.bool();
    else if (tag === ANY_VALUE.int) value = safeInteger(BigInt(reader.int64()));
    else if (tag === ANY_VALUE.double) value = reader.double();
    else if (tag === ANY_VALUE.bytes) value = reader.bytes();
    else if (tag !== ANY_VALUE.array && tag !== ANY_VALUE.map) return false;
    else if (depth >= MAX_VALUE_DEPTH) {
      reader.bytes();
      value = TOO_DEEP_MARKER;
    } else if (tag === ANY_VALUE.array) value = readArray(reader, depth + 1);
    else value = readMap(reader, depth + 1);
    return true;
  });
  return value;
}

function readArray(reader: RequestReader, depth: number): AttributeValue[] {
  const values: AttributeValue[] = [];
  readFields(reader, readEnd(reader), (tag) => {
    if (tag !== VALUES) return false;
    reader.parts.addEntries(1);
    values.push(readAnyValue(reader, depth));
    return true;
  });
  return values;
}

function readMap(reader: RequestReader, depth: number): Map<string, AttributeValue> {
  const values = new Map<string, AttributeValue>();
  readFields(reader, readEnd(reader), (tag) => {
    if (tag !== VALUES) return false;
    readKeyValue(reader, values, depth);
    return true;
  });
  return values;
}

/** A number where it is exact, else the digits as text. */
function safeInteger(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

import {
  ANY_VALUE,
  ARRAY_ITEM,
  EVENT,
  FLAGS_LOCAL_PARENT,
  FLAGS_REMOTE_PARENT,
  KEY_VALUE,
  SPAN,
  STATUS,
  STATUS_ERROR,
} from "./otlp-tags";
import { ProtobufReader } from "./protobuf-reader";

/** What an attribute holds, in the shapes that spans are written with. */
export type AttributeValue = string | boolean | number | readonly string[];

export interface DecodedEvent {
  readonly timeUnixNano: bigint;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, AttributeValue>;
}

/** A span read back from its bytes. Ids are lower-case hex. */
export interface DecodedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly isParentRemote: boolean;
  readonly name: string;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
  /** In the order they were written; of a key that stood twice, the last value. */
  readonly attributes: ReadonlyMap<string, AttributeValue>;
  readonly events: readonly DecodedEvent[];
  readonly hasError: boolean;
  readonly statusMessage: string | undefined;
}

const REMOTE_PARENT = FLAGS_REMOTE_PARENT & ~FLAGS_LOCAL_PARENT;

/**
 * Reads one OTLP Span as `encodeSpan` and `encodeTraceAttributes` write it, one behind the other.
 * Fields that are not known are skipped, and so are values of other kinds than those written; of a
 * field that stands twice the last one counts, as protobuf demands.
 * @param span - its fields, without a length
 * @throws RangeError when the bytes are cut off or are not protobuf
 */
export function decodeSpan(span: Uint8Array): DecodedSpan {
  const reader = new ProtobufReader(span);
  const attributes = new Map<string, AttributeValue>();
  const events: DecodedEvent[] = [];
  let [traceId, spanId, parentSpanId, name] = ["", "", "", ""];
  let [startTimeUnixNano, endTimeUnixNano] = [0n, 0n];
  let flags = 0;
  let status: Status = { hasError: false, statusMessage: undefined };
  for (let tag = reader.nextTag(); tag !== undefined; tag = reader.nextTag()) {
    if (tag === SPAN.traceId) traceId = reader.delimited().toString("hex");
    else if (tag === SPAN.spanId) spanId = reader.delimited().toString("hex");
    else if (tag === SPAN.parentSpanId) parentSpanId = reader.delimited().toString("hex");
    else if (tag === SPAN.name) name = reader.delimited().toString();
    else if (tag === SPAN.startTime) startTimeUnixNano = reader.fixed64();
    else if (tag === SPAN.endTime) endTimeUnixNano = reader.fixed64();
    else if (tag === SPAN.attributes) readKeyValue(reader.delimited(), attributes);
    else if (tag === SPAN.events) events.push(readEvent(reader.delimited()));
    else if (tag === SPAN.status) status = readStatus(reader.delimited());
    else if (tag === SPAN.flags) flags = reader.fixed32();
    else reader.skip(tag);
  }
  return {
    traceId,
    spanId,
    parentSpanId: parentSpanId === "" ? undefined : parentSpanId,
    isParentRemote: (flags & REMOTE_PARENT) !== 0,
    name,
    startTimeUnixNano,
    endTimeUnixNano,
    attributes,
    events,
    ...status,
  };
}

type Status = Pick<DecodedSpan, "hasError" | "statusMessage">;

function readStatus(message: Buffer): Status {
  const reader = new ProtobufReader(message);
  let hasError = false;
  let statusMessage: string | undefined;
  for (let tag = reader.nextTag(); tag !== undefined; tag = reader.nextTag()) {
    if (tag === STATUS.message) statusMessage = reader.delimited().toString();
    else if (tag === STATUS.code) hasError = reader.uint53() === STATUS_ERROR;
    else reader.skip(tag);
  }
  return { hasError, statusMessage };
}

function readEvent(message: Buffer): DecodedEvent {
  const reader = new ProtobufReader(message);
  const attributes = new Map<string, AttributeValue>();
  let timeUnixNano = 0n;
  let name = "";
  for (let tag = reader.nextTag(); tag !== undefined; tag = reader.nextTag()) {
    if (tag === EVENT.time) timeUnixNano = reader.fixed64();
    else if (tag === EVENT.name) name = reader.delimited().toString();
    else if (tag === EVENT.attributes) readKeyValue(reader.delimited(), attributes);
    else reader.skip(tag);
  }
  return { timeUnixNano, name, attributes };
}

function readKeyValue(message: Buffer, attributes: Map<string, AttributeValue>): void {
  const reader = new ProtobufReader(message);
  let key = "";
  let value: AttributeValue | undefined;
  for (let tag = reader.nextTag(); tag !== undefined; tag = reader.nextTag()) {
    if (tag === KEY_VALUE.key) key = reader.delimited().toString();
    else if (tag === KEY_VALUE.value) value = readAnyValue(reader.delimited());
    else reader.skip(tag);
  }
  if (value !== undefined) attributes.set(key, value);
}

/** @returns undefined for kinds that are never written (bytes, maps) */
function readAnyValue(message: Buffer): AttributeValue | undefined {
  const reader = new ProtobufReader(message);
  let value: AttributeValue | undefined;
  for (let tag = reader.nextTag(); tag !== undefined; tag = reader.nextTag()) {
    if (tag === ANY_VALUE.string) value = reader.delimited().toString();
    else if (tag === ANY_VALUE.boolean) value = reader.int64() !== 0n;
    else if (tag === ANY_VALUE.integer) value = Number(reader.int64());
    else if (tag === ANY_VALUE.double) value = reader.double();
    else if (tag === ANY_VALUE.array) value = readStrings(reader.delimited());
    else reader.skip(tag);
  }
  return value;
}

/** The texts of an array; no other arrays are written. */
function readStrings(message: Buffer): string[] {
  const reader = new ProtobufReader(message);
  const values: string[] = [];
  for (let tag = reader.nextTag(); tag !== undefined; tag = reader.nextTag()) {
    if (tag !== ARRAY_ITEM) {
      reader.skip(tag);
      continue;
    }
    const item = new ProtobufReader(reader.delimited());
    for (let inner = item.nextTag(); inner !== undefined; inner = item.nextTag()) {
      if (inner === ANY_VALUE.string) values.push(item.delimited().toString());
      else item.skip(inner);
    }
  }
  return values;
}

import type { SpanId } from "../attributes/ids";
import { EXCEPTION_KEYS, OBSERVATION_KEYS, PLAYHEAD_KEYS } from "../attributes/keys";
import type { ExceptionRecord, SpanRecord } from "../attributes/span-record";
import {
  NO_TRACE_ATTRIBUTES,
  type TraceAttributes,
  visitTraceAttributes,
} from "../attributes/trace-attributes";
import { CHILD_BINDING, EncodedSpan, ROOT_BINDING } from "./encoded-span";
import { LastTraceAttributes } from "./last-trace-attributes";
import { encodeKey, OtlpAttributeWriter } from "./otlp-attributes";
import {
  EVENT,
  FLAGS_LOCAL_PARENT,
  FLAGS_REMOTE_PARENT,
  SPAN,
  STATUS,
  STATUS_ERROR,
} from "./otlp-tags";
import { FRAME_BYTES, ProtobufWriter } from "./protobuf-writer";
import { SpanLabels } from "./span-labels";

const KIND_INTERNAL = 1;
/** More than {@link writeHead} writes. */
const HEAD_BYTES = 64;

/** Of the fields that most spans have. */
const KEYS = {
  type: encodeKey(OBSERVATION_KEYS.type),
  input: encodeKey(OBSERVATION_KEYS.input),
  output: encodeKey(OBSERVATION_KEYS.output),
  model: encodeKey(OBSERVATION_KEYS.model),
  usageDetails: encodeKey(OBSERVATION_KEYS.usageDetails),
} as const;

const writer = new ProtobufWriter();
const spanAttributes = new OtlpAttributeWriter(writer, SPAN.attributes);
const eventAttributes = new OtlpAttributeWriter(writer, EVENT.attributes);
const labels = new SpanLabels();
const lastOfTrace = new LastTraceAttributes(writer, spanAttributes);

/** Of the field of a request that a span is. Spec: ScopeSpans.spans in trace.proto */
const SPAN_TAG = 0x12;

/**
 * A span as protobuf, as it goes into a request.
 * @param traceAttributes - of its trace, as far as they are known: they may be others when it is
 * released, and are therefore its last fields
 * @param fallback - trace attributes for want of better, which are kept beside it
 * @throws RangeError where a time or a number does not fit
 */
export function encodeSpan(
  record: SpanRecord,
  traceAttributes: TraceAttributes,
  fallback: TraceAttributes = NO_TRACE_ATTRIBUTES,
): EncodedSpan {
  const { own, isRoot } = record;
  const isPlain = own === NO_TRACE_ATTRIBUTES && fallback === NO_TRACE_ATTRIBUTES;
  const common = isRoot ? ROOT_BINDING : CHILD_BINDING;
  const binding = isPlain ? common : { ...common, own, fallback };
  writer.begin();
  try {
    writer.tag(SPAN_TAG);
    const opened = writer.open();
    writeSpan(record);
    const bodyLength = writer.length - opened;
    if (own === NO_TRACE_ATTRIBUTES) lastOfTrace.write(traceAttributes);
    else visitTraceAttributes(traceAttributes, spanAttributes, own);
    writer.close(opened);
    const { memory, position: end } = writer;
    const frameAt = writer.finishInPlace();
    const bodyEnd = frameAt + FRAME_BYTES + bodyLength;
    const byteLength = end - frameAt;
    return new EncodedSpan({ memory, frameAt }, bodyEnd, byteLength, binding, traceAttributes);
  } catch (error) {
    writer.abandon();
    lastOfTrace.forget(); // it may be of this span, whose bytes are written over
    throw error;
  }
}

function writeSpan(record: SpanRecord): void {
  writeHead(record);
  writeLabel(record);
  writeObservation(record);
  visitTraceAttributes(record.own, spanAttributes);
  if (record.exceptions !== undefined) {
    for (const exception of record.exceptions) writeException(record.epochMs, exception);
  }
  if (record.level === "ERROR") writeErrorStatus(record.statusMessage);
}

/**
 * The attributes of a trace as fields of a span, to stand behind its body; see {@link EncodedSpan}.
 * @param own - what the span says itself, which is left out
 */
export function encodeTraceAttributes(attributes: TraceAttributes, own: TraceAttributes): Buffer {
  writer.begin();
  try {
    visitTraceAttributes(attributes, spanAttributes, own);
    return writer.finish();
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

/** Ids and times: what every span has, in a fixed number of bytes but for the parent. */
function writeHead({ traceId, spanId, parentSpanId, epochMs, startMs, endMs }: SpanRecord): void {
  const view = writer.claimView(HEAD_BYTES);
  let at = writer.position;
  view.setUint16(at, (SPAN.traceId << 8) | 16);
  at = putSpanId(view, traceId.high, at + 2);
  at = putSpanId(view, traceId.low, at);
  view.setUint16(at, (SPAN.spanId << 8) | 8);
  at = putSpanId(view, spanId, at + 2);
  if (parentSpanId !== undefined) {
    view.setUint16(at, (SPAN.parentSpanId << 8) | 8);
    at = putSpanId(view, parentSpanId, at + 2);
  }
  at = putTime(view, SPAN.startTime, epochMs, startMs, at);
  writer.advanceTo(putTime(view, SPAN.endTime, epochMs, endMs, at));
}

/** Big end first. */
function putSpanId(view: DataView, { high, low }: SpanId, position: number): number {
  view.setInt32(position, high);
  view.setInt32(position + 4, low);
  return position + 8;
}

/** What most spans have in common with others of their name. */
function writeLabel(record: SpanRecord): void {
  const known = labels.find(record);
  if (known !== undefined) {
    writer.bytes(known);
    return;
  }
  const { name, type, isRoot, isParentRemote } = record;
  const before = writer.length;
  writer.tag(SPAN.name);
  writer.string(name);
  writer.tag(SPAN.kind);
  writer.varint(KIND_INTERNAL);
  writeFlags(isParentRemote ? FLAGS_REMOTE_PARENT : FLAGS_LOCAL_PARENT);
  spanAttributes.encoded(KEYS.type, type);
  if (isRoot) spanAttributes.boolean(OBSERVATION_KEYS.isAppRoot, true);
  const length = writer.length - before;
  const { memory, position } = writer;
  labels.add(record, memory.subarray(position - length, position));
}

function writeObservation(record: SpanRecord): void {
  if (record.input !== undefined) spanAttributes.encoded(KEYS.input, record.input);
  if (record.output !== undefined) spanAttributes.encoded(KEYS.output, record.output);
  optional(OBSERVATION_KEYS.metadata, record.metadataText);
  if (record.metadata !== undefined) {
    for (const [key, value] of record.metadata) {
      spanAttributes.string(`${OBSERVATION_KEYS.metadata}.${key}`, value);
    }
  }
  optional(OBSERVATION_KEYS.level, record.level);
  optional(OBSERVATION_KEYS.statusMessage, record.statusMessage);
  if (record.model !== undefined) spanAttributes.encoded(KEYS.model, record.model);
  optional(OBSERVATION_KEYS.modelParameters, record.modelParameters);
  if (record.usageDetails !== undefined) {
    spanAttributes.encoded(KEYS.usageDetails, record.usageDetails);
  }
  optional(OBSERVATION_KEYS.costDetails, record.costDetails);
  if (record.completionStartMs !== undefined) {
    // Servers expect an ISO time in JSON quotes here; spec: langfuse-contract, section 12.2.
    const completionStart = new Date(record.epochMs + record.completionStartMs);
    spanAttributes.string(
      OBSERVATION_KEYS.completionStartTime,
      JSON.stringify(completionStart.toISOString()),
    );
  }
  optional(PLAYHEAD_KEYS.streamTimeline, record.streamTimeline);
  optional(OBSERVATION_KEYS.promptName, record.promptName);
  if (record.promptVersion !== undefined) {
    spanAttributes.integer(OBSERVATION_KEYS.promptVersion, record.promptVersion);
  }
}

/** Behind their tag, a varint of two bytes. */
function writeFlags(flags: number): void {
  const view = writer.claimView(6);
  const at = writer.position;
  view.setUint8(at, (SPAN.flags & 0x7f) | 0x80);
  view.setUint8(at + 1, SPAN.flags >> 7);
  view.setUint32(at + 2, flags, true);
  writer.advanceTo(at + 6);
}

function optional(key: string, value: string | undefined): void {
  if (value !== undefined) spanAttributes.string(key, value);
}

function writeException(epochMs: number, exception: ExceptionRecord): void {
  writer.tag(SPAN.events);
  const opened = writer.open();
  writeTime(EVENT.time, epochMs, exception.timeMs);
  writer.tag(EVENT.name);
  writer.string(EXCEPTION_KEYS.eventName);
  eventAttributes.string(EXCEPTION_KEYS.type, exception.type);
  eventAttributes.string(EXCEPTION_KEYS.message, exception.message);
  if (exception.stacktrace !== undefined) {
    eventAttributes.string(EXCEPTION_KEYS.stacktrace, exception.stacktrace);
  }
  writer.close(opened);
}

function writeErrorStatus(message: string | undefined): void {
  writer.tag(SPAN.status);
  const opened = writer.open();
  if (message !== undefined) {
    writer.tag(STATUS.message);
    writer.string(message);
  }
  writer.tag(STATUS.code);
  writer.varint(STATUS_ERROR);
  writer.close(opened);
}

function writeTime(tag: number, epochMs: number, ms: number): void {
  const view = writer.claimView(9);
  writer.advanceTo(putTime(view, tag, epochMs, ms, writer.position));
}

/**
 * Writes a tag, and Unix nanoseconds as fixed64 from milliseconds, in two halves: their product passes
 * 2^53, and a BigInt would cost an allocation per time stamp. No remainders: those of doubles are slow.
 * @returns the position after it
 * @throws RangeError for times before 1970 or after 2554, which fixed64 has no room for
 */
function putTime(
  view: DataView,
  tag: number,
  epochMs: number,
  ms: number,
  position: number,
): number {
  const wholeMs = Math.floor(ms);
  const unixMs = epochMs + wholeMs;
  const nanos = Math.round((ms - wholeMs) * 1e6);
  // unixMs = top * 2^21 + bottom, so that each product with 1e6 stays exact.
  const top = Math.floor(unixMs / 0x200000);
  const bottom = unixMs - top * 0x200000;
  const topNanos = top * 1e6; // counts 2^21
  const high = Math.floor(topNanos / 0x800);
  const low = (topNanos - high * 0x800) * 0x200000 + bottom * 1e6 + nanos;
  const carry = Math.floor(low / 0x100000000);
  const top32 = high + carry;
  if (!(top32 >= 0 && top32 <= 0xffffffff))
    throw new RangeError("Expected a time from 1970 to 2554");
  view.setUint8(position, tag);
  view.setUint32(position + 1, low - carry * 0x100000000, true);
  view.setUint32(position + 5, top32, true);
  return position + 9;
}

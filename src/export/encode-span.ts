import { EXCEPTION_KEYS, OBSERVATION_KEYS, PLAYHEAD_KEYS } from "../attributes/keys";
import type { ExceptionRecord, SpanRecord } from "../attributes/span-record";
import { type TraceAttributes, visitTraceAttributes } from "../attributes/trace-attributes";
import { encodeKey, OtlpAttributeWriter } from "./otlp-attributes";
import {
  EVENT,
  FLAGS_LOCAL_PARENT,
  FLAGS_REMOTE_PARENT,
  SPAN,
  STATUS,
  STATUS_ERROR,
} from "./otlp-tags";
import { ProtobufWriter } from "./protobuf-writer";

const KIND_INTERNAL = 1;

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

/**
 * A span's fields as protobuf, without the attributes of its trace: those are appended when it is
 * released (see {@link encodeTraceAttributes}), which protobuf allows.
 * @returns bytes without a length; a view on shared memory that is never written to again
 */
export function encodeSpan(record: SpanRecord): Buffer {
  writer.begin();
  try {
    writeSpan(record);
    return writer.finish();
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

function writeSpan(record: SpanRecord): void {
  writer.tag(SPAN.traceId);
  writer.hex(record.traceId);
  writer.tag(SPAN.spanId);
  writer.hex(record.spanId);
  if (record.parentSpanId !== undefined) {
    writer.tag(SPAN.parentSpanId);
    writer.hex(record.parentSpanId);
  }
  writer.tag(SPAN.name);
  writer.string(record.name);
  writer.tag(SPAN.kind);
  writer.varint(KIND_INTERNAL);
  writer.tag(SPAN.startTime);
  writeUnixNano(record.epochMs, record.startMs);
  writer.tag(SPAN.endTime);
  writeUnixNano(record.epochMs, record.endMs);
  writeObservation(record);
  visitTraceAttributes(record.own, spanAttributes);
  if (record.exceptions !== undefined) {
    for (const exception of record.exceptions) writeException(record.epochMs, exception);
  }
  if (record.level === "ERROR") writeErrorStatus(record.statusMessage);
  writer.varint(SPAN.flags);
  writer.fixed32(record.isParentRemote ? FLAGS_REMOTE_PARENT : FLAGS_LOCAL_PARENT);
}

/**
 * The attributes of a trace as fields of a span, to be appended to {@link encodeSpan}'s bytes.
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

function writeObservation(record: SpanRecord): void {
  spanAttributes.encoded(KEYS.type, record.type);
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
  if (record.isRoot) spanAttributes.boolean(OBSERVATION_KEYS.isAppRoot, true);
}

function optional(key: string, value: string | undefined): void {
  if (value !== undefined) spanAttributes.string(key, value);
}

function writeException(epochMs: number, exception: ExceptionRecord): void {
  writer.tag(SPAN.events);
  const opened = writer.open();
  writer.tag(EVENT.time);
  writeUnixNano(epochMs, exception.timeMs);
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

/**
 * Writes Unix nanoseconds as fixed64 from milliseconds, in two halves: their product passes 2^53,
 * and a BigInt would cost an allocation per time stamp.
 */
function writeUnixNano(epochMs: number, ms: number): void {
  const wholeMs = Math.floor(ms);
  const unixMs = epochMs + wholeMs;
  const nanos = Math.round((ms - wholeMs) * 1e6);
  // unixMs = top * 2^21 + bottom, so that each product with 1e6 stays exact.
  const top = Math.floor(unixMs / 0x200000) * 1e6; // counts 2^21
  const bottom = (unixMs % 0x200000) * 1e6 + nanos;
  const low = (top % 0x800) * 0x200000 + (bottom % 0x100000000);
  const high = Math.floor(top / 0x800) + Math.floor(bottom / 0x100000000);
  writer.fixed64(low % 0x100000000, high + Math.floor(low / 0x100000000));
}

import { SpanId, TraceId } from "../../src/attributes/ids";
import type { BoundTrace, SpanRecord } from "../../src/attributes/span-record";
import { NO_TRACE_ATTRIBUTES, type TraceAttributes } from "../../src/attributes/trace-attributes";
import { createRequestEncoder, type RequestHead } from "../../src/export/encode-request";
import { encodeSpan } from "../../src/export/encode-span";
import { framedLength } from "../../src/export/protobuf-writer";
import type { ReleasedSpan } from "../../src/export/released-span";
import { createRecord as createStartedRecord } from "../../src/observation/create-record";

type IdName = "traceId" | "spanId" | "parentSpanId";

/** Ids as hex digits. */
export type RecordFields = Partial<Omit<SpanRecord, IdName>> & {
  readonly [Name in IdName]?: string | undefined;
};

/** A small valid record; a test names only what it is about. */
export function createRecord({
  traceId = "0af7651916cd43dd8448eb211c80319c",
  spanId = "b7ad6b7169203331",
  parentSpanId,
  ...fields
}: RecordFields = {}): SpanRecord {
  const record = createStartedRecord({
    traceId: TraceId.parse(traceId),
    spanId: SpanId.parse(spanId),
    parentSpanId: parentSpanId === undefined ? undefined : SpanId.parse(parentSpanId),
    type: "span",
    epochMs: 1_700_000_000_000,
    startMs: 1,
    own: NO_TRACE_ATTRIBUTES,
  });
  return { ...record, isRoot: false, endMs: 2, name: "work", ...fields };
}

/** A trace whose attributes a test may replace, as an update does. */
export interface OpenTrace extends BoundTrace {
  attributes: TraceAttributes;
  isOver: boolean;
}

export function createTrace(attributes: TraceAttributes = NO_TRACE_ATTRIBUTES): OpenTrace {
  return { attributes, isOver: false, held: undefined };
}

/** A record's bytes as an ended span's body. */
export function encodeBody(record: SpanRecord): Buffer {
  return encodeSpan(record, NO_TRACE_ATTRIBUTES).body;
}

/** Encodes requests in one piece. */
export function wholeRequests(head: RequestHead): (spans: readonly ReleasedSpan[]) => Buffer {
  const encode = createRequestEncoder(head);
  return (spans) => Buffer.concat(encode(spans).pieces);
}

/** A released span in parts. */
export function released(body: Buffer, traceAttributes: Buffer = Buffer.alloc(0)): ReleasedSpan {
  const byteLength = framedLength(body.length + traceAttributes.length);
  return { body, traceAttributes, whole: undefined, isRoot: false, byteLength };
}

import type { BoundTrace, SpanRecord } from "../../src/attributes/span-record";
import { NO_TRACE_ATTRIBUTES, type TraceAttributes } from "../../src/attributes/trace-attributes";
import type { ReleasedSpan } from "../../src/export/released-span";
import { createRecord as createStartedRecord } from "../../src/observation/create-record";

/** A small valid record; a test names only what it is about. */
export function createRecord(fields: Partial<SpanRecord> = {}): SpanRecord {
  const record = createStartedRecord({
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    parentSpanId: undefined,
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
  return { attributes, isOver: false };
}

export function released(body: Buffer, traceAttributes: Buffer = Buffer.alloc(0)): ReleasedSpan {
  return { body, traceAttributes, isRoot: false, byteLength: body.length + traceAttributes.length };
}

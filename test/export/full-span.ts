import type { SpanRecord } from "../../src/attributes/span-record";
import { NO_TRACE_ATTRIBUTES, type TraceAttributes } from "../../src/attributes/trace-attributes";
import { encodeTraceAttributes } from "../../src/export/encode-span";
import { framedLength } from "../../src/export/protobuf-writer";
import type { ReleasedSpan } from "../../src/export/released-span";
import { createRecord, encodeBody, type RecordFields } from "../support/span-records";

/** A generation that has every field. It runs from 2025-11-22T10:20:00.250Z to 10:20:01.750Z. */
export function createFullRecord(fields: RecordFields = {}): SpanRecord {
  return createRecord({
    traceId: "0123456789abcdef0123456789abcdef",
    spanId: "0123456789abcdef",
    parentSpanId: "fedcba9876543210",
    isParentRemote: true,
    isRoot: true,
    type: "generation",
    epochMs: 1_763_806_800_000,
    startMs: 250.5,
    endMs: 1_750,
    name: "answer",
    input: '[{"role":"user","content":"hi"}]',
    output: "hello",
    metadata: new Map([["plan", "pro"]]),
    metadataText: "[1,2]",
    level: "ERROR",
    statusMessage: "the model said no",
    model: "gpt-4o",
    modelParameters: '{"temperature":0.5}',
    usageDetails: '{"input":10,"output":5}',
    costDetails: '{"total":0.25}',
    completionStartMs: 1_000,
    promptName: "greeting",
    promptVersion: 3,
    exceptions: [
      { timeMs: 1_500, type: "TypeError", message: "no", stacktrace: "TypeError: no\n    at x" },
    ],
    own: { sessionId: "s-1", tags: ["a", "b"], public: true },
    ...fields,
  });
}

/** A span as it leaves the hold, with the attributes of its trace. */
export function releaseSpan(
  record: SpanRecord,
  trace: TraceAttributes = NO_TRACE_ATTRIBUTES,
): ReleasedSpan {
  const body = encodeBody(record);
  const traceAttributes = encodeTraceAttributes(trace, record.own);
  const byteLength = framedLength(body.length + traceAttributes.length);
  return { body, traceAttributes, whole: undefined, isRoot: record.isRoot, byteLength };
}

import type { SpanRecord } from "../attributes/span-record";

/** What is fixed of a record when it is made. */
export type RecordStart = Pick<
  SpanRecord,
  "traceId" | "spanId" | "parentSpanId" | "type" | "epochMs" | "startMs" | "own"
>;

/**
 * The record of an observation that has just started: nothing given yet, and it ends where it starts.
 * All fields are there from the beginning, in one order, which keeps the object's shape.
 */
export function createRecord(start: RecordStart): SpanRecord {
  return {
    traceId: start.traceId,
    spanId: start.spanId,
    parentSpanId: start.parentSpanId,
    isParentRemote: false,
    isRoot: start.parentSpanId === undefined,
    type: start.type,
    epochMs: start.epochMs,
    startMs: start.startMs,
    endMs: start.startMs,
    name: "unnamed",
    input: undefined,
    output: undefined,
    metadata: undefined,
    metadataText: undefined,
    media: undefined,
    level: undefined,
    statusMessage: undefined,
    model: undefined,
    modelParameters: undefined,
    usageDetails: undefined,
    costDetails: undefined,
    completionStartMs: undefined,
    streamTimeline: undefined,
    promptName: undefined,
    promptVersion: undefined,
    exceptions: undefined,
    own: start.own,
  };
}

import type { OutlineRecord } from "../store/outline-store";
import type { TraceRecord } from "../store/records";
import type { Store } from "../store/store";
import { isoMicros } from "../store/time-text";
import type { Step, TraceOutline } from "./detail-types";
import { firstTokenUs, parsedOrText } from "./observation-fields";
import { durationMs, scoreView, tokensOf } from "./studio-views";

/** A trace with the outline of each observation, however many there are. */
export function traceOutline(trace: TraceRecord, store: Store): TraceOutline {
  const root = store.outlines.getObservation(trace.id, trace.rootId);
  return {
    traceId: trace.id,
    rootId: trace.rootId,
    sessionId: trace.sessionId,
    name: trace.name,
    userId: trace.userId,
    tags: trace.tags,
    environment: trace.environment,
    version: trace.version,
    release: trace.release,
    metadata: store.outlines.metadataOfTrace(trace.id),
    startedAt: isoMicros(trace.startUs),
    endedAt: isoMicros(trace.endUs),
    durationMs: durationMs(trace),
    input: parsedOrText(root?.input ?? null),
    output: parsedOrText(root?.output ?? null),
    level: root?.level ?? "DEFAULT",
    statusMessage: root?.statusMessage ?? null,
    tokens: tokensOf(trace),
    totalCost: trace.totalCost,
    errorCount: trace.errorCount,
    steps: store.outlines.stepsOfTrace(trace.id).map((step) => stepOf(step, trace.startUs)),
    scores: store.scoresOfTrace(trace.id).map(scoreView),
  };
}

function stepOf(record: OutlineRecord, traceStartUs: number): Step {
  const toFirstTokenUs = firstTokenUs(record);
  return {
    id: record.id,
    parentId: record.parentId,
    type: record.type,
    name: record.name,
    startedAt: isoMicros(record.startUs),
    startOffsetMs: (record.startUs - traceStartUs) / 1000,
    durationMs: durationMs(record),
    timeToFirstTokenMs: toFirstTokenUs === null ? null : toFirstTokenUs / 1000,
    level: record.level,
    statusMessage: record.statusMessage,
    model: record.model,
    tokens: tokensOf(record),
    totalCost: record.totalCost,
  };
}

import type { OutlineRecord } from "../store/outline-store";
import type { StepRecord, Totals, TraceRecord } from "../store/records";
import { isoMicros } from "../store/time-text";
import type { Step } from "./detail-types";
import { firstTokenUs } from "./observation-fields";
import type { StepOutline, TokenCounts, Turn } from "./types";

/** What every view of an observation begins with. @param turnStartUs - its times are counted from */
export function stepOutline(step: Omit<StepRecord, "traceId">, turnStartUs: number): StepOutline {
  const toFirstTokenUs = firstTokenUs(step);
  return {
    id: step.id,
    parentId: step.parentId,
    type: step.type,
    name: step.name,
    startedAt: isoMicros(step.startUs),
    startOffsetMs: (step.startUs - turnStartUs) / 1000,
    durationMs: durationMs(step),
    timeToFirstTokenMs: toFirstTokenUs === null ? null : toFirstTokenUs / 1000,
    level: step.level,
  };
}

/** All of an observation that is not large. @param turnStartUs - its times are counted from */
export function stepView(record: OutlineRecord, turnStartUs: number): Step {
  return {
    ...stepOutline(record, turnStartUs),
    statusMessage: record.statusMessage,
    model: record.model,
    tokens: tokensOf(record),
    totalCost: record.totalCost,
  };
}

/** What a trace's own row says of it. */
export function turnHead(
  trace: TraceRecord,
): Omit<
  Turn,
  "metadata" | "input" | "output" | "level" | "statusMessage" | "observations" | "scores"
> {
  return {
    traceId: trace.id,
    sessionId: trace.sessionId,
    name: trace.name,
    userId: trace.userId,
    tags: trace.tags,
    environment: trace.environment,
    version: trace.version,
    release: trace.release,
    startedAt: isoMicros(trace.startUs),
    endedAt: isoMicros(trace.endUs),
    durationMs: durationMs(trace),
    tokens: tokensOf(trace),
    totalCost: trace.totalCost,
    errorCount: trace.errorCount,
  };
}

export function durationMs({ startUs, endUs }: { startUs: number; endUs: number }): number {
  return (endUs - startUs) / 1000;
}

export function tokensOf(
  totals: Pick<Totals, "inputTokens" | "outputTokens" | "totalTokens">,
): TokenCounts {
  return { input: totals.inputTokens, output: totals.outputTokens, total: totals.totalTokens };
}

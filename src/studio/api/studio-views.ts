import type {
  ObservationRecord,
  ScoreRecord,
  SessionRecord,
  Totals,
  TraceRecord,
} from "../store/records";
import type { FoundSession } from "../store/session-lists";
import type { Store } from "../store/store";
import { isoMicros } from "../store/time-text";
import { firstTokenUs, parsedOrText } from "./observation-fields";
import { traceMetadata } from "./trace-metadata";
import type {
  ObservationView,
  ScoreView,
  SessionDetail,
  SessionSummary,
  TokenCounts,
  TraceSummary,
  Turn,
} from "./types";

export function sessionSummary(session: SessionRecord): SessionSummary {
  return {
    id: session.id,
    firstMessage: session.firstMessage,
    userIds: session.userIds,
    traceCount: session.traceCount,
    observationCount: session.observationCount,
    startedAt: isoMicros(session.startUs),
    endedAt: isoMicros(session.endUs),
    durationMs: durationMs(session),
    models: session.models,
    tokens: tokensOf(session),
    totalCost: session.totalCost,
    errorCount: session.errorCount,
    tags: session.tags,
    environments: session.environments,
    scores: session.scores,
    isBookmarked: session.isBookmarked,
  };
}

/** A row of a list that was searched says where the words stand. */
export function foundSessionSummary({
  session,
  match,
  matchTraceId,
}: FoundSession): SessionSummary {
  return {
    ...sessionSummary(session),
    ...(match === undefined ? {} : { match }),
    ...(matchTraceId === undefined ? {} : { matchTraceId }),
  };
}

export function traceSummary(trace: TraceRecord): TraceSummary {
  return {
    id: trace.id,
    name: trace.name,
    firstMessage: trace.firstMessage,
    userId: trace.userId,
    startedAt: isoMicros(trace.startUs),
    durationMs: durationMs(trace),
    observationCount: trace.observationCount,
    models: trace.models,
    tokens: tokensOf(trace),
    totalCost: trace.totalCost,
    errorCount: trace.errorCount,
  };
}

export function sessionDetail(session: SessionRecord, store: Store): SessionDetail {
  return {
    session: sessionSummary(session),
    turns: store.tracesOfSession(session.id).map((trace) => turnOf(trace, store)),
    scores: store.scoresOfSession(session.id).map(scoreView),
  };
}

/** One turn of a conversation: a trace with all that is in it. */
export function turnOf(trace: TraceRecord, store: Store): Turn {
  const observations = store.observationsOfTrace(trace.id);
  const root = observations.find(({ id }) => id === trace.rootId);
  return {
    traceId: trace.id,
    sessionId: trace.sessionId,
    name: trace.name,
    userId: trace.userId,
    tags: trace.tags,
    environment: trace.environment,
    version: trace.version,
    release: trace.release,
    metadata: traceMetadata(observations),
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
    observations: observations.map((observation) => observationView(observation, trace.startUs)),
    scores: store.scoresOfTrace(trace.id).map(scoreView),
  };
}

export function observationView(record: ObservationRecord, turnStartUs: number): ObservationView {
  const toFirstTokenUs = firstTokenUs(record);
  return {
    id: record.id,
    parentId: record.parentId,
    type: record.type,
    name: record.name,
    startedAt: isoMicros(record.startUs),
    startOffsetMs: (record.startUs - turnStartUs) / 1000,
    durationMs: durationMs(record),
    timeToFirstTokenMs: toFirstTokenUs === null ? null : toFirstTokenUs / 1000,
    level: record.level,
    statusMessage: record.statusMessage,
    model: record.model,
    modelParameters: record.modelParameters,
    usageDetails: record.usageDetails,
    costDetails: record.costDetails,
    tokens: tokensOf(record),
    totalCost: record.totalCost,
    promptName: record.promptName,
    promptVersion: record.promptVersion,
    input: parsedOrText(record.input),
    output: parsedOrText(record.output),
    ...(record.streamTimeline !== undefined && { streamTimeline: record.streamTimeline }),
    metadata: record.metadata,
    exceptions: record.exceptions,
  };
}

export function scoreView(score: ScoreRecord): ScoreView {
  return {
    id: score.id,
    name: score.name,
    dataType: score.dataType,
    value: scoreValue(score),
    comment: score.comment,
    source: score.source,
    timestamp: isoMicros(score.timestampUs),
    traceId: score.traceId,
    observationId: score.observationId,
    sessionId: score.sessionId,
  };
}

function scoreValue(score: ScoreRecord): number | string | boolean {
  if (score.dataType === "NUMERIC") return score.value;
  return score.dataType === "BOOLEAN" ? score.value === 1 : (score.stringValue ?? "");
}

export function durationMs({ startUs, endUs }: { startUs: number; endUs: number }): number {
  return (endUs - startUs) / 1000;
}

export function tokensOf(
  totals: Pick<Totals, "inputTokens" | "outputTokens" | "totalTokens">,
): TokenCounts {
  return { input: totals.inputTokens, output: totals.outputTokens, total: totals.totalTokens };
}

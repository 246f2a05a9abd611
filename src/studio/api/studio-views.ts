import type { ObservationRecord, ScoreRecord, SessionRecord, TraceRecord } from "../store/records";
import type { FoundSession } from "../store/session-lists";
import type { Store } from "../store/store";
import { isoMicros } from "../store/time-text";
import { parsedOrText } from "./observation-fields";
import { durationMs, stepView, tokensOf, turnHead } from "./step-views";
import { traceMetadata } from "./trace-metadata";
import type {
  ObservationView,
  ScoreView,
  SessionDetail,
  SessionSummary,
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
    ...turnHead(trace),
    metadata: traceMetadata(observations),
    input: parsedOrText(root?.input ?? null),
    output: parsedOrText(root?.output ?? null),
    level: root?.level ?? "DEFAULT",
    statusMessage: root?.statusMessage ?? null,
    observations: observations.map((observation) => observationView(observation, trace.startUs)),
    scores: store.scoresOfTrace(trace.id).map(scoreView),
  };
}

export function observationView(record: ObservationRecord, turnStartUs: number): ObservationView {
  return {
    ...stepView(record, turnStartUs),
    modelParameters: record.modelParameters,
    usageDetails: record.usageDetails,
    costDetails: record.costDetails,
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
    configId: score.configId,
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

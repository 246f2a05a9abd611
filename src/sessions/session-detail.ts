import {
  OBSERVATION_LEVELS,
  OBSERVATION_TYPES,
  type ObservationLevel,
  type ObservationType,
} from "../attributes/observation-types";
import type { ObservationView, ScoreView, SessionDetail, Turn } from "../studio/api/types";
import { parsed } from "./json-fields";
import { distinct, ORIGIN_FIELDS, spokenText } from "./source";
import type { SourceObservation, SourceScore, SourceSession, SourceTrace } from "./types";
import { sumCost, sumTokens } from "./v4-source";

/** A session as the studio tells it, from what Langfuse's API tells. */
export function sessionDetail({ id, traces, scores }: SourceSession): SessionDetail {
  const turns = traces.map(turnOf);
  const observations = turns.flatMap((turn) => turn.observations);
  const startMs = Math.min(...turns.map((turn) => Date.parse(turn.startedAt)));
  const endMs = Math.max(...turns.map((turn) => Date.parse(turn.endedAt)));
  return {
    session: {
      id,
      firstMessage: spokenText(turns[0]?.input),
      userIds: distinct(turns.map((turn) => turn.userId)),
      traceCount: turns.length,
      observationCount: observations.length,
      startedAt: new Date(startMs).toISOString(),
      endedAt: new Date(endMs).toISOString(),
      durationMs: endMs - startMs,
      models: distinct(observations.map(({ model }) => model)),
      tokens: sumTokens(observations),
      totalCost: sumCost(observations),
      errorCount: observations.filter(({ level }) => level === "ERROR").length,
      tags: [...new Set(turns.flatMap((turn) => turn.tags))],
      environments: distinct(turns.map((turn) => turn.environment)),
      scores: [], // each of them stands below
      isBookmarked: false,
    },
    turns,
    scores: scores.map(scoreView),
  };
}

function turnOf(trace: SourceTrace): Turn {
  const { observations } = trace;
  const ids = new Set(observations.map(({ id }) => id));
  const root = observations.find(({ parentId }) => parentId === null || !ids.has(parentId));
  const startedAt = observations[0]?.startedAt ?? trace.timestamp;
  const startMs = Date.parse(startedAt);
  const endMs = Math.max(startMs, ...observations.map(({ endedAt }) => Date.parse(endedAt)));
  return {
    traceId: trace.id,
    sessionId: trace.sessionId,
    name: trace.name,
    userId: trace.userId,
    tags: trace.tags,
    environment: trace.environment,
    version: trace.version,
    release: trace.release,
    metadata: withoutOrigin(trace.metadata),
    startedAt,
    endedAt: new Date(endMs).toISOString(),
    durationMs: endMs - startMs,
    input: parsed(trace.input ?? root?.input ?? null),
    output: parsed(trace.output ?? root?.output ?? null),
    level: levelOf(root?.level),
    statusMessage: root?.statusMessage ?? null,
    tokens: sumTokens(observations),
    totalCost: sumCost(observations),
    errorCount: observations.filter(({ level }) => level === "ERROR").length,
    observations: observations.map((observation) => observationView(observation, startMs)),
    scores: trace.scores.map(scoreView),
  };
}

function observationView(observation: SourceObservation, turnStartMs: number): ObservationView {
  const startMs = Date.parse(observation.startedAt);
  const { completionStartedAt } = observation;
  return {
    id: observation.id,
    parentId: observation.parentId,
    type: typeOf(observation.type),
    name: observation.name,
    startedAt: observation.startedAt,
    startOffsetMs: startMs - turnStartMs,
    durationMs: Math.max(0, Date.parse(observation.endedAt) - startMs),
    timeToFirstTokenMs:
      completionStartedAt === null ? null : Math.max(0, Date.parse(completionStartedAt) - startMs),
    level: levelOf(observation.level),
    statusMessage: observation.statusMessage,
    model: observation.model,
    modelParameters: observation.modelParameters,
    usageDetails: observation.usageDetails,
    costDetails: observation.costDetails,
    tokens: sumTokens([observation]),
    totalCost: observation.totalCost,
    promptName: observation.promptName,
    promptVersion: observation.promptVersion,
    input: parsed(observation.input),
    output: parsed(observation.output),
    metadata: withoutOrigin(observation.metadata),
    exceptions: [], // Langfuse keeps none
  };
}

function withoutOrigin(metadata: SourceTrace["metadata"]): SourceTrace["metadata"] {
  const entries = Object.entries(metadata).filter(([key]) => !ORIGIN_FIELDS.includes(key));
  return Object.fromEntries(entries);
}

/** Types and levels that a later Langfuse may know are shown as the plainest. */
function typeOf(type: string): ObservationType {
  return OBSERVATION_TYPES.find((known) => known === type) ?? "span";
}

function levelOf(level: string | undefined): ObservationLevel {
  return OBSERVATION_LEVELS.find((known) => known === level) ?? "DEFAULT";
}

const SCORE_TYPES = ["NUMERIC", "CATEGORICAL", "BOOLEAN", "TEXT", "CORRECTION"] as const;

function scoreView(score: SourceScore): ScoreView {
  return {
    id: score.id,
    name: score.name,
    dataType: SCORE_TYPES.find((known) => known === score.dataType) ?? "TEXT",
    value: score.value,
    comment: score.comment,
    source: score.source,
    configId: score.configId,
    timestamp: score.timestamp,
    traceId: score.traceId,
    observationId: score.observationId,
    sessionId: score.sessionId,
  };
}

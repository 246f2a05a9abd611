import type { ObservationRecord, ScoreRecord, SessionRecord, TraceRecord } from "../store/records";
import type { Store } from "../store/store";
import { isoMillis } from "../store/time-text";
import {
  latencySeconds,
  parsedOrText,
  publicMetadata,
  timeToFirstTokenSeconds,
} from "./observation-fields";
import { withId } from "./paths";
import { PROJECT_ID } from "./project";
import type {
  PublicObservation,
  PublicScore,
  PublicSession,
  PublicTrace,
  PublicTraceWithDetails,
} from "./public-types";
import { traceMetadata } from "./trace-metadata";

export function publicSession(session: SessionRecord): PublicSession {
  return {
    id: session.id,
    createdAt: isoMillis(session.startUs),
    projectId: PROJECT_ID,
    environment: session.environments[0] ?? "default",
  };
}

export function publicTrace(
  trace: TraceRecord,
  observations: readonly ObservationRecord[],
): PublicTrace {
  const root = observations.find(({ id }) => id === trace.rootId);
  return {
    id: trace.id,
    externalId: null,
    timestamp: isoMillis(trace.startUs),
    name: trace.name,
    userId: trace.userId,
    metadata: traceMetadata(observations),
    release: trace.release,
    version: trace.version,
    projectId: PROJECT_ID,
    environment: trace.environment,
    public: trace.isPublic,
    bookmarked: false,
    tags: trace.tags,
    input: parsedOrText(root?.input ?? null),
    output: parsedOrText(root?.output ?? null),
    sessionId: trace.sessionId,
    createdAt: isoMillis(trace.startUs),
    updatedAt: isoMillis(trace.endUs),
  };
}

export function publicTraceWithDetails(trace: TraceRecord, store: Store): PublicTraceWithDetails {
  const observations = store.observationsOfTrace(trace.id);
  return {
    ...publicTrace(trace, observations),
    htmlPath: `/project/${PROJECT_ID}/${withId("trace", trace.id)}`,
    latency: latencySeconds(trace),
    totalCost: trace.totalCost ?? 0,
    observations: observations.map(publicObservation),
    scores: store.scoresOfTrace(trace.id).map(publicScore),
  };
}

function publicObservation(record: ObservationRecord): PublicObservation {
  return {
    id: record.id,
    traceId: record.traceId,
    projectId: PROJECT_ID,
    type: record.type.toUpperCase(),
    name: record.name,
    startTime: isoMillis(record.startUs),
    endTime: isoMillis(record.endUs),
    completionStartTime:
      record.completionStartUs === null ? null : isoMillis(record.completionStartUs),
    parentObservationId: record.parentId,
    level: record.level,
    statusMessage: record.statusMessage,
    version: record.version,
    environment: record.environment,
    input: parsedOrText(record.input),
    output: parsedOrText(record.output),
    metadata: publicMetadata(record),
    model: record.model,
    modelId: null,
    modelParameters: record.modelParameters,
    usage: {
      unit: "TOKENS",
      input: record.inputTokens,
      output: record.outputTokens,
      total: record.totalTokens,
    },
    usageDetails: record.usageDetails,
    costDetails: record.costDetails,
    inputPrice: null,
    outputPrice: null,
    totalPrice: null,
    calculatedInputCost: record.costDetails["input"] ?? null,
    calculatedOutputCost: record.costDetails["output"] ?? null,
    calculatedTotalCost: record.totalCost,
    promptId: null,
    promptName: record.promptName,
    promptVersion: record.promptVersion,
    latency: latencySeconds(record),
    timeToFirstToken: timeToFirstTokenSeconds(record),
    createdAt: isoMillis(record.startUs),
    updatedAt: isoMillis(record.endUs),
  };
}

function publicScore(score: ScoreRecord): PublicScore {
  const timestamp = isoMillis(score.timestampUs);
  return {
    id: score.id,
    traceId: score.traceId,
    observationId: score.observationId,
    sessionId: score.sessionId,
    datasetRunId: score.datasetRunId,
    projectId: PROJECT_ID,
    environment: score.environment,
    name: score.name,
    dataType: score.dataType,
    value: score.value,
    ...(score.stringValue === null ? {} : { stringValue: score.stringValue }),
    source: score.source,
    comment: score.comment,
    metadata: score.metadata ?? {},
    authorUserId: null,
    configId: score.configId,
    queueId: score.queueId,
    timestamp,
    createdAt: timestamp,
    updatedAt: timestamp,
  };
}

import type { ObservationRecord, SessionRecord, TraceRecord } from "../store/records";
import type { Store } from "../store/store";
import { isoMillis } from "../store/time-text";
import type { TraceContent } from "../store/trace-queries";
import { isTraceRow, traceRowId } from "../store/trace-row";
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
  PublicSession,
  PublicTrace,
  PublicTraceInList,
  PublicTraceWithDetails,
  TraceFieldGroup,
} from "./public-types";
import { publicScoreV1 } from "./score-views";

export function publicSession(session: SessionRecord): PublicSession {
  return {
    id: session.id,
    createdAt: isoMillis(session.startUs),
    projectId: PROJECT_ID,
    environment: session.environments[0] ?? "default",
  };
}

export function publicTrace(trace: TraceRecord, content: TraceContent): PublicTrace {
  return {
    id: trace.id,
    externalId: null,
    timestamp: isoMillis(trace.startUs),
    name: trace.name,
    userId: trace.userId,
    metadata: content.metadata,
    release: trace.release,
    version: trace.version,
    projectId: PROJECT_ID,
    environment: trace.environment,
    public: trace.isPublic,
    bookmarked: false,
    tags: trace.tags,
    input: parsedOrText(content.input),
    output: parsedOrText(content.output),
    sessionId: trace.sessionId,
    createdAt: isoMillis(trace.startUs),
    updatedAt: isoMillis(trace.endUs),
  };
}

export function publicTraceInList(
  trace: TraceRecord,
  store: Store,
  groups: readonly TraceFieldGroup[],
): PublicTraceInList {
  return {
    ...traceWithFigures(trace, store, groups),
    observations: groups.includes("observations") ? observationIdsOf(trace, store) : [],
    scores: groups.includes("scores") ? store.scores.idsOfTrace(trace.id) : [],
  };
}

function observationIdsOf(trace: TraceRecord, store: Store): readonly string[] {
  return store.traces.observationIdsOf(trace.id).filter((id) => id !== traceRowId(trace.id));
}

export function publicTraceWithDetails(
  trace: TraceRecord,
  store: Store,
  groups: readonly TraceFieldGroup[],
): PublicTraceWithDetails {
  return {
    ...traceWithFigures(trace, store, groups),
    observations: groups.includes("observations")
      ? store
          .observationsOfTrace(trace.id)
          .filter((observation) => !isTraceRow(observation))
          .map(publicObservation)
      : [],
    scores: groups.includes("scores") ? store.scoresOfTrace(trace.id).map(publicScoreV1) : [],
  };
}

const NO_CONTENT: TraceContent = { input: null, output: null, metadata: {} };

function traceWithFigures(trace: TraceRecord, store: Store, groups: readonly TraceFieldGroup[]) {
  const content = groups.includes("io") ? store.traces.contentOf(trace) : NO_CONTENT;
  const hasMetrics = groups.includes("metrics");
  return {
    ...publicTrace(trace, content),
    htmlPath: `/project/${PROJECT_ID}/${withId("trace", trace.id)}`,
    latency: hasMetrics ? latencySeconds(trace) : -1,
    totalCost: hasMetrics ? (trace.totalCost ?? 0) : -1,
  };
}

/** Of version 1, which does not know the traces' own rows; see trace-row.ts. */
export function publicObservation(record: ObservationRecord): PublicObservation {
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
    parentObservationId: record.parentId === traceRowId(record.traceId) ? null : record.parentId,
    level: record.level,
    statusMessage: record.statusMessage,
    version: record.version,
    environment: record.environment,
    input: parsedOrText(record.input),
    output: parsedOrText(record.output),
    metadata: publicMetadata(record),
    model: record.model,
    modelId: record.priceModelId ?? null,
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

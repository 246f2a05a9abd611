import type { ScoreRecord } from "../store/records";
import type { Store } from "../store/store";
import { isoMillis } from "../store/time-text";
import { PROJECT_ID } from "./project";
import type {
  PublicScoreTrace,
  PublicScoreV1,
  PublicScoreV2,
  PublicScoreV3,
  ScoreFieldGroup,
} from "./public-score-types";

export function publicScoreV1(score: ScoreRecord): PublicScoreV1 {
  const timestamp = isoMillis(score.timestampUs);
  return {
    id: score.id,
    traceId: score.traceId,
    observationId: score.observationId,
    projectId: PROJECT_ID,
    environment: score.environment,
    name: score.name,
    dataType: score.dataType,
    ...(score.dataType === "TEXT" ? {} : { value: score.value }),
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

export function publicScoreV2(score: ScoreRecord): PublicScoreV2 {
  const { sessionId, datasetRunId } = score;
  return { ...publicScoreV1(score), sessionId, datasetRunId };
}

/** What is known of the trace that a score is of, or in; null for scores of sessions and runs. */
export function scoreTrace({ traceId }: ScoreRecord, store: Store): PublicScoreTrace | null {
  if (traceId === null) return null;
  const trace = store.getTrace(traceId);
  return {
    userId: trace?.userId ?? null,
    tags: trace?.tags ?? [],
    environment: trace?.environment ?? null,
    sessionId: trace?.sessionId ?? null,
  };
}

export function publicScoreV3(
  score: ScoreRecord,
  groups: readonly ScoreFieldGroup[],
): PublicScoreV3 {
  const timestamp = isoMillis(score.timestampUs);
  return {
    id: score.id,
    projectId: PROJECT_ID,
    name: score.name,
    dataType: score.dataType,
    value: typedValue(score),
    source: score.source,
    timestamp,
    environment: score.environment,
    createdAt: timestamp,
    updatedAt: timestamp,
    ...(groups.includes("details")
      ? { comment: score.comment, configId: score.configId, metadata: score.metadata ?? {} }
      : {}),
    ...(groups.includes("subject") ? { subject: subjectOf(score) } : {}),
    ...(groups.includes("annotation") ? { authorUserId: null, queueId: score.queueId } : {}),
  };
}

function typedValue({ dataType, value, stringValue }: ScoreRecord): number | boolean | string {
  if (dataType === "NUMERIC") return value;
  return dataType === "BOOLEAN" ? value === 1 : (stringValue ?? "");
}

function subjectOf(score: ScoreRecord): NonNullable<PublicScoreV3["subject"]> {
  const { traceId, observationId, sessionId, datasetRunId } = score;
  if (datasetRunId !== null) return { kind: "experiment", id: datasetRunId };
  if (observationId !== null) {
    return { kind: "observation", id: observationId, ...(traceId === null ? {} : { traceId }) };
  }
  if (sessionId !== null) return { kind: "session", id: sessionId };
  return { kind: "trace", id: traceId ?? "" };
}

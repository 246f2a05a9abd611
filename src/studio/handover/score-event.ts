import type { ScoreRecord } from "../store/records";
import { isoMicros } from "../store/time-text";

/**
 * A score as an event of the batch, always the same for the same score. One whose configuration the
 * endpoint does not have goes without it: Langfuse would take the event, and lose the score.
 * @param hasConfig - whether the endpoint has a configuration of that id
 * Spec: langfuse-contract, section 2
 */
export function scoreEvent(score: ScoreRecord, hasConfig: (id: string) => boolean): object {
  const { id, dataType, configId, source, traceId, observationId, sessionId, datasetRunId } = score;
  const isWithConfig = configId !== null && hasConfig(configId);
  const timestamp = isoMicros(score.timestampUs);
  // An annotation needs a configuration, unless it is a correction.
  const isLoose = source === "ANNOTATION" && !isWithConfig && dataType !== "CORRECTION";
  return {
    id, // the same score is the same event
    timestamp,
    type: "score-create",
    body: {
      id,
      name: score.name,
      dataType,
      value:
        dataType === "NUMERIC" || dataType === "BOOLEAN" ? score.value : (score.stringValue ?? ""),
      comment: score.comment,
      metadata: score.metadata,
      source: isLoose ? "API" : source,
      environment: score.environment,
      configId: isWithConfig ? configId : null,
      queueId: score.queueId,
      timestamp,
      traceId,
      observationId,
      sessionId,
      datasetRunId,
    },
  };
}

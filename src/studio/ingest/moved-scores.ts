import type { JsonValue } from "../api/types";
import { isJsonObject } from "../store/json-text";

/**
 * The `metadata` of a batch with which whoever moves sessions says that the configurations of its
 * scores may be elsewhere: each score keeps its `configId` then, known here or not. Langfuse reads
 * nothing of it.
 */
export const MOVED_SCORES = { unknownScoreConfigs: "keep" } as const;

export function areMovedScores(metadata: JsonValue | undefined): boolean {
  return (
    isJsonObject(metadata) && metadata["unknownScoreConfigs"] === MOVED_SCORES.unknownScoreConfigs
  );
}

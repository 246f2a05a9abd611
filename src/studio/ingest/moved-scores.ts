import type { JsonValue } from "../api/types";
import { isJsonObject } from "../store/json-text";

/**
 * The `metadata` of a batch with which whoever moves sessions says that its scores are no new ones:
 * each is kept as it is then, with its `configId`, whether that is known here or not, and also where
 * its config was archived or changed since. A category comes as its label, and has the number that a
 * config here gives to it, else 0. Langfuse reads nothing of it.
 */
export const MOVED_SCORES = { scoreConfigs: "unchecked" } as const;

export function areMovedScores(metadata: JsonValue | undefined): boolean {
  return isJsonObject(metadata) && metadata["scoreConfigs"] === MOVED_SCORES.scoreConfigs;
}

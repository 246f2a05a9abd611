import { createHash } from "node:crypto";
import { readJsonObject } from "./captured-json";
import type { ScoreEvent } from "./ingestion-event";

/**
 * The event that creates a score.
 * @param json - the body of `POST /api/public/scores`
 * @param queuedAtMs - Unix milliseconds; becomes the score's time, so it must be the same each time
 * @returns undefined when the body is no object with an id
 */
export function createScoreEvent(json: string, queuedAtMs: number): ScoreEvent | undefined {
  const body = readJsonObject(json);
  const id = body?.["id"];
  if (body === undefined || typeof id !== "string") return undefined;
  return {
    // A score's id is the user's and may be too long for an envelope, or look like a span's.
    id: `score-${createHash("sha256").update(id).digest("hex")}`,
    timestamp: new Date(queuedAtMs).toISOString(),
    type: "score-create",
    body: { ...body, id },
  };
}

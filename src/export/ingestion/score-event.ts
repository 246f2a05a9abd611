import { createHash } from "node:crypto";
import { isJsonObject, readJsonObject } from "./captured-json";
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

/** Reads back an event that was made by {@link createScoreEvent} and kept as JSON text. */
export function readScoreEvent(json: string): ScoreEvent | undefined {
  const { id, timestamp, type, body } = readJsonObject(json) ?? {};
  if (typeof id !== "string" || typeof timestamp !== "string" || type !== "score-create") {
    return undefined; // damaged on its way through a file
  }
  return isScoreBody(body) ? { id, timestamp, type, body } : undefined;
}

function isScoreBody(body: unknown): body is ScoreEvent["body"] {
  return isJsonObject(body) && typeof body["id"] === "string";
}

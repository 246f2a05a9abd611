import { SCORES_API_PATH, scoreApiPath } from "../../api/paths";
import type { ScoreView } from "../../api/types";
import { announceWritten } from "../live";
import { sendJson, sendRequest } from "../resource";
import type { ScoreTarget } from "./score-target";

/** What is said of a target, as the API takes it. */
export interface GivenScore {
  /** Of the one that is changed, or that the new one gets. */
  readonly id: string;
  readonly name: string;
  readonly value: number | string;
  readonly dataType: ScoreView["dataType"];
  /** As typed. */
  readonly comment: string;
  readonly configId?: string;
}

/**
 * For a score that is to be written. Attempts with the same id write one score: the answer to the
 * first may have been lost on its way.
 */
export function newScoreId(): string {
  // `randomUUID` is there only on loopback and with TLS.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Writes what a person says of a target, a correction too; rejects with a `ReadError`. */
export async function writeScore(target: ScoreTarget, given: GivenScore): Promise<void> {
  await sendJson<unknown>("POST", SCORES_API_PATH, {
    ...target.ids,
    ...given,
    comment: given.comment.trim() || null,
    source: "ANNOTATION",
    environment: target.environment ?? null,
  });
  announceScore(target.ids);
}

/** @param of - what it is a score of; rejects with a `ReadError` */
export async function deleteScore(id: string, of: ScoredIds): Promise<void> {
  await sendRequest("DELETE", scoreApiPath(id));
  announceScore(of);
}

interface ScoredIds {
  readonly traceId?: string | null;
  readonly sessionId?: string | null;
}

function announceScore({ traceId, sessionId }: ScoredIds): void {
  announceWritten({
    sessionIds: sessionId == null ? [] : [sessionId],
    traceIds: traceId == null ? [] : [traceId],
  });
}

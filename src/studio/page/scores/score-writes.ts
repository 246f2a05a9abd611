import { SCORES_API_PATH, scoreApiPath } from "../../api/paths";
import type { ScoreView } from "../../api/types";
import { setLatest } from "../latest";
import { announce } from "../live";
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

/** Of as many as drafts are kept; the oldest go. */
const MAX_NEW_IDS = 50;
/** By what is being written; an id goes when its score is deleted. */
const newIds = new Map<string, string>();

/**
 * Of the score that is written about a subject where there is none yet, to be asked for when it is
 * written. The same until that score is deleted: attempts with one id write one score, and the answer to
 * the first may have been lost, or may still come, while the sheet is closed and opened again.
 */
export function newScoreIdOf(subject: string): string {
  const id = newIds.get(subject) ?? randomId();
  setLatest(newIds, subject, id, MAX_NEW_IDS);
  return id;
}

/** Whether a score is one that was written under {@link newScoreIdOf}. */
export function isNewScore(subject: string, id: string | undefined): id is string {
  return id !== undefined && newIds.get(subject) === id;
}

function randomId(): string {
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
  for (const [subject, newId] of newIds) if (newId === id) newIds.delete(subject);
  announceScore(of);
}

interface ScoredIds {
  readonly traceId?: string | null;
  readonly sessionId?: string | null;
}

function announceScore({ traceId, sessionId }: ScoredIds): void {
  announce({
    sessionIds: sessionId == null ? [] : [sessionId],
    traceIds: traceId == null ? [] : [traceId],
  });
}

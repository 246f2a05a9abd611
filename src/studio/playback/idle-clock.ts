import type { IdleGap, SessionTimeline } from "./session-timeline";
import { countUntil } from "./sorted-search";

/** What is left of an idle gap that is skipped: long enough to be seen as a pause, in milliseconds. */
const SKIPPED_IDLE_MS = 500;

/**
 * Translates between session time and played time, which runs through idle gaps quickly. Both start
 * at 0 and grow together; either direction undoes the other.
 */
export interface IdleClock {
  readonly durationMs: number;
  toPlayed(sessionMs: number): number;
  toSession(playedMs: number): number;
}

/** Played time is session time. */
export function createPlainClock({ durationMs }: Pick<SessionTimeline, "durationMs">): IdleClock {
  const bounded = (ms: number): number => Math.min(durationMs, Math.max(0, ms));
  return { durationMs, toPlayed: bounded, toSession: bounded };
}

/** Each idle gap takes {@link SKIPPED_IDLE_MS}. */
export function createSkippingClock(
  timeline: Pick<SessionTimeline, "durationMs" | "idleGaps">,
): IdleClock {
  /** The gaps with where each starts in played time. */
  const gaps: (IdleGap & { readonly playedMs: number })[] = [];
  let savedMs = 0;
  for (const gap of timeline.idleGaps) {
    gaps.push({ ...gap, playedMs: gap.fromMs - savedMs });
    savedMs += gap.toMs - gap.fromMs - SKIPPED_IDLE_MS;
  }
  const durationMs = timeline.durationMs - savedMs;
  const at = (index: number, timeOf: (gap: (typeof gaps)[number]) => number): number => {
    const gap = gaps[index];
    return gap === undefined ? 0 : timeOf(gap);
  };
  const lastBefore = (timeOf: (gap: (typeof gaps)[number]) => number, ms: number) =>
    gaps[countUntil(gaps.length, (index) => at(index, timeOf), ms) - 1];
  return {
    durationMs,
    toPlayed(sessionMs) {
      const atMs = Math.min(timeline.durationMs, Math.max(0, sessionMs));
      const gap = lastBefore((one) => one.fromMs, atMs);
      if (gap === undefined) return atMs;
      if (atMs >= gap.toMs) return gap.playedMs + SKIPPED_IDLE_MS + (atMs - gap.toMs);
      const share = (atMs - gap.fromMs) / (gap.toMs - gap.fromMs);
      return gap.playedMs + share * SKIPPED_IDLE_MS;
    },
    toSession(playedMs) {
      const atMs = Math.min(durationMs, Math.max(0, playedMs));
      const gap = lastBefore((one) => one.playedMs, atMs);
      if (gap === undefined) return atMs;
      const pastMs = atMs - gap.playedMs;
      if (pastMs >= SKIPPED_IDLE_MS) return gap.toMs + (pastMs - SKIPPED_IDLE_MS);
      return gap.fromMs + (pastMs / SKIPPED_IDLE_MS) * (gap.toMs - gap.fromMs);
    },
  };
}

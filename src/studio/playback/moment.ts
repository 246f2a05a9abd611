import type { SessionTimeline } from "./session-timeline";
import { countUntil } from "./sorted-search";

/** What of a session has happened at a time. */
export interface Moment {
  /** Turns that have started: the first ones. */
  readonly startedCount: number;
  /** All turns before this place have ended; those from it on may still run. */
  readonly firstOpen: number;
}

/** In O(log n) of the turns. */
export function momentAt(timeline: SessionTimeline, timeMs: number): Moment {
  const { turns, latestEndMs } = timeline;
  const startedCount = countUntil(turns.length, (index) => turns[index]?.startMs ?? 0, timeMs);
  const endedCount = countUntil(turns.length, (index) => latestEndMs[index] ?? 0, timeMs);
  return { startedCount, firstOpen: Math.min(startedCount, endedCount) };
}

/** The turn that a time belongs to: the last that has started; -1 in a session without turns. */
export function turnIndexAt(timeline: SessionTimeline, timeMs: number): number {
  const { startedCount } = momentAt(timeline, timeMs);
  return Math.min(timeline.turns.length - 1, Math.max(0, startedCount - 1));
}

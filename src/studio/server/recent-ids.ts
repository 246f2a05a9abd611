import type { ChangeEvent } from "../api/types";

/** Which sessions and traces were written to lately, whatever times their spans carry. */
export interface RecentIds {
  note(change: ChangeEvent): void;
  has(id: string): boolean;
}

/**
 * @param maxIds - the longest unwritten are forgotten first
 * @param now - milliseconds, from any moment on
 */
export function createRecentIds(lifetimeMs: number, maxIds: number, now: () => number): RecentIds {
  /** Id → when it was written; in the order of time, since each write puts it last. */
  const writtenAt = new Map<string, number>();

  function forgetOld(): void {
    for (const [id, at] of writtenAt) {
      if (writtenAt.size <= maxIds && now() - at < lifetimeMs) return;
      writtenAt.delete(id);
    }
  }

  return {
    note({ sessionIds, traceIds }) {
      for (const id of [...sessionIds, ...traceIds]) {
        writtenAt.delete(id);
        writtenAt.set(id, now());
      }
      forgetOld();
    },
    has(id) {
      const at = writtenAt.get(id);
      return at !== undefined && now() - at < lifetimeMs;
    },
  };
}

import { setTimeout as pause } from "node:timers/promises";
import type { ChangeEvent } from "../api/types";
import type { Target } from "../store/retention-queries";
import type { Store } from "../store/store";
import {
  LIVE_MS,
  PAGES_PER_SHRINK,
  RETENTION_INTERVAL_MS,
  SHRINK_TO_SHARE,
  STRAY_MS,
} from "./limits";
import type { RecentIds } from "./recent-ids";

export interface RetentionOptions {
  readonly store: Pick<Store, "deletion" | "retention">;
  /** Time since the last activity after which a session is deleted, in milliseconds. */
  readonly keepMs?: number | undefined;
  /** Size of the file beyond which the longest idle are deleted. */
  readonly maxBytes?: number | undefined;
  /** What was written to lately: live, whatever its spans say. */
  readonly recent: RecentIds;
  /** Called after each commit. */
  readonly onChange: (change: ChangeEvent) => void;
  /** Told what was deleted, and why: one line each time. */
  readonly report: (line: string) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface Retention {
  /** Looks once, and deletes what is too old or too much. A call while it runs does nothing. */
  run(): Promise<void>;
  /** Ends after the transaction that is under way. */
  close(): Promise<void>;
}

interface Counts {
  session: number;
  trace: number;
}

const TARGETS_PER_PAGE = 100;
/** After each transaction the studio is left alone for so many times as long as that took. */
const REST = 2;

/**
 * Deletes whole sessions, and traces without one, in the background and in small steps. What is live
 * stays, and so does what is bookmarked.
 */
export function createRetention(options: RetentionOptions): Retention {
  const { store, keepMs, maxBytes, recent, onChange, report, now } = options;
  let running: Promise<void> | undefined;
  let isClosed = false;
  /** Said once, until there is room again. */
  let hasComplained = false;

  function isLive({ id, endUs }: Target): boolean {
    // A clock that runs ahead makes nothing live for ever.
    return recent.has(id) || Math.abs(now() - endUs / 1_000) < LIVE_MS;
  }

  async function rested<Result>(work: () => Result): Promise<Result> {
    const startedAt = performance.now();
    const result = work();
    await pause((performance.now() - startedAt) * REST);
    return result;
  }

  /** Deletes from the longest idle on, as long as it is told to. */
  async function deleteIdle(idleSinceUs: number, shouldGoOn: () => boolean): Promise<Counts> {
    const counts = { session: 0, trace: 0 };
    let after: Target | undefined;
    while (true) {
      const targets = store.retention.idle({ idleSinceUs, after, limit: TARGETS_PER_PAGE });
      for (const target of targets) {
        if (isClosed || !shouldGoOn()) return counts;
        if (isLive(target)) continue;
        await deleteTarget(target);
        counts[target.kind] += 1;
      }
      after = targets.at(-1);
      if (after === undefined) return counts;
    }
  }

  async function deleteTarget({ kind, id }: Target): Promise<void> {
    await take(store.deletion[kind](id), onChange);
  }

  /** What belongs to no trace. */
  async function deleteStrays(beforeMs: number): Promise<void> {
    await take(store.deletion.strayMedia(beforeMs * 1_000), () => {});
    await take(store.deletion.strayEvents(beforeMs * 1_000), () => {});
  }

  async function take<Step>(steps: Iterator<Step>, onStep: (step: Step) => void): Promise<void> {
    while (!isClosed) {
      const step = await rested(() => steps.next());
      if (step.done) return;
      onStep(step.value);
    }
  }

  async function deleteOld(ageMs: number): Promise<Counts> {
    const oldest = now() - ageMs;
    const counts = await deleteIdle(oldest * 1_000, () => true);
    await deleteStrays(oldest);
    if (counts.session + counts.trace > 0) {
      report(`Deleted ${inWords(counts)}: not active since ${new Date(oldest).toISOString()}.`);
    }
    return counts;
  }

  async function deleteSurplus(limit: number): Promise<Counts> {
    const used = (): number => store.retention.usedBytes();
    if (used() <= limit) {
      hasComplained = false;
      return { session: 0, trace: 0 };
    }
    await deleteStrays(now() - STRAY_MS);
    const counts = await deleteIdle(
      Number.MAX_SAFE_INTEGER,
      () => used() > limit * SHRINK_TO_SHARE,
    );
    if (counts.session + counts.trace > 0) {
      report(
        `Deleted ${inWords(counts)}, the longest idle: the file was larger than ${inMegabytes(limit)}.`,
      );
    }
    if (!isClosed && used() > limit && !hasComplained) {
      hasComplained = true;
      report(
        `Expected a file of at most ${inMegabytes(limit)}, got ${inMegabytes(used())}: what is left is bookmarked, or was active in the last ${LIVE_MS / 60_000} minutes.`,
      );
    }
    return counts;
  }

  async function look(): Promise<void> {
    const old = keepMs === undefined ? undefined : await deleteOld(keepMs);
    const surplus = maxBytes === undefined ? undefined : await deleteSurplus(maxBytes);
    const isAnyDeleted = [old, surplus].some((one) => one && one.session + one.trace > 0);
    if (!isAnyDeleted || isClosed) return;
    while (await rested(() => store.retention.shrink(PAGES_PER_SHRINK))) if (isClosed) return;
    store.retention.emptyLog();
  }

  return {
    run() {
      running ??= look().finally(() => {
        running = undefined;
      });
      return running;
    },
    async close() {
      isClosed = true;
      await running?.catch(() => {}); // told to whoever called run
    },
  };
}

/**
 * Looks at once, and again and again from then on.
 * @returns ends it
 */
export function scheduleRetention(
  retention: Retention,
  onError: (error: unknown) => void,
): () => Promise<void> {
  const look = (): void => {
    retention.run().catch(onError);
  };
  const timer = setInterval(look, RETENTION_INTERVAL_MS).unref();
  look();
  return () => {
    clearInterval(timer);
    return retention.close();
  };
}

function inWords({ session, trace }: Counts): string {
  const parts = [
    session === 0 ? undefined : `${session} ${session === 1 ? "session" : "sessions"}`,
    trace === 0 ? undefined : `${trace} ${trace === 1 ? "trace" : "traces"} without a session`,
  ];
  return parts.filter((part) => part !== undefined).join(" and ");
}

function inMegabytes(bytes: number): string {
  return `${Math.round(bytes / 1e5) / 10} MB`;
}

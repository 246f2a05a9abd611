import { performance as thread } from "node:perf_hooks"; // the global type lacks what is used here
import type { SearchIndex } from "./search-index";

/** How long a step may hold the event loop, in milliseconds; half of it is aimed at. */
const MAX_STEP_MS = 20;
/** Between two looks for something new, in milliseconds. */
const IDLE_MS = 250;
/** Share of the time since the last step, from 0 to 1, from which on this thread counts as busy. */
const BUSY_SHARE = 0.5;
/** Longest rest while the thread is busy, in times of the step before: a step gets 4 % of it then. */
const MAX_REST = 25;
/** Characters of the first step, and the bounds that later ones stay in. */
const LENGTH = { first: 16_000, min: 2_000, max: 200_000 };

export interface IndexingOptions {
  /** Told once of each row of failures; the work is tried again. */
  readonly onError: (error: Error) => void;
  /**
   * Share of the time since its last call in which this thread was busy, from 0 to 1.
   * @default as the event loop tells
   */
  readonly busyShare?: () => number;
}

/**
 * Keeps a search index up to date: a step, then at least as long a rest, so that requests come in
 * between. While the thread is busy, as with what is being written, it rests longer, but not for
 * ever. Steps grow and shrink with the time that they take. Does not keep the process alive.
 * @returns ends it
 */
export function indexInBackground(
  index: Pick<SearchIndex, "isAvailable" | "step" | "lastLength">,
  { onError, busyShare = createBusyShare() }: IndexingOptions,
): () => void {
  if (!index.isAvailable) return () => {};
  let length = LENGTH.first;
  let isFailing = false;
  let timer: NodeJS.Timeout | undefined;

  /** @param restUntil - when to go on in any case */
  const runUnlessBusy = (restMs: number, restUntil: number): void => {
    if (busyShare() < BUSY_SHARE || performance.now() >= restUntil) run();
    else schedule(restMs, restUntil);
  };
  const run = (): void => {
    const startedAt = performance.now();
    let hasMore = false;
    try {
      hasMore = index.step(length);
      isFailing = false;
    } catch (error) {
      // Another process may hold the file, or the disk be full: what is pending stays pending.
      if (!isFailing) onError(error instanceof Error ? error : new Error(String(error)));
      isFailing = true;
    }
    const tookMs = performance.now() - startedAt;
    const next = nextLength(length, tookMs);
    // A step that read less than it may says nothing about how long one takes that reads as much.
    if (hasMore && (next < length || index.lastLength >= length)) length = next;
    busyShare(); // what the step took does not count
    const restMs = hasMore ? Math.max(1, tookMs) : IDLE_MS;
    schedule(restMs, startedAt + tookMs + Math.max(IDLE_MS, tookMs * MAX_REST));
  };
  const schedule = (delayMs: number, restUntil: number): void => {
    timer = setTimeout(runUnlessBusy, delayMs, delayMs, restUntil);
    timer.unref();
  };
  schedule(0, 0);
  return () => clearTimeout(timer);
}

function createBusyShare(): () => number {
  let before = thread.eventLoopUtilization();
  return () => {
    const now = thread.eventLoopUtilization();
    const { utilization } = thread.eventLoopUtilization(now, before);
    before = now;
    return utilization;
  };
}

/** Characters of the next step: towards half of what a step may take, shrinking faster than growing. */
function nextLength(length: number, tookMs: number): number {
  const factor = Math.min(1.25, Math.max(0.4, MAX_STEP_MS / 2 / Math.max(tookMs, 0.1)));
  return Math.round(Math.min(LENGTH.max, Math.max(LENGTH.min, length * factor)));
}

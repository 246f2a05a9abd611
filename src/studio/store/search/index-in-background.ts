import type { SearchIndex } from "./search-index";

/** How long a step may hold the event loop, in milliseconds; half of it is aimed at. */
const MAX_STEP_MS = 20;
/** Between two looks for something new, in milliseconds. */
const IDLE_MS = 250;
/** Characters of the first step, and the bounds that later ones stay in. */
const LENGTH = { first: 16_000, min: 2_000, max: 200_000 };

/**
 * Keeps a search index up to date: a step, then at least as long a rest, so that requests come in
 * between. Steps grow and shrink with the time that they take. Does not keep the process alive.
 * @param onError - told once of each row of failures; the work is tried again
 * @returns ends it
 */
export function indexInBackground(
  index: Pick<SearchIndex, "isAvailable" | "step">,
  onError: (error: Error) => void,
): () => void {
  if (!index.isAvailable) return () => {};
  let length = LENGTH.first;
  let isFailing = false;
  let timer: NodeJS.Timeout | undefined;

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
    if (hasMore) length = nextLength(length, tookMs);
    schedule(hasMore ? Math.max(1, tookMs) : IDLE_MS);
  };
  const schedule = (delayMs: number): void => {
    timer = setTimeout(run, delayMs);
    timer.unref();
  };
  schedule(0);
  return () => clearTimeout(timer);
}

/** Characters of the next step: towards half of what a step may take, shrinking faster than growing. */
function nextLength(length: number, tookMs: number): number {
  const factor = Math.min(1.25, Math.max(0.4, MAX_STEP_MS / 2 / Math.max(tookMs, 0.1)));
  return Math.round(Math.min(LENGTH.max, Math.max(LENGTH.min, length * factor)));
}

import type { ChangeEvent } from "../api/types";
import type { PriceUpdate } from "../store/price-update";

/** Between two looks whether costs are to be calculated anew, in milliseconds. */
const IDLE_MS = 250;
/** Observations of one step: the event loop stands still for some 10 ms. */
const ROWS_PER_STEP = 200;

export interface PriceUpdateOptions {
  readonly priceUpdate: PriceUpdate;
  /** Called after each commit that changed something. */
  readonly onChange: (change: ChangeEvent) => void;
  /** Told once of each row of failures; the work is tried again. */
  readonly onError: (error: Error) => void;
}

/**
 * Calculates stored costs anew when that was asked for, also before the last end of the studio: a
 * step, then at least as long a rest. Does not keep the process alive.
 * @returns ends it
 */
export function updatePricesInBackground({
  priceUpdate,
  onChange,
  onError,
}: PriceUpdateOptions): () => void {
  let isFailing = false;
  let timer: NodeJS.Timeout;
  const run = (): void => {
    const startedAt = performance.now();
    let hasMore = false;
    try {
      const change = priceUpdate.step(ROWS_PER_STEP);
      hasMore = change !== undefined;
      if (change !== undefined && change.traceIds.length > 0) onChange(change);
      isFailing = false;
    } catch (error) {
      // Another process may hold the file, or the disk be full: how far it was is kept.
      if (!isFailing) onError(error instanceof Error ? error : new Error(String(error)));
      isFailing = true;
    }
    schedule(hasMore ? Math.max(1, performance.now() - startedAt) : IDLE_MS);
  };
  const schedule = (delayMs: number): void => {
    timer = setTimeout(run, delayMs);
    timer.unref();
  };
  schedule(0);
  return () => clearTimeout(timer);
}

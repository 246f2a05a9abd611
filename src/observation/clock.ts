/**
 * Wall time from a monotonic source. A time is a number of milliseconds, with fractions down to
 * nanoseconds, since `epochMs`; splitting the two keeps precision that one double cannot hold.
 */
export interface Clock {
  /** Unix time in whole milliseconds that {@link Clock.now} counts from. */
  readonly epochMs: number;
  /** Milliseconds since `epochMs`; each call gives more than the one before. */
  now(): number;
  /**
   * Anchors to the wall clock again when the two have drifted apart (a suspended laptop, a clock
   * that was set). Called where a trace starts, so that one trace never sees a jump.
   */
  anchor(): number;
}

/** Larger than the wall clock's own resolution and ordinary slewing, smaller than anyone would notice. */
const MAX_DRIFT_MS = 50;
/** Ten nanoseconds: enough for a double to tell apart for years. */
const TICK_MS = 1e-5;

export function createClock(
  monotonicMs: () => number = () => performance.now(),
  wallMs: () => number = () => Date.now(),
): Clock {
  let epochMs = Math.round(wallMs() - monotonicMs());
  let last = 0;

  return {
    get epochMs() {
      return epochMs;
    },
    now() {
      const now = monotonicMs();
      last = now > last ? now : last + TICK_MS;
      return last;
    },
    anchor() {
      const epochNow = Math.round(wallMs() - monotonicMs());
      if (Math.abs(epochNow - epochMs) > MAX_DRIFT_MS) epochMs = epochNow;
      return epochMs;
    },
  };
}

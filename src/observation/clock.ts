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
   * that was set, a test's fake timers). Called where a trace starts, so that one trace never sees a jump.
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
  let lastReading = monotonicMs();
  let offsetMs = 0;
  let epochMs = Math.round(wallMs() - lastReading);
  let last = 0;

  /** Goes on from where it was when the source is replaced: fake timers begin at 0. */
  const read = (): number => {
    const reading = monotonicMs();
    if (reading < lastReading) offsetMs += lastReading - reading;
    lastReading = reading;
    return reading + offsetMs;
  };

  return {
    get epochMs() {
      return epochMs;
    },
    now() {
      const now = read();
      last = now > last ? now : last + TICK_MS;
      return last;
    },
    anchor() {
      const exactMs = wallMs() - read();
      if (Math.abs(exactMs - epochMs) > MAX_DRIFT_MS) {
        epochMs = Math.round(exactMs);
        offsetMs += exactMs - epochMs; // the new clock's own time, not up to half a millisecond beside it
      }
      return epochMs;
    },
  };
}

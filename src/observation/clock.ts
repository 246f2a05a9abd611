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
   * As {@link Clock.now}, where a trace starts. Anchors to the wall clock again when the two have
   * drifted apart (a suspended laptop, a clock that was set, a test's fake timers): `epochMs` is
   * another one from then on, so that one trace never sees a jump.
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
  return new MonotonicClock(monotonicMs, wallMs);
}

/** A class, since an object's numbers change in place, and those of a closure are made anew each time. */
class MonotonicClock implements Clock {
  readonly #monotonicMs: () => number;
  readonly #wallMs: () => number;
  #lastReading: number;
  #offsetMs = 0;
  #epochMs: number;
  #last = 0;

  constructor(monotonicMs: () => number, wallMs: () => number) {
    this.#monotonicMs = monotonicMs;
    this.#wallMs = wallMs;
    this.#lastReading = monotonicMs();
    this.#epochMs = Math.round(wallMs() - this.#lastReading);
  }

  get epochMs(): number {
    return this.#epochMs;
  }

  now(): number {
    return this.#later(this.#read());
  }

  anchor(): number {
    const readMs = this.#read();
    const exactMs = this.#wallMs() - readMs;
    if (Math.abs(exactMs - this.#epochMs) <= MAX_DRIFT_MS) return this.#later(readMs);
    this.#epochMs = Math.round(exactMs);
    const restMs = exactMs - this.#epochMs; // the new clock's own time, not up to half a millisecond beside it
    this.#offsetMs += restMs;
    return this.#later(readMs + restMs);
  }

  #later(now: number): number {
    this.#last = now > this.#last ? now : this.#last + TICK_MS;
    return this.#last;
  }

  /** Goes on from where it was when the source is replaced: fake timers begin at 0. */
  #read(): number {
    const reading = this.#monotonicMs();
    if (reading < this.#lastReading) this.#offsetMs += this.#lastReading - reading;
    this.#lastReading = reading;
    return reading + this.#offsetMs;
  }
}

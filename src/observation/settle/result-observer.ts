/** Told what becomes of a result. No method throws. */
export interface ResultObserver {
  /** A part of a stream was handed to the caller. */
  chunk(value: unknown): void;
  /** The end: the value, or nothing more to come where it came in chunks. Only the first end counts. */
  resolved(value: unknown): void;
  /** A stream is exhausted; with what it returned if it is a generator. */
  finished(returned: unknown): void;
  /** The caller reads no further, though more may have come: left early, cancelled, destroyed, collected. */
  left(): void;
  rejected(error: unknown): void;
  /** Runs a step of the result inside the observation. */
  run<T>(step: () => T): T;
  /** Runs code of ours beside the caller's: what it throws is reported and goes no further. */
  guard<T>(work: () => T): T | undefined;
  /** Keeps a callback in the context of whoever passed it. */
  bind<Args extends unknown[], T>(callback: (...args: Args) => T): (...args: Args) => T;
}

import { guard, reportDefect } from "../diagnostics/guard";
import type { RecordedObservation } from "./recorded-observation";
import { isPlainPromise, passOn } from "./settle/promise";
import type { ResultObserver } from "./settle/result-observer";
import { settle } from "./settle/settle";
import { StreamRecorder } from "./stream-recorder";
import type { TraceFrame, Tracer } from "./tracer";

/**
 * Runs the user's function with the observation active and ends the observation when the result has
 * ended. Only the user's code can throw out of here.
 * @param current - what is current
 * @param isAlwaysPromise - what it returns is a new promise, as {@link makesPromise} tells
 * @param onResult - told the value, or what the chunks of a stream add up to, before the end;
 * without it nothing of a stream is kept
 * @returns what `work` returns; for a promise, one that settles the same way (see {@link settle})
 */
export function runActive<Result>(
  tracer: Tracer,
  observation: RecordedObservation,
  work: () => Result,
  current: TraceFrame | undefined,
  isAlwaysPromise: boolean,
  onResult?: OnResult,
): Result {
  const frame = observation.frame(current);
  let result: Result;
  try {
    result = tracer.context.run(frame, work);
  } catch (error) {
    observation.recordError(error).end();
    throw error; // the caller's error, same identity
  }
  if (!canStream(result)) return conclude(tracer, observation, result, onResult);
  if (!isAlwaysPromise && !isPlainPromise(result)) {
    return settle(result, createObserver(tracer, observation, frame, onResult));
  }
  // Most results are promises of the language's own kind, which need no more than this.
  const promise = result as Promise<unknown>; // what async functions return
  const followed = follow(promise, tracer, observation, frame, onResult);
  return (isAlwaysPromise ? followed : passOn(promise, followed)) as Result; // of the same value
}

/** Takes what a call came to. */
export type OnResult = (observation: RecordedObservation, value: unknown) => void;

/** A function of its own: what follows a result must not hold it, or it would never be collected. */
function follow(
  promise: Promise<unknown>,
  tracer: Tracer,
  observation: RecordedObservation,
  frame: TraceFrame,
  onResult: OnResult | undefined,
): Promise<unknown> {
  return promise.then(
    (value) => {
      if (!canStream(value)) return conclude(tracer, observation, value, onResult);
      return settle(value, createObserver(tracer, observation, frame, onResult));
    },
    (error: unknown) => {
      createObserver(tracer, observation, frame, onResult).rejected(error);
      throw error;
    },
  );
}

/** Ends a call with a value that is its own end. @returns the value */
function conclude<Value>(
  { diagnostics }: Tracer,
  observation: RecordedObservation,
  value: Value,
  onResult: OnResult | undefined,
): Value {
  if (onResult !== undefined && value !== undefined && !observation.hasEnded) {
    try {
      onResult(observation, value);
    } catch (error) {
      reportDefect(diagnostics, error);
    }
  }
  observation.end();
  return value;
}

/** Everything else is a value, and its own end. */
function canStream(value: unknown): boolean {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function createObserver(
  tracer: Tracer,
  observation: RecordedObservation,
  frame: TraceFrame,
  onResult: OnResult | undefined,
): ResultObserver {
  const { context, diagnostics } = tracer;
  const recorder = new StreamRecorder(
    observation,
    onResult === undefined ? 0 : tracer.maxFieldBytes,
  );
  const end = (value: () => unknown): void => {
    if (observation.hasEnded) return;
    guard(diagnostics, () => {
      const output = value();
      if (output !== undefined) onResult?.(observation, output);
    });
    guard(diagnostics, () => recorder.close());
    observation.end();
  };
  const leave = (): void => end(() => recorder.join());
  return {
    chunk: (value) => void guard(diagnostics, () => recorder.add(value)),
    resolved: (value) =>
      end(() => {
        recorder.readAnswer(value);
        return value;
      }),
    finished: (returned) => end(() => recorder.join() ?? returned),
    left: leave,
    rejected(error) {
      if (!observation.hasEnded) observation.recordError(error);
      leave();
    },
    run: (step) => context.run(frame, step),
    guard: (work) => guard(diagnostics, work),
    bind: (callback) => context.bind(callback),
  };
}

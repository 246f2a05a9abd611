import { guard, reportDefect } from "../diagnostics/guard";
import type { RecordedObservation } from "./recorded-observation";
import { followPromise, isPlainPromise } from "./settle/promise";
import type { ResultObserver } from "./settle/result-observer";
import { settle } from "./settle/settle";
import { StreamRecorder } from "./stream-recorder";
import type { TraceFrame, Tracer } from "./tracer";

/**
 * Runs the user's function with the observation active and ends the observation when the result has
 * ended. Only the user's code can throw out of here.
 * @param current - what is current
 * @param onResult - told the value, or what the chunks of a stream add up to, before the end;
 * without it nothing of a stream is kept
 * @returns what `work` returns; for a promise, one that settles the same way (see {@link settle})
 */
export function runActive<Result>(
  tracer: Tracer,
  observation: RecordedObservation,
  work: () => Result,
  current: TraceFrame | undefined,
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
  const call = { tracer, observation, frame, onResult };
  // Most results are promises of their own kind, which need no more than this.
  if (isPlainPromise(result)) return followCall(call, result) as Result; // of the same value
  return settle(result, createObserver(call));
}

/** Takes what a call came to. */
export type OnResult = (observation: RecordedObservation, value: unknown) => void;

/** A call of the user's function in its observation. */
interface ActiveCall {
  readonly tracer: Tracer;
  readonly observation: RecordedObservation;
  readonly frame: TraceFrame;
  readonly onResult: OnResult | undefined;
}

/** A function of its own: what follows a result must not hold it, or it would never be collected. */
function followCall(call: ActiveCall, promise: Promise<unknown>): Promise<unknown> {
  return followPromise(
    promise,
    (error) => createObserver(call).rejected(error),
    (value) => {
      if (canStream(value)) return settle(value, createObserver(call));
      return conclude(call.tracer, call.observation, value, call.onResult);
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

function createObserver({ tracer, observation, frame, onResult }: ActiveCall): ResultObserver {
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

import { guard } from "../diagnostics/guard";
import type { RecordedObservation } from "./recorded-observation";
import type { ResultObserver } from "./settle/result-observer";
import { settle } from "./settle/settle";
import { StreamRecorder } from "./stream-recorder";
import type { Tracer } from "./tracer";

/**
 * Runs the user's function with the observation active and ends the observation when the result has
 * ended. Only the user's code can throw out of here.
 * @param onResult - told the value, or what the chunks of a stream add up to, before the end;
 * without it nothing of a stream is kept
 * @returns what `work` returns; for a promise, one that settles the same way (see {@link settle})
 */
export function runActive<Result>(
  tracer: Tracer,
  observation: RecordedObservation,
  work: () => Result,
  onResult?: (value: unknown) => void,
): Result {
  const { context, diagnostics } = tracer;
  const frame = observation.frame();
  let result: Result;
  try {
    result = context.run(frame, work);
  } catch (error) {
    observation.recordError(error).end();
    throw error; // the caller's error, same identity
  }
  const stream = new StreamRecorder(observation, onResult === undefined ? 0 : tracer.maxFieldBytes);
  const finish = (value: unknown): void => {
    if (onResult !== undefined && !observation.hasEnded) guard(diagnostics, () => onResult(value));
    guard(diagnostics, () => stream.close());
    observation.end();
  };
  const observer: ResultObserver = {
    chunk: (value) => void guard(diagnostics, () => stream.add(value)),
    resolved: finish,
    finished: (returned) => finish(guard(diagnostics, () => stream.join()) ?? returned),
    rejected(error) {
      if (observation.hasEnded) return;
      observation.recordError(error);
      finish(guard(diagnostics, () => stream.join()));
    },
    run: (step) => context.run(frame, step),
    bind: (callback) => context.bind(callback),
  };
  return guard(diagnostics, () => ({ settled: settle(result, observer) }))?.settled ?? result;
}

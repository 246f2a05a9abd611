import { guard } from "../diagnostics/guard";
import type { RecordedObservation } from "./recorded-observation";
import { settle } from "./settle";
import type { Tracer } from "./tracer";

/**
 * Runs the user's function with the observation active and ends the observation when the result is
 * settled. Only the user's code can throw out of here.
 * @param onResult - told the settled value before the end
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
  return settle(result, {
    resolved(value) {
      if (onResult !== undefined) guard(diagnostics, () => onResult(value));
      observation.end();
    },
    rejected(error) {
      observation.recordError(error).end();
    },
    runThen: (then) => context.run(frame, then),
    bind: (callback) => context.bind(callback),
  });
}

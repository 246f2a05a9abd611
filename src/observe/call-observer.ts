import { callHook, reportDefect } from "../diagnostics/guard";
import type { RecordedObservation } from "../observation/recorded-observation";
import { type OnResult, runActive } from "../observation/run-active";
import { startObservation } from "../observation/start-observation";
import type { TraceFrame, Tracer } from "../observation/tracer";
import { inputOf } from "./call-input";
import { type CallObserver, type Observed, stringOr } from "./observed-call";

interface CaptureDefaults {
  readonly captureInput: boolean;
  readonly captureOutput: boolean;
}

/** Observes calls on one client. */
export function createCallObserver(tracer: Tracer, defaults: CaptureDefaults): CallObserver {
  return {
    call(observed, receiver, args) {
      const { current } = tracer.context; // once: asking may cost more than the rest
      const observation = begin(tracer, defaults, observed, args, current);
      const capture = outputCapture(tracer, defaults, observed, observation);
      return runActive(
        tracer,
        observation,
        (): unknown => Reflect.apply(observed.wrapped, receiver, args),
        current,
        observed.makesPromise,
        capture,
      );
    },

    construct(observed, newTarget, args) {
      const { current } = tracer.context;
      const observation = begin(tracer, defaults, observed, args, current);
      const capture = outputCapture(tracer, defaults, observed, observation);
      const made: { instance?: object } = {};
      // The call ends with the constructor. Its instance may well be a stream or a thenable, but
      // that one begins to live then.
      runActive(
        tracer,
        observation,
        () => {
          made.instance = Reflect.construct(observed.wrapped, args, newTarget) as object; // typed any
          return true; // there is a result, and it has ended
        },
        current,
        false,
        capture && ((construction) => capture(construction, made.instance)),
      );
      return made.instance as object; // else the constructor has thrown
    },
  };
}

function begin(
  tracer: Tracer,
  defaults: CaptureDefaults,
  observed: Observed,
  args: ArrayLike<unknown>,
  current: TraceFrame | undefined,
): RecordedObservation {
  const { options } = observed;
  const observation = startObservation(
    tracer,
    options.asType ?? "span",
    observed.start ?? { ...options.fields, name: nameOfCall(tracer, observed, args) },
    current?.active,
    current,
  );
  const captureInput = options.captureInput ?? defaults.captureInput;
  if (!captureInput || !observation.isRecording) return observation;
  const input =
    typeof captureInput === "function"
      ? pickInput(tracer, captureInput, args)
      : plainInput(tracer, observed, args);
  if (input !== undefined) observation.update({ input });
  return observation;
}

/*
 * Functions that make closures stand alone: one that may make one takes memory for it at each call.
 */

function pickInput(
  tracer: Tracer,
  captureInput: (...args: unknown[]) => unknown,
  args: ArrayLike<unknown>,
): unknown {
  return pick(tracer, "captureInput", () => captureInput(...Array.from(args)));
}

function plainInput(
  { diagnostics }: Tracer,
  observed: Observed,
  args: ArrayLike<unknown>,
): unknown {
  try {
    return inputOf(observed, args);
  } catch (error) {
    reportDefect(diagnostics, error);
    return undefined;
  }
}

function nameOfCall(tracer: Tracer, observed: Observed, args: ArrayLike<unknown>): string {
  const { name } = observed.options;
  const given =
    typeof name === "function" &&
    callHook<unknown>(tracer.diagnostics, () => name(...Array.from(args)));
  return stringOr(observed.defaultName, given);
}

/** @returns undefined where no output is recorded: then nothing of a stream is kept either */
function outputCapture(
  tracer: Tracer,
  defaults: CaptureDefaults,
  { options }: Observed,
  observation: RecordedObservation,
): OnResult | undefined {
  const captureOutput = options.captureOutput ?? defaults.captureOutput;
  if (!captureOutput || !observation.isRecording) return undefined;
  return typeof captureOutput === "function" ? pickOutput(tracer, captureOutput) : recordOutput;
}

function pickOutput(tracer: Tracer, captureOutput: (result: unknown) => unknown): OnResult {
  return (call, result) =>
    recordOutput(
      call,
      pick(tracer, "captureOutput", () => captureOutput(result)),
    );
}

function recordOutput(observation: RecordedObservation, output: unknown): void {
  observation.update({ output });
}

/** What a hook picks of the content. One that throws may have been there to leave a secret out. */
function pick(tracer: Tracer, option: string, hook: () => unknown): unknown {
  let picked: unknown = `[${option} failed]`;
  callHook(tracer.diagnostics, () => {
    picked = hook();
    return picked;
  });
  return picked;
}

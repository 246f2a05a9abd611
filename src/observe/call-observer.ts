import { callHook, guard } from "../diagnostics/guard";
import type { RecordedObservation } from "../observation/recorded-observation";
import { runActive } from "../observation/run-active";
import { startObservation } from "../observation/start-observation";
import type { TraceFrame, Tracer } from "../observation/tracer";
import { inputOf } from "./call-input";
import type { CallObserver, Observed } from "./observed-call";

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
        capture && (() => capture(made.instance)),
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
  const name = nameOfCall(tracer, observed, args);
  const observation = startObservation(
    tracer,
    options.asType ?? "span",
    options.fields === undefined ? { name } : { ...options.fields, name },
    current?.active,
    current,
  );
  const captureInput = options.captureInput ?? defaults.captureInput;
  if (!captureInput || !observation.isRecording) return observation;
  const input =
    typeof captureInput === "function"
      ? pick(tracer, "captureInput", () => captureInput(...Array.from(args)))
      : guard(tracer.diagnostics, () => inputOf(observed, args));
  if (input !== undefined) observation.update({ input });
  return observation;
}

function nameOfCall(tracer: Tracer, observed: Observed, args: ArrayLike<unknown>): string {
  const { name } = observed.options;
  const given =
    typeof name === "function"
      ? callHook<unknown>(tracer.diagnostics, () => name(...Array.from(args)))
      : name;
  return typeof given === "string" && given !== "" ? given : observed.defaultName;
}

/** @returns undefined where no output is recorded: then nothing of a stream is kept either */
function outputCapture(
  tracer: Tracer,
  defaults: CaptureDefaults,
  { options }: Observed,
  observation: RecordedObservation,
): ((output: unknown) => void) | undefined {
  const captureOutput = options.captureOutput ?? defaults.captureOutput;
  if (!captureOutput || !observation.isRecording) return undefined;
  if (typeof captureOutput !== "function") return (output) => void observation.update({ output });
  return (result) =>
    void observation.update({ output: pick(tracer, "captureOutput", () => captureOutput(result)) });
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

import { runActive } from "../observation/run-active";
import { startObservation } from "../observation/start-observation";
import type { Tracer } from "../observation/tracer";
import type { CallObserver } from "./observe";

interface CaptureDefaults {
  readonly captureInput: boolean;
  readonly captureOutput: boolean;
}

/** Observes calls on one client. */
export function createCallObserver(tracer: Tracer, defaults: CaptureDefaults): CallObserver {
  return {
    call(name, options, args, work) {
      const observation = startObservation(
        tracer,
        options.asType ?? "span",
        { name },
        tracer.context.current?.active,
      );
      if (options.captureInput ?? defaults.captureInput) {
        observation.update({ input: inputOf(args) });
      }
      const capturesOutput = options.captureOutput ?? defaults.captureOutput;
      return runActive(
        tracer,
        observation,
        work,
        capturesOutput ? (output) => observation.update({ output }) : undefined,
      );
    },
  };
}

/** One argument stands for itself, several are a list, none is no input. */
function inputOf(args: readonly unknown[]): unknown {
  return args.length <= 1 ? args[0] : args;
}

import type { ObservationType } from "../attributes/observation-types";
import { PlayheadError } from "../diagnostics/errors";

/** How a function is observed. */
export interface ObserveOptions {
  /** @default the function's name */
  name?: string | undefined;
  /** @default "span" */
  asType?: ObservationType | undefined;
  /** Whether arguments are recorded as input. @default the client's `captureInput` */
  captureInput?: boolean | undefined;
  /** Whether the result is recorded as output. @default the client's `captureOutput` */
  captureOutput?: boolean | undefined;
}

/** What the wrapper does around one call. */
export interface CallObserver {
  /** Runs the call observed; returns or throws what it does. */
  call<Result>(
    name: string,
    options: ObserveOptions,
    args: readonly unknown[],
    work: () => Result,
  ): Result;
}

export type AnyFunction = (...args: never[]) => unknown;

/** `observe(fn, options?)`, or `observe(options)` to be applied to a function. */
export interface Observe {
  <Wrapped extends AnyFunction>(wrapped: Wrapped, options?: ObserveOptions): Wrapped;
  (options: ObserveOptions): <Wrapped extends AnyFunction>(wrapped: Wrapped) => Wrapped;
}

/**
 * Makes the wrapper of one client, or of whichever client is the default at each call.
 * @param observer - asked at each call; undefined where tracing is disabled
 */
export function createObserve(observer: () => CallObserver | undefined): Observe {
  function observe<Wrapped extends AnyFunction>(
    wrapped: Wrapped,
    options?: ObserveOptions,
  ): Wrapped;
  function observe(
    options: ObserveOptions,
  ): <Wrapped extends AnyFunction>(wrapped: Wrapped) => Wrapped;
  function observe<Wrapped extends AnyFunction>(
    first: Wrapped | ObserveOptions,
    options: ObserveOptions = {},
  ): Wrapped | ((wrapped: Wrapped) => Wrapped) {
    if (typeof first === "function") return wrap(first, options, observer);
    if (typeof first === "object" && first !== null) {
      return (wrapped: Wrapped) => wrap(requireFunction(wrapped), first, observer);
    }
    return requireFunction(first);
  }
  return observe;
}

function wrap<Wrapped extends AnyFunction>(
  wrapped: Wrapped,
  options: ObserveOptions,
  observer: () => CallObserver | undefined,
): Wrapped {
  const { name = wrapped.name || "anonymous", ...settings } = readOptions(options);
  const call = wrapped as unknown as (this: unknown, ...args: unknown[]) => unknown; // arguments pass through as they come
  const wrapper = function (this: unknown, ...args: unknown[]): unknown {
    const current = observer();
    if (current === undefined) return call.apply(this, args);
    return current.call(name, settings, args, () => call.apply(this, args));
  };
  Object.defineProperties(wrapper, {
    name: { value: wrapped.name, configurable: true },
    length: { value: wrapped.length, configurable: true },
  });
  return wrapper as unknown as Wrapped; // same arguments, this and result
}

/** As they are when the function is wrapped; a getter that throws must not reach the program. */
function readOptions(options: ObserveOptions): ObserveOptions {
  try {
    const { name, asType, captureInput, captureOutput } = options;
    return { ...(name ? { name } : {}), asType, captureInput, captureOutput };
  } catch {
    return {}; // observed all the same, under the function's own name
  }
}

function requireFunction<Wrapped>(wrapped: Wrapped): Wrapped {
  if (typeof wrapped === "function") return wrapped;
  throw new PlayheadError(
    "INVALID_ARGUMENT",
    `Expected observe() to get a function, got a value of type ${wrapped === null ? "null" : typeof wrapped}. Pass the function itself, not its result.`,
  );
}

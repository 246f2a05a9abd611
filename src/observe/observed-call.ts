import { makesPromise } from "../observation/settle/promise";
import type { NameOrOptions } from "../observation/types";
import type { ReadOptions } from "./observe-options";
import { type ParameterNames, readParameterNames } from "./parameter-names";

export type AnyFunction = (...args: never[]) => unknown;
export type AnyClass = abstract new (...args: never[]) => unknown;

/** A function or class that is observed, with all that its calls have in common. */
export interface Observed {
  /** Called, or constructed, as it was before it was wrapped. */
  readonly wrapped: Callable;
  /** See {@link makesPromise}. */
  readonly makesPromise: boolean;
  readonly options: ReadOptions;
  /** Name of a call for which the options give none. */
  readonly defaultName: string;
  /** How each call begins; undefined where the name depends on the call. */
  readonly start: NameOrOptions | undefined;
  /** Read from the source text when the first call with several arguments asks. */
  readonly parameters: () => ParameterNames | undefined;
}

/** Anything that has been checked to be a function: `Reflect` calls it as it comes. */
// biome-ignore lint/complexity/noBannedTypes: what Reflect.apply and Reflect.construct take
export type Callable = Function;

/** What the wrapper does around one call. Returns or throws what the function does. */
export interface CallObserver {
  call(observed: Observed, receiver: unknown, args: ArrayLike<unknown>): unknown;
  /** @param newTarget - the class that `new` was applied to: the wrapped one or one derived from it */
  construct(observed: Observed, newTarget: Callable, args: ArrayLike<unknown>): object;
}

/** @param givenName - where the name is known better than the function itself knows it */
export function describeObserved(
  wrapped: Callable,
  options: ReadOptions,
  givenName: string | undefined,
): Observed {
  let parameters: ParameterNames | undefined;
  let isRead = false;
  const defaultName = givenName || nameOf(wrapped) || "anonymous";
  return {
    wrapped,
    makesPromise: makesPromise(wrapped),
    options,
    defaultName,
    start: startOf(options, defaultName),
    parameters() {
      if (!isRead) parameters = statedNames(options) ?? readParameterNames(wrapped);
      isRead = true;
      return parameters;
    },
  };
}

function startOf({ name, fields }: ReadOptions, defaultName: string): NameOrOptions | undefined {
  if (typeof name === "function") return undefined;
  const known = stringOr(defaultName, name);
  return fields === undefined ? known : { ...fields, name: known };
}

/** What is given may be anything in plain JavaScript. */
export function stringOr(fallback: string, given: unknown): string {
  return typeof given === "string" && given !== "" ? given : fallback;
}

function statedNames({ parameterNames }: ReadOptions): ParameterNames | undefined {
  if (parameterNames === undefined) return undefined;
  const hasRest = parameterNames.at(-1)?.startsWith("...") === true;
  const names = parameterNames.map((name) => name.replace(/^\.\.\./, ""));
  return { names, hasRest, seesAllArguments: true };
}

/** A class may have a static member `name` that is anything. */
function nameOf(wrapped: Callable): string | undefined {
  try {
    const name: unknown = wrapped.name;
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined; // a proxy that does not let itself be read
  }
}

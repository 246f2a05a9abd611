import type { ObservationType } from "../attributes/observation-types";
import type { ObservationFields } from "../observation/types";

/**
 * A function of the user's that looks at a call. Its parameters may be annotated more narrowly than
 * the call is known here (methods are compared that way).
 */
type Hook<Args extends readonly unknown[], Returned> = {
  hook(...args: Args): Returned;
}["hook"];

/**
 * How a function is observed. Read once, when it is wrapped. What the functions among them throw does
 * not reach the program.
 * @typeParam Args - arguments of the observed function
 * @typeParam Result - what it returns, awaited
 *
 * @example
 * const search = observe(searchIndex, {
 *   name: (query) => `search ${query.language}`,
 *   asType: "retriever",
 *   captureInput: (query) => ({ text: query.text }), // and not query.user
 *   captureOutput: (hits) => hits.map((hit) => hit.id),
 * });
 */
export interface ObserveOptions<Args extends readonly unknown[] = unknown[], Result = unknown>
  extends Pick<
    ObservationFields,
    "level" | "metadata" | "model" | "modelParameters" | "prompt" | "version"
  > {
  /**
   * A name, or a function of the arguments that gives one per call. One that throws, or gives none,
   * leaves the default.
   * @default the function's name
   */
  name?: string | Hook<Args, string> | undefined;
  /** @default "span" */
  asType?: ObservationType | undefined;
  /**
   * Whether arguments are recorded as input, or a function of the arguments that gives what is. Where
   * that throws, `[captureInput failed]` is recorded and none of the arguments.
   * @default the client's `captureInput`
   */
  captureInput?: boolean | Hook<Args, unknown> | undefined;
  /**
   * Whether the result is recorded as output, or a function of the result that gives what is. It gets
   * what a promise settles to and what the chunks of a stream add up to, and is not called where
   * there is no result. Where it throws, `[captureOutput failed]` is recorded.
   * @default the client's `captureOutput`
   */
  captureOutput?: boolean | Hook<[result: Result], unknown> | undefined;
  /**
   * Names of the parameters, the keys under which several arguments are recorded: for code that a
   * minifier has renamed. A last name that begins with `...` takes all the arguments that are left.
   * @default those in the function's source text
   */
  parameterNames?: readonly string[] | undefined;
}

/** Fields that every call of one function has. */
const FIXED_FIELDS = [
  "level",
  "metadata",
  "model",
  "modelParameters",
  "prompt",
  "version",
] as const satisfies readonly (keyof ObserveOptions & keyof ObservationFields)[];

/** The options as they were when the function was wrapped. */
export interface ReadOptions {
  readonly name: ObserveOptions["name"];
  readonly asType: ObservationType | undefined;
  readonly captureInput: ObserveOptions["captureInput"];
  readonly captureOutput: ObserveOptions["captureOutput"];
  readonly parameterNames: readonly string[] | undefined;
  /** Undefined where there is none. */
  readonly fields: Readonly<ObservationFields> | undefined;
}

/** Total: a getter that throws costs its option alone, and the function is observed all the same. */
export function readOptions(options: ObserveOptions): ReadOptions {
  const parameterNames = readOption(options, "parameterNames");
  return {
    name: readOption(options, "name"),
    asType: readOption(options, "asType"), // a wrong one is refused where an observation starts
    captureInput: readCapture(options, "captureInput"),
    captureOutput: readCapture(options, "captureOutput"),
    parameterNames: Array.isArray(parameterNames) ? parameterNames.map(String) : undefined,
    fields: readFields(options),
  };
}

/** Captures nothing where the option cannot be read: it may have said so. */
function readCapture<Name extends "captureInput" | "captureOutput">(
  options: ObserveOptions,
  name: Name,
): ObserveOptions[Name] {
  try {
    return options[name];
  } catch {
    return false as ObserveOptions[Name]; // a boolean is one of its types
  }
}

function readFields(options: ObserveOptions): ObservationFields | undefined {
  const given = FIXED_FIELDS.flatMap((name) => {
    const value = readOption(options, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

function readOption<Name extends keyof ObserveOptions>(
  options: ObserveOptions,
  name: Name,
): ObserveOptions[Name] {
  try {
    return options[name];
  } catch {
    return undefined; // as if not given
  }
}

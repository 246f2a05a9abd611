import { PlayheadError } from "../diagnostics/errors";
import { decorateLegacy, decorateMember, isMemberContext } from "./decorate";
import type { ObserveOptions } from "./observe-options";
import type { AnyClass, AnyFunction, CallObserver } from "./observed-call";
import { wrap } from "./wrap";

export type { ObserveOptions } from "./observe-options";
export type { CallObserver } from "./observed-call";

/** What a class with a private constructor is outside of it. */
interface ClosedClass {
  readonly prototype: object;
  readonly length: number;
}

type Observable = AnyFunction | AnyClass | ClosedClass;

/** Arguments of a function, or of a class's constructor. */
type ArgumentsOf<Wrapped> = Wrapped extends (...args: infer Args) => unknown
  ? Args
  : Wrapped extends abstract new (
        ...args: infer Args
      ) => unknown
    ? Args
    : unknown[];

/** What a function returns, awaited; an instance for a class. */
type ResultOf<Wrapped> = Wrapped extends (...args: never[]) => infer Result
  ? Settled<Awaited<Result>>
  : Wrapped extends abstract new (
        ...args: never[]
      ) => infer Instance
    ? Instance
    : unknown;

/** What chunks add up to is known at run time only. */
type Settled<Result> = Result extends
  | { [Symbol.asyncIterator](): unknown }
  | { next(...args: never[]): unknown }
  | { readonly textStream: unknown }
  | { readonly fullStream: unknown }
  | { arrayBuffer(): unknown; readonly body: unknown }
  ? unknown
  : Result;

/**
 * Applied to a function or class, it wraps it. As `@observe()` it decorates classes and their
 * methods, getters, setters, accessors, and fields that hold a function, also static and private
 * ones, as TC39 defines decorators; and classes, methods, getters and setters with TypeScript's
 * `experimentalDecorators`.
 */
export interface ObserveDecorator {
  <Wrapped extends Observable>(
    wrapped: Wrapped,
    context?:
      | ClassMethodDecoratorContext
      | ClassGetterDecoratorContext
      | ClassSetterDecoratorContext
      | ClassDecoratorContext,
  ): Wrapped;
  <This, Value>(
    accessor: ClassAccessorDecoratorTarget<This, Value>,
    context: ClassAccessorDecoratorContext<This, Value>,
  ): ClassAccessorDecoratorResult<This, Value>;
  <This, Value extends AnyFunction | null | undefined>(
    field: undefined,
    context: ClassFieldDecoratorContext<This, Value>,
  ): (this: This, initial: Value) => Value;
  /** With `experimentalDecorators`. */
  <Value>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Value>,
  ): TypedPropertyDescriptor<Value>;
}

/**
 * Wraps functions, methods and classes so that each call is an observation: a child of the one that
 * is active, active itself while the call runs, ended when its result has ended. The wrapper has the
 * type of what it wraps, and behaves like it: same arguments, `this`, result, errors, name, length,
 * `prototype` and static members, which are read from and written to the original.
 *
 * @throws PlayheadError INVALID_ARGUMENT - for what is no function, class or member of a class
 *
 * @example
 * const answer = observe(async function answer(question: string) {
 *   return model.complete(question);
 * });
 *
 * const search = observe(searchIndex, { asType: "retriever", name: (query) => `search ${query}` });
 *
 * const asTool = observe({ asType: "tool" });
 * const tools = { weather: asTool(weather), time: asTool(time) };
 *
 * class Assistant {
 *   \@observe({ asType: "agent" })
 *   async reply(message: string): Promise<string> {
 *     return this.#think(message);
 *   }
 *
 *   \@observe()
 *   async #think(message: string): Promise<string> { … }
 * }
 *
 * const ObservedClient = observe(Client); // each `new ObservedClient()` is an observation
 */
export interface Observe extends ObserveDecorator {
  <Wrapped extends Observable>(
    wrapped: Wrapped,
    options?: ObserveOptions<ArgumentsOf<Wrapped>, ResultOf<Wrapped>>,
  ): Wrapped;
  (options?: ObserveOptions): ObserveDecorator;
}

/**
 * Makes the wrapper of one client, or of whichever client is the default at each call.
 * @param observer - asked at each call; undefined where tracing is disabled
 */
export function createObserve(observer: () => CallObserver | undefined): Observe {
  /** A plain call or either kind of decorator, told apart by the arguments after the first. */
  const apply = (options: ObserveOptions, [first, second, third]: readonly unknown[]): unknown => {
    if (typeof second === "string" || typeof second === "symbol") {
      return decorateLegacy(second, third, options, observer);
    }
    if (isMemberContext(second)) return decorateMember(first, second, options, observer);
    if (typeof first === "function") return wrap(first, options, observer);
    throw new PlayheadError(
      "INVALID_ARGUMENT",
      `Expected observe() to get a function, got a value of type ${first === null ? "null" : typeof first}. Pass the function itself, not its result.`,
    );
  };
  const observe = (...args: unknown[]): unknown => {
    const [first, second] = args;
    const isDecorator =
      typeof second === "string" || typeof second === "symbol" || isMemberContext(second);
    if (isDecorator) return apply({}, args);
    if (typeof first === "function") return apply(asOptions(second), [first]);
    const isOptions = typeof first === "object" && first !== null;
    if (!isOptions && args.length > 0) return apply({}, args);
    return (...decorated: unknown[]): unknown => apply(asOptions(first), decorated);
  };
  return observe as Observe; // which of its forms is meant is found out from the arguments
}

/** Anything else in their place, such as the index that `map` gives, are no options. */
function asOptions(value: unknown): ObserveOptions {
  return typeof value === "object" && value !== null ? value : {};
}

import { mirror } from "./mirror";
import { type ObserveOptions, readOptions } from "./observe-options";
import { type Callable, type CallObserver, describeObserved, type Observed } from "./observed-call";

export interface WrapSettings {
  /** Name of the member that is decorated; else the function's own name counts. */
  readonly memberName?: string | undefined;
  /** A TC39 class decorator runs before the class has its static fields: they are laid on the wrapper. */
  readonly isUnfinishedClass?: boolean | undefined;
}

/**
 * Wraps a function or class so that its calls are observed.
 * @param observer - asked at each call; undefined where tracing is disabled
 */
export function wrap<Wrapped extends Callable>(
  wrapped: Wrapped,
  options: ObserveOptions,
  observer: () => CallObserver | undefined,
  { memberName, isUnfinishedClass = false }: WrapSettings = {},
): Wrapped {
  const observed = describeObserved(wrapped, readOptions(options), memberName);
  const wrapper = isConstructor(wrapped)
    ? createConstructor(observed, observer)
    : createFunction(observed, observer);
  mirror(wrapper, wrapped, { isUnfinishedClass });
  return wrapper as Wrapped; // same arguments, `this`, result and members
}

/*
 * Both kinds hand their `arguments` on as they are: where tracing is disabled, engines then call the
 * wrapped function without making an object of them.
 */

/** For what `new` cannot be applied to: a method, which has no `prototype` either. */
function createFunction(observed: Observed, observer: () => CallObserver | undefined): Callable {
  const { wrapped } = observed;
  const holder = {
    observed(this: unknown): unknown {
      const current = observer();
      // biome-ignore lint/complexity/noArguments: see above
      if (current === undefined) return Reflect.apply(wrapped, this, arguments);
      // biome-ignore lint/complexity/noArguments: see above
      return current.call(observed, this, arguments);
    },
  };
  return holder.observed;
}

function createConstructor(observed: Observed, observer: () => CallObserver | undefined): Callable {
  const { wrapped } = observed;
  return function wrapper(this: unknown): unknown {
    const current = observer();
    if (new.target === undefined) {
      // biome-ignore lint/complexity/noArguments: see above
      if (current === undefined) return Reflect.apply(wrapped, this, arguments);
      // biome-ignore lint/complexity/noArguments: see above
      return current.call(observed, this, arguments);
    }
    // A constructor may ask whether it is `new.target` itself. `prototype` may have been replaced on
    // the wrapper, as older code does that makes classes of functions.
    const isItself = new.target === wrapper && wrapper.prototype === wrapped.prototype;
    const newTarget = isItself ? wrapped : new.target;
    // biome-ignore lint/complexity/noArguments: see above
    if (current === undefined) return Reflect.construct(wrapped, arguments, newTarget);
    // biome-ignore lint/complexity/noArguments: see above
    return current.construct(observed, newTarget, arguments);
  };
}

/** Whether `new` can be applied; the function itself is not run. */
function isConstructor(wrapped: Callable): boolean {
  try {
    // Arrow functions, methods and async functions: most of what is wrapped. A bound function and a
    // proxy of one may construct without a prototype of their own.
    const isNative = Function.prototype.toString.call(wrapped).endsWith("[native code] }");
    if (!isNative && !Object.hasOwn(wrapped, "prototype")) return false;
    Reflect.construct(new Proxy(wrapped, { construct: () => ({}) }), []);
    return true;
  } catch {
    return false; // the proxy of a function that is no constructor is none
  }
}

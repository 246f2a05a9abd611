import type { Callable } from "./observed-call";

/** Own members that every function has for itself, or that tell of its calls. */
const OWN_TO_EACH: ReadonlySet<string | symbol> = new Set(["prototype", "arguments", "caller"]);
/**
 * In the source text of a class with private static members: as they are written, or the helpers of
 * compilers to older JavaScript, which name them for members of instances, too.
 */
const PRIVATE_STATICS = /\bstatic\b[^;{(=]*#|class_?private|__private|ClassBrand/i;

/**
 * Makes a wrapper look like what it wraps:
 *
 * - `name`, `length` and, for constructors, `prototype` are the same, so `instanceof` is;
 * - own members, by string or symbol, are read from and written to the wrapped function;
 * - what it gets later, inherits, or has as metadata is found through the prototype chain, in which
 *   the wrapped function comes first;
 * - `String(wrapper)` is the source text of the wrapped function, which some libraries read.
 *
 * Never throws: what a proxy or a frozen function does not let us mirror is left out.
 */
export function mirror(
  wrapper: Callable,
  wrapped: Callable,
  { isUnfinishedClass }: { readonly isUnfinishedClass: boolean },
): void {
  define(wrapper, "toString", {
    value: () => String(wrapped),
    writable: true,
    enumerable: false,
  });
  if (Object.hasOwn(wrapper, "prototype")) mirrorPrototype(wrapper, wrapped);
  const runsStaticsOnClass = !isUnfinishedClass && hasPrivateStatics(wrapped);
  const keys = attempt(() => Reflect.ownKeys(wrapped)) ?? ["name", "length"];
  for (const own of ["name", "length"]) {
    if (!keys.includes(own)) Reflect.deleteProperty(wrapper, own);
  }
  for (const key of keys) {
    if (OWN_TO_EACH.has(key)) continue;
    const descriptor = attempt(() => Reflect.getOwnPropertyDescriptor(wrapped, key));
    if (descriptor !== undefined) {
      define(wrapper, key, mirrorMember(wrapper, wrapped, key, descriptor, runsStaticsOnClass));
    }
  }
  attempt(() => Object.setPrototypeOf(wrapper, wrapped)); // last: members are slow to define after it
}

function mirrorPrototype(wrapper: Callable, wrapped: Callable): void {
  const descriptor = attempt(() => Reflect.getOwnPropertyDescriptor(wrapped, "prototype"));
  if (descriptor !== undefined && "value" in descriptor) {
    const { value, writable = false } = descriptor;
    attempt(() => Object.defineProperty(wrapper, "prototype", { value, writable }));
    return;
  }
  // A bound class has no prototype, and knows its instances all the same.
  attempt(() => Object.defineProperty(wrapper, "prototype", { value: undefined }));
  define(wrapper, Symbol.hasInstance, {
    value(this: unknown, instance: unknown): boolean {
      if (this === wrapper) return instance instanceof wrapped;
      return Reflect.apply(Function.prototype[Symbol.hasInstance], this, [instance]);
    },
  });
}

function mirrorMember(
  wrapper: Callable,
  wrapped: Callable,
  key: string | symbol,
  descriptor: PropertyDescriptor,
  runsStaticsOnClass: boolean,
): PropertyDescriptor {
  const { enumerable = false, writable = false } = descriptor;
  const isFixed = "value" in descriptor && !writable;
  if (isFixed) return descriptor; // `name` and `length` as a rule
  if (runsStaticsOnClass && typeof descriptor.value === "function" && !enumerable) {
    return { ...descriptor, value: bindToClass(wrapper, wrapped, descriptor.value) };
  }
  return {
    enumerable,
    configurable: true,
    // On the wrapped function, also `this` of an accessor: private members are there alone.
    get: () => Reflect.get(wrapped, key),
    ...(writable || descriptor.set
      ? { set: (value) => void Reflect.set(wrapped, key, value) }
      : {}),
  };
}

/**
 * A static method that runs on the class where it is called on the wrapper, which lacks the private
 * static members. Only in classes that have some: elsewhere `new this()` in a static method is observed.
 */
function bindToClass(wrapper: Callable, wrapped: Callable, method: Callable): Callable {
  const holder = {
    bound(this: unknown): unknown {
      // biome-ignore lint/complexity/noArguments: handed on as they are
      return Reflect.apply(method, this === wrapper ? wrapped : this, arguments);
    },
  };
  mirror(holder.bound, method, { isUnfinishedClass: false });
  return holder.bound;
}

function hasPrivateStatics(wrapped: Callable): boolean {
  const source = attempt(() => Function.prototype.toString.call(wrapped));
  return source?.startsWith("class") === true && PRIVATE_STATICS.test(source);
}

function define(wrapper: Callable, key: string | symbol, descriptor: PropertyDescriptor): void {
  attempt(() => Object.defineProperty(wrapper, key, { configurable: true, ...descriptor }));
}

function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined; // a proxy that refuses, or whose trap breaks the rules for proxies
  }
}

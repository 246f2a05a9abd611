/** Told how a result ends, once. No method throws. */
export interface SettleObserver {
  resolved(value: unknown): void;
  rejected(error: unknown): void;
  /** Runs what awaiting the result sets going, inside the observation. */
  runThen<T>(then: () => T): T;
  /** Keeps a callback in the context of whoever passed it. */
  bind<Args extends unknown[], T>(callback: (...args: Args) => T): (...args: Args) => T;
}

/**
 * Follows a result to its end, by its shape:
 *
 * | result | what the caller gets | end |
 * |---|---|---|
 * | a plain promise | a promise that settles the same way | when it settles |
 * | a promise with members of its own, e.g. a child process | the same object | when it settles |
 * | any other thenable, e.g. a query builder | the same object, its `then` watched | when awaited: it is never set going by us |
 * | anything else | the same value | now |
 *
 * A plain promise is not returned itself since watching it would count as handling its rejection,
 * and an unhandled one would go unnoticed.
 */
export function settle<Result>(result: Result, observer: SettleObserver): Result {
  if (!isThenable(result)) {
    observer.resolved(result);
    return result;
  }
  if (!isPlainPromise(result)) {
    watchThen(result, observer);
    return result;
  }
  const promise: Promise<unknown> = result;
  const watched = promise.then(
    (value: unknown) => {
      observer.resolved(value);
      return value;
    },
    (error: unknown) => {
      observer.rejected(error);
      throw error;
    },
  );
  if (Object.getOwnPropertyNames(result).length > 0) {
    watched.catch(() => {
      // The caller holds the original; this branch only watches.
    });
    return result;
  }
  return watched as Result; // a plain promise of the same value
}

/** Of the language's own class, not of a subclass with lazy behaviour. */
function isPlainPromise(value: object): value is Promise<unknown> {
  return value instanceof Promise && Object.getPrototypeOf(value) === Promise.prototype;
}

type Then = (
  this: unknown,
  onFulfilled?: ((value: unknown) => unknown) | null,
  onRejected?: ((error: unknown) => unknown) | null,
) => unknown;

function isThenable(value: unknown): value is object & { then: Then } {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  try {
    return typeof (value as { then?: unknown }).then === "function";
  } catch {
    return false; // a value whose `then` cannot be read cannot be awaited, either
  }
}

/** Shadows `then` on the object itself, so that the outcome is seen when, and only when, the caller awaits. */
function watchThen(thenable: object & { then: Then }, observer: SettleObserver): void {
  const original = thenable.then;
  let isSettled = false;
  const once = (tell: () => void): void => {
    if (isSettled) return;
    isSettled = true;
    tell();
  };
  const watching: Then = function (onFulfilled, onRejected) {
    const fulfil = typeof onFulfilled === "function" ? observer.bind(onFulfilled) : undefined;
    const reject = typeof onRejected === "function" ? observer.bind(onRejected) : undefined;
    return observer.runThen(() =>
      original.call(
        this,
        (value) => {
          once(() => observer.resolved(value));
          return fulfil === undefined ? value : fulfil(value);
        },
        (error) => {
          once(() => observer.rejected(error));
          if (reject !== undefined) return reject(error);
          throw error;
        },
      ),
    );
  };
  try {
    // biome-ignore lint/suspicious/noThenProperty: it has one already; this one calls it
    Object.defineProperty(thenable, "then", {
      value: watching,
      configurable: true,
      writable: true,
      enumerable: false,
    });
  } catch {
    // A frozen thenable cannot be watched: the observation ends with what is known now.
    once(() => observer.resolved(undefined));
  }
}

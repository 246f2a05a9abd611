import type { ResultObserver } from "./result-observer";
import { type Method, shadow } from "./shadow";

/**
 * Shadows `then`, so that the outcome is seen when, and only when, the caller awaits.
 * @param follow - takes the value it settles to, which may be a stream
 */
export function watchThen(
  thenable: object,
  original: Method,
  observer: ResultObserver,
  follow: (value: unknown) => unknown,
): void {
  let isSettled = false;
  const once = <T>(value: T, tell: (value: T) => unknown): T => {
    if (!isSettled) {
      isSettled = true;
      tell(value);
    }
    return value;
  };
  const watching = function (this: unknown, onFulfilled: unknown, onRejected: unknown): unknown {
    const fulfil = typeof onFulfilled === "function" ? bindTo(observer, onFulfilled) : undefined;
    const reject = typeof onRejected === "function" ? bindTo(observer, onRejected) : undefined;
    return observer.run(() =>
      original.call(
        this,
        (value: unknown) => {
          once(value, follow);
          return fulfil === undefined ? value : fulfil(value);
        },
        (error: unknown) => {
          once(error, observer.rejected);
          if (reject !== undefined) return reject(error);
          throw error;
        },
      ),
    );
  };
  // One that does not let itself be watched ends with what is known now.
  if (!shadow(thenable, "then", watching)) observer.resolved(undefined);
}

function bindTo(observer: ResultObserver, callback: unknown): (value: unknown) => unknown {
  return observer.bind(callback as (value: unknown) => unknown); // a function, checked by the caller
}

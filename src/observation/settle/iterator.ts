import type { ResultObserver } from "./result-observer";
import { type Method, methodOf, shadow } from "./shadow";

/**
 * Watches the steps of a generator or iterator: each runs inside the observation, each value is a
 * chunk, and it ends when it is exhausted, returned or thrown into.
 * @param isAsync - whether steps answer by promise
 */
export function watchIterator(iterator: object, observer: ResultObserver, isAsync: boolean): void {
  for (const name of ["next", "return", "throw"] as const) {
    const original = methodOf(iterator, name);
    if (original === undefined) continue;
    shadow(iterator, name, isAsync ? asyncStep(original, observer) : syncStep(original, observer));
  }
}

function syncStep(original: Method, observer: ResultObserver): Method {
  return function (this: unknown, ...args) {
    let step: unknown;
    try {
      step = observer.run(() => original.apply(this, args));
    } catch (error) {
      observer.rejected(error);
      throw error;
    }
    tell(step, observer);
    return step;
  };
}

function asyncStep(original: Method, observer: ResultObserver): Method {
  return async function (this: unknown, ...args) {
    try {
      const step = await observer.run(() => original.apply(this, args));
      tell(step, observer);
      return step;
    } catch (error) {
      observer.rejected(error);
      throw error;
    }
  };
}

function tell(step: unknown, observer: ResultObserver): void {
  if (typeof step !== "object" || step === null) return; // not an iterator's answer: the caller sees it
  const { done, value } = step as Partial<IteratorResult<unknown>>; // any object may be asked
  if (done === true) observer.finished(value);
  else observer.chunk(value);
}

import type { ResultObserver } from "./result-observer";
import { type Method, methodOf, shadow } from "./shadow";

/**
 * Watches the steps of a generator or iterator: each runs inside the observation, each value is a
 * chunk, and it ends when it is exhausted, returned or thrown into.
 * @returns false where the iterator does not let itself be watched
 */
export function watchIterator(iterator: object, observer: ResultObserver): boolean {
  let isWatched = false;
  for (const name of ["next", "return", "throw"] as const) {
    const original = methodOf(iterator, name);
    if (original === undefined) continue;
    const end = name === "return" ? () => observer.left() : observer.finished;
    const isShadowed = shadow(iterator, name, watchStep(original, observer, end));
    isWatched ||= isShadowed && name === "next";
  }
  return isWatched;
}

function watchStep(
  original: Method,
  observer: ResultObserver,
  end: (returned: unknown) => void,
): Method {
  const tell = (step: unknown): unknown => {
    if (typeof step !== "object" || step === null) return step; // no iterator's answer: the caller sees it
    const { done, value } = step as Partial<IteratorResult<unknown>>; // any object may be asked
    if (done === true) end(value);
    else observer.chunk(value);
    return step;
  };
  const fail = (error: unknown): never => {
    observer.rejected(error);
    throw error;
  };
  return function (this: unknown, ...args) {
    let answer: unknown;
    try {
      answer = observer.run(() => original.apply(this, args));
    } catch (error) {
      return fail(error);
    }
    return answer instanceof Promise ? answer.then(tell, fail) : tell(answer);
  };
}

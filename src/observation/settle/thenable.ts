import { isUnderWay } from "./collected";
import type { ResultObserver } from "./result-observer";
import { type Method, methodOf, shadow } from "./shadow";

/**
 * Methods of query builders and of model clients' promises that set them going past `then`, and
 * where in what they settle to the result is.
 */
const GOING: readonly (readonly [name: string, pick: (value: unknown) => unknown])[] = [
  ["exec", (value) => value],
  ["execute", (value) => value],
  ["withResponse", (value) => (value as { data?: unknown } | null | undefined)?.data], // as both clients document it
  ["asResponse", (value) => value],
];

/**
 * Watches a thenable by what it calls back, when the caller awaits it, and only then: some set out
 * only when they are awaited.
 * @param follow - takes the value it settles to, which may be a stream; returns what the caller gets
 * @returns false where it does not let itself be watched
 */
export function watchThenable(
  thenable: object,
  then: Method,
  observer: ResultObserver,
  follow: (value: unknown) => unknown,
): boolean {
  let isSettled = false;
  /** A method of the thenable is running that may call others of it. */
  let isInside = false;
  const fulfilled = (value: unknown): unknown => {
    if (isSettled) return value;
    isSettled = true;
    return follow(value);
  };
  const rejected = (error: unknown): void => {
    if (isSettled) return;
    isSettled = true;
    observer.rejected(error);
  };
  const fail = (error: unknown): never => {
    rejected(error);
    throw error;
  };
  const inside = <T>(work: () => T): T => {
    const before = isInside;
    isInside = true;
    try {
      return observer.run(work);
    } finally {
      isInside = before;
    }
  };

  const watching: Method = function (this: unknown, onFulfilled, onRejected, ...more) {
    if (isInside) return then.call(this, onFulfilled, onRejected, ...more);
    isUnderWay(observer);
    const fulfil = bindTo(observer, onFulfilled);
    const reject = bindTo(observer, onRejected) ?? fail;
    try {
      return inside(() =>
        then.call(
          this,
          (value: unknown) => {
            const followed = fulfilled(value);
            return fulfil === undefined ? followed : fulfil(followed);
          },
          (error: unknown) => {
            rejected(error);
            return reject(error);
          },
          ...more,
        ),
      );
    } catch (error) {
      return fail(error); // a then that throws, which `await` takes for a rejection
    }
  };
  if (!shadow(thenable, "then", watching)) return false;

  const watchPromise = (original: Method, pick: (value: unknown) => unknown): Method =>
    function (this: unknown, ...args) {
      if (isInside) return original.apply(this, args);
      const answer = inside(() => original.apply(this, args));
      if (!(answer instanceof Promise)) return answer;
      isUnderWay(observer);
      return answer.then((value: unknown) => {
        fulfilled(pick(value));
        return value;
      }, fail);
    };
  for (const [name, pick] of GOING) {
    const original = methodOf(thenable, name);
    if (original !== undefined) shadow(thenable, name, watchPromise(original, pick));
  }
  const onFailure = methodOf(thenable, "catch");
  if (onFailure !== undefined) {
    shadow(thenable, "catch", function (this: unknown, ...args: unknown[]) {
      // More arguments are a filter, as Bluebird has it.
      if (isInside || args.length > 1) return onFailure.apply(this, args);
      return watching.call(this, undefined, args[0]);
    });
  }
  const onEnd = methodOf(thenable, "finally");
  if (onEnd !== undefined)
    shadow(
      thenable,
      "finally",
      watchPromise(onEnd, (value) => value),
    );
  return true;
}

function bindTo(
  observer: ResultObserver,
  callback: unknown,
): ((value: unknown) => unknown) | undefined {
  if (typeof callback !== "function") return undefined;
  return observer.bind(callback as (value: unknown) => unknown); // a function, as just checked
}

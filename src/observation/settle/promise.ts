import { isPromise } from "node:util/types";
import { shadow } from "./shadow";

/** What `constructor` of a watched promise says: `await` asks a promise of another class by its `then`. */
class WatchedPromise<T> extends Promise<T> {
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }
}
Object.defineProperty(WatchedPromise, "name", { value: "Promise" });

/** Of the language's own class, not of a subclass with lazy behaviour. */
export function isPlainPromise(value: unknown): value is Promise<unknown> {
  if (typeof value !== "object" || value === null) return false;
  // Not instanceof: a proxy may throw when it is asked.
  return isPromise(value) && Object.getPrototypeOf(value) === Promise.prototype;
}

/**
 * Watches a promise that is on its way already. The caller gets another one that settles the same
 * way, since watching it counts as handling its rejection, and an unhandled one would go unnoticed.
 *
 * One with members of its own, such as a child process, stays the same object: whoever awaits it is
 * led to the other promise by its `then`.
 * @param follow - takes the value it settles to, which may be a stream; returns what the caller gets
 */
export function followPromise(
  promise: Promise<unknown>,
  rejected: (error: unknown) => void,
  follow: (value: unknown) => unknown,
): Promise<unknown> {
  const watched = promise.then(follow, (error: unknown) => {
    rejected(error);
    throw error;
  });
  if (Object.getOwnPropertyNames(promise).length === 0) return watched;
  const isLed =
    shadow(promise, "constructor", WatchedPromise) &&
    shadow(promise, "then", (...args: Parameters<typeof watched.then>) => watched.then(...args));
  if (!isLed) {
    watched.catch(() => {
      // A frozen promise: the caller holds the original, this branch only watches.
    });
  }
  return promise;
}

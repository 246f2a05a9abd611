import { isAsyncFunction, isGeneratorFunction, isPromise } from "node:util/types";
import { shadow } from "./shadow";

/** What `constructor` of a watched promise says: `await` asks a promise of another class by its `then`. */
class WatchedPromise<T> extends Promise<T> {
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }
}
Object.defineProperty(WatchedPromise, "name", { value: "Promise" });

/** Whether what a function returns is a new promise of the language's own class, and nobody else's. */
export function makesPromise(work: object): boolean {
  return isAsyncFunction(work) && !isGeneratorFunction(work);
}

/** Of the language's own class, not of a subclass with lazy behaviour. */
export function isPlainPromise(value: unknown): value is Promise<unknown> {
  if (typeof value !== "object" || value === null) return false;
  // Not instanceof: a proxy may throw when it is asked.
  return isPromise(value) && Object.getPrototypeOf(value) === Promise.prototype;
}

/**
 * What the caller gets of a promise that is watched: the one that watching it made, which settles the
 * same way. Watching a promise counts as handling its rejection, and an unhandled one would go unnoticed.
 *
 * A promise with members of its own, such as a child process, stays the same object: whoever awaits it
 * is led to the other one by its `then`.
 */
export function passOn(promise: Promise<unknown>, watched: Promise<unknown>): Promise<unknown> {
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

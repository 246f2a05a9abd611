import { keepAlive } from "./collected";
import { splitObserver } from "./halves";
import { watchIterator } from "./iterator";
import type { ResultObserver } from "./result-observer";
import { methodOf, shadow } from "./shadow";

/**
 * Watches an object that gives out iterators, such as the stream of a model's SDK: whoever iterates
 * first is watched, and of the halves of its `tee()` the one that is ahead.
 * @returns false where it does not let itself be watched
 */
export function watchAsyncIterable(
  iterable: object,
  original: (this: unknown) => unknown,
  observer: ResultObserver,
): boolean {
  let isWatched = false;
  const isShadowed = shadow(iterable, Symbol.asyncIterator, function (this: unknown) {
    const iterator = observer.run(() => original.call(this));
    if (isWatched || typeof iterator !== "object" || iterator === null) return iterator;
    isWatched = true;
    keepAlive(iterator, iterable);
    watchIterator(iterator, observer);
    return iterator;
  });
  const tee = methodOf(iterable, "tee");
  if (!isShadowed || tee === undefined) return isShadowed;
  return shadow(iterable, "tee", function (this: unknown, ...args: unknown[]) {
    const halves = tee.apply(this, args);
    if (isWatched || !Array.isArray(halves)) return halves;
    isWatched = true;
    const [first, second] = splitObserver(observer);
    watchHalf(halves[0], iterable, first);
    watchHalf(halves[1], iterable, second);
    return halves;
  });
}

function watchHalf(half: unknown, whole: object, observer: ResultObserver): void {
  if (typeof half !== "object" || half === null) return;
  const iterate = methodOf(half, Symbol.asyncIterator);
  if (iterate === undefined) return;
  keepAlive(half, whole);
  watchAsyncIterable(half, iterate, observer);
}

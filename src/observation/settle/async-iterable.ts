import { watchIterator } from "./iterator";
import type { ResultObserver } from "./result-observer";
import { methodOf, shadow } from "./shadow";

/**
 * Watches an object that gives out iterators, such as the stream of a model's SDK: whoever iterates
 * first is watched, and of the halves of its `tee()` the one that is ahead.
 */
export function watchAsyncIterable(
  iterable: object,
  original: (this: unknown) => unknown,
  observer: ResultObserver,
): void {
  let isWatched = false;
  const isShadowed = shadow(iterable, Symbol.asyncIterator, function (this: unknown) {
    const iterator = original.call(this);
    if (isWatched || typeof iterator !== "object" || iterator === null) return iterator;
    isWatched = true;
    watchIterator(iterator, observer, true);
    return iterator;
  });
  if (!isShadowed) {
    observer.resolved(undefined);
    return;
  }
  const tee = methodOf(iterable, "tee");
  if (tee === undefined) return;
  shadow(iterable, "tee", function (this: unknown, ...args: unknown[]) {
    const halves = tee.apply(this, args);
    if (!isWatched && Array.isArray(halves)) {
      isWatched = true;
      watchHalves(halves, observer);
    }
    return halves;
  });
}

/** Each chunk counts once, from whichever half reads it first; so does the end. */
function watchHalves(halves: readonly unknown[], observer: ResultObserver): void {
  let furthest = 0;
  for (const half of halves) {
    if (typeof half !== "object" || half === null) continue;
    const iterate = methodOf(half, Symbol.asyncIterator);
    if (iterate === undefined) continue;
    let position = 0;
    watchAsyncIterable(half, iterate, {
      ...observer,
      chunk(value) {
        position += 1;
        if (position <= furthest) return;
        furthest = position;
        observer.chunk(value);
      },
    });
  }
}

import type { ResultObserver } from "./result-observer";
import { methodOf, shadow } from "./shadow";

/** Events that carry what came from the model as it came, one of them per kind of stream. */
const CHUNK_EVENTS: ReadonlySet<unknown> = new Set(["chunk", "streamEvent", "event"]);

/**
 * Watches what the `.stream()` helpers of OpenAI's and Anthropic's clients return: it runs by itself
 * and tells by events. Listening for them would count as handling its errors, so the method that
 * emits them is shadowed instead.
 * @returns false for anything else
 */
export function watchEventStream(stream: object, observer: ResultObserver): boolean {
  const emit = methodOf(stream, "_emit");
  if (emit === undefined || methodOf(stream, "emitted") === undefined) return false;
  let isLeft = false;
  const isShadowed = shadow(stream, "_emit", function (this: unknown, ...args: unknown[]) {
    const [event, value] = args;
    if (CHUNK_EVENTS.has(event)) observer.chunk(value);
    else if (event === "error") observer.rejected(value);
    else if (event === "abort") isLeft ? observer.left() : observer.rejected(value);
    else if (event === "end") observer.finished(undefined);
    return emit.apply(this, args);
  });
  watchLeaving(stream, () => {
    isLeft = true;
  });
  return isShadowed;
}

/** Who breaks out of a loop over the stream aborts it, which is no failure. */
function watchLeaving(stream: object, left: () => void): void {
  const iterate = methodOf(stream, Symbol.asyncIterator);
  if (iterate === undefined) return;
  shadow(stream, Symbol.asyncIterator, function (this: unknown) {
    const iterator = iterate.call(this);
    if (typeof iterator !== "object" || iterator === null) return iterator;
    const original = methodOf(iterator, "return");
    if (original === undefined) return iterator;
    shadow(iterator, "return", function (this: unknown, ...args: unknown[]) {
      left();
      return original.apply(this, args);
    });
    return iterator;
  });
}

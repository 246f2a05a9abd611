import { watchAsyncIterable } from "./async-iterable";
import { onCollected } from "./collected";
import { watchEventStream } from "./event-stream";
import { watchIterator } from "./iterator";
import { isNodeStream, watchNodeStream } from "./node-stream";
import { isPlainPromise, passOn } from "./promise";
import { watchResponse } from "./response";
import type { ResultObserver } from "./result-observer";
import { methodOf } from "./shadow";
import { watchStreamHolder } from "./stream-holder";
import { watchThenable } from "./thenable";
import { watchReadableStream } from "./web-stream";

/**
 * Times that one object is watched: it may pass through several observed functions on its way out.
 * One that is returned over and over, a shared client, say, must not grow a layer with each call.
 */
const MAX_WATCHERS = 16;
const watcherCounts = new WeakMap<object, number>();

/**
 * Follows a result to its end, by its shape:
 *
 * | result | what the caller gets | end |
 * |---|---|---|
 * | a plain promise | a promise that settles the same way | when what it settles to has ended |
 * | a promise with members of its own, e.g. a child process | the same object | the same |
 * | any other thenable, e.g. a query builder | the same object, its `then` watched | when awaited: it is never set going by us |
 * | generator, async generator, iterator | the same object, each step inside the observation | exhausted, returned, thrown into |
 * | ReadableStream, Node Readable, a model SDK's stream | the same object | read to its end, cancelled, destroyed, failed |
 * | what `.stream()` of a model SDK returns, with events | the same object | its own end |
 * | Response | the same object | when its body has been read |
 * | an object with `textStream` or `fullStream` (AI SDK) | the same object | when one of them, or `text`, has been read |
 * | anything else | the same value | now |
 *
 * What nobody reads ends when it is garbage collected.
 */
export function settle<Result>(result: Result, observer: ResultObserver): Result {
  if ((typeof result !== "object" && typeof result !== "function") || result === null) {
    observer.resolved(result);
    return result;
  }
  const then = methodOf(result, "then");
  const follow = (value: unknown): unknown => settle(value, observer);
  if (then !== undefined && isPlainPromise(result)) {
    const followed = result.then(follow, (error: unknown) => {
      observer.rejected(error);
      throw error;
    });
    return passOn(result, followed) as Result; // a promise of the same value
  }
  const isFollowed = observer.guard(() => {
    if (isWatchedEnough(result)) return false;
    if (then === undefined) return followStream(result, observer);
    return watchThenable(result, then, observer, follow);
  });
  if (isFollowed) watched(result, observer);
  else observer.resolved(undefined); // the first end counts: nothing new where it was a value
  return result;
}

/** @returns false for what has ended, or will not be seen to */
function followStream(result: object, observer: ResultObserver): boolean {
  const watch = watchOf(result);
  if (watch === undefined) {
    if (watchStreamHolder(result, observer, settle)) return true;
    observer.resolved(result);
    return false;
  }
  if (watch(observer)) return true;
  // Nothing more will be seen of a stream that is over; a response has something to say all the same.
  observer.resolved(tagOf(result) === "[object Response]" ? result : undefined);
  return false;
}

function isWatchedEnough(result: object): boolean {
  return (watcherCounts.get(result) ?? 0) >= MAX_WATCHERS;
}

function watched(result: object, observer: ResultObserver): void {
  watcherCounts.set(result, (watcherCounts.get(result) ?? 0) + 1);
  onCollected(result, observer);
}

/** Starts to watch a stream. @returns false where that is not possible */
type Watch = (observer: ResultObserver) => boolean;

/** @returns undefined for what is no stream: a value */
function watchOf(result: object): Watch | undefined {
  if (isNodeStream(result)) return (observer) => watchNodeStream(result, observer);
  // By its tag: touching the globals of these would load the runtime's fetch.
  switch (tagOf(result)) {
    case "[object ReadableStream]":
      return (observer) => watchReadableStream(result as ReadableStream, observer); // its tag says so
    case "[object Response]":
      return (observer) => watchResponse(result as Response, observer, watchBody); // its tag says so
  }
  return watchOfIterable(result);
}

function watchBody(body: object, observer: ResultObserver): boolean {
  return watchOf(body)?.(observer) ?? false;
}

function watchOfIterable(result: object): Watch | undefined {
  const asyncIterator = methodOf(result, Symbol.asyncIterator);
  const iterator = asyncIterator ?? methodOf(result, Symbol.iterator);
  if (iterator === undefined) return undefined;
  if (methodOf(result, "next") !== undefined) return (observer) => watchIterator(result, observer);
  if (asyncIterator === undefined) return undefined; // a list, a map: a value
  return (observer) =>
    watchEventStream(result, observer) || watchAsyncIterable(result, asyncIterator, observer);
}

function tagOf(result: object): string {
  try {
    return Object.prototype.toString.call(result);
  } catch {
    return ""; // a proxy that throws when it is looked at
  }
}

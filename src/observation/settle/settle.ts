import { Readable } from "node:stream";
import { watchAsyncIterable } from "./async-iterable";
import { onCollected } from "./collected";
import { watchIterator } from "./iterator";
import { watchNodeStream } from "./node-stream";
import { watchResponse } from "./response";
import type { ResultObserver } from "./result-observer";
import { methodOf } from "./shadow";
import { watchStreamHolder } from "./stream-holder";
import { watchThen } from "./thenable";
import { watchReadableStream } from "./web-stream";

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
 * | Response | the same object | when its body has been read |
 * | an object with `textStream` or `fullStream` (AI SDK) | the same object | when one of them, or `text`, has been read |
 * | anything else | the same value | now |
 *
 * What nobody reads ends when it is garbage collected. A plain promise is not returned itself since
 * watching it would count as handling its rejection, and an unhandled one would go unnoticed.
 */
export function settle<Result>(result: Result, observer: ResultObserver): Result {
  if ((typeof result !== "object" && typeof result !== "function") || result === null) {
    observer.resolved(result);
    return result;
  }
  const then = methodOf(result, "then");
  if (then === undefined) {
    followStream(result, observer);
    return result;
  }
  if (!isPlainPromise(result)) {
    watchThen(result, then, observer, (value) => settle(value, observer));
    onCollected(result, observer);
    return result;
  }
  return followPromise(result, observer) as Result; // a promise of the same value
}

/** Of the language's own class, not of a subclass with lazy behaviour. */
function isPlainPromise(value: object): value is Promise<unknown> {
  return value instanceof Promise && Object.getPrototypeOf(value) === Promise.prototype;
}

function followPromise(promise: Promise<unknown>, observer: ResultObserver): Promise<unknown> {
  const watched = promise.then(
    (value: unknown) => settle(value, observer),
    (error: unknown) => {
      observer.rejected(error);
      throw error;
    },
  );
  if (Object.getOwnPropertyNames(promise).length === 0) return watched;
  watched.catch(() => {
    // The caller holds the original; this branch only watches.
  });
  return promise;
}

function followStream(result: object, observer: ResultObserver): void {
  if (watchStream(result, observer)) onCollected(result, observer);
  else observer.resolved(result);
}

/** @returns false for what is no stream: a value */
function watchStream(result: object, observer: ResultObserver): boolean {
  if (result instanceof Readable) {
    if (result.readableEnded || result.destroyed) return false;
    watchNodeStream(result, observer);
    return true;
  }
  // By its tag: touching the globals of these would load the runtime's fetch.
  switch (tagOf(result)) {
    case "[object ReadableStream]":
      watchReadableStream(result as ReadableStream, observer); // its tag says so
      return true;
    case "[object Response]":
      watchResponse(result as Response, observer); // its tag says so
      return true;
  }
  return watchIterable(result, observer) || watchStreamHolder(result, observer, settle);
}

function watchIterable(result: object, observer: ResultObserver): boolean {
  const asyncIterator = methodOf(result, Symbol.asyncIterator);
  const iterator = asyncIterator ?? methodOf(result, Symbol.iterator);
  if (iterator === undefined) return false;
  if (methodOf(result, "next") !== undefined) {
    watchIterator(result, observer, asyncIterator !== undefined);
    return true;
  }
  if (asyncIterator === undefined) return false; // a list, a map: a value
  watchAsyncIterable(result, asyncIterator, observer);
  return true;
}

function tagOf(result: object): string {
  try {
    return Object.prototype.toString.call(result);
  } catch {
    return ""; // a proxy that throws when it is looked at
  }
}

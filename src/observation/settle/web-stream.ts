import { watchIterator } from "./iterator";
import type { ResultObserver } from "./result-observer";
import { methodOf, shadow } from "./shadow";

/**
 * Watches a ReadableStream by whichever way it is read: reader, iteration, `pipeTo`, `pipeThrough`,
 * `tee`. Nothing is read for the watching's sake, so back-pressure stays what it is.
 */
export function watchReadableStream(stream: ReadableStream, observer: ResultObserver): void {
  const getReader = methodOf(stream, "getReader");
  const pipeThrough = stream.pipeThrough.bind(stream);
  const tee = stream.tee.bind(stream);
  const cancel = stream.cancel.bind(stream);
  const values = methodOf(stream, "values");

  shadow(stream, "getReader", function (this: unknown, ...args: unknown[]) {
    const reader = getReader?.apply(this, args);
    if (typeof reader === "object" && reader !== null) watchReader(reader, observer);
    return reader;
  });
  const iterate = (...options: unknown[]): unknown => {
    const iterator = values?.apply(stream, options);
    if (typeof iterator === "object" && iterator !== null) watchIterator(iterator, observer, true);
    return iterator;
  };
  shadow(stream, "values", iterate);
  shadow(stream, Symbol.asyncIterator, iterate);
  shadow(stream, "cancel", (reason?: unknown) => {
    observer.finished(undefined);
    return cancel(reason);
  });
  shadow(stream, "pipeThrough", (pair: ReadableWritablePair, options?: StreamPipeOptions) =>
    pipeThrough(spy(observer)).pipeThrough(pair, options),
  );
  shadow(stream, "pipeTo", async (target: WritableStream, options?: StreamPipeOptions) => {
    try {
      await pipeThrough(spy(observer)).pipeTo(target, options);
    } catch (error) {
      observer.rejected(error);
      throw error;
    }
  });
  shadow(stream, "tee", () => {
    const halves = tee();
    let furthest = 0;
    for (const half of halves) {
      let position = 0;
      watchReadableStream(half, {
        ...observer,
        chunk(value) {
          position += 1;
          if (position <= furthest) return; // the other half has had it
          furthest = position;
          observer.chunk(value);
        },
      });
    }
    return halves;
  });
}

function watchReader(reader: object, observer: ResultObserver): void {
  const read = methodOf(reader, "read");
  const cancel = methodOf(reader, "cancel");
  if (read === undefined) return;
  shadow(reader, "read", async function (this: unknown, ...args: unknown[]) {
    try {
      const step = (await read.apply(this, args)) as ReadableStreamReadResult<unknown>; // its contract
      if (step.done) observer.finished(undefined);
      else observer.chunk(step.value);
      return step;
    } catch (error) {
      observer.rejected(error);
      throw error;
    }
  });
  if (cancel === undefined) return;
  shadow(reader, "cancel", function (this: unknown, ...args: unknown[]) {
    observer.finished(undefined);
    return cancel.apply(this, args);
  });
}

/** Passes everything on and tells of it; holds one chunk at the most. */
function spy(observer: ResultObserver): TransformStream {
  return new TransformStream({
    transform(chunk, controller) {
      observer.chunk(chunk);
      controller.enqueue(chunk);
    },
    flush() {
      observer.finished(undefined);
    },
  });
}

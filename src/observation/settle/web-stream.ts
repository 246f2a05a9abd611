import { keepAlive } from "./collected";
import { splitObserver } from "./halves";
import { watchIterator } from "./iterator";
import type { ResultObserver } from "./result-observer";
import { type Method, methodOf, shadow } from "./shadow";

/**
 * Watches a ReadableStream by whichever way it is read: reader, iteration, `pipeTo`, `pipeThrough`,
 * `tee`. Nothing is read for the watching's sake, so back-pressure stays what it is.
 * @returns false for a stream that somebody is reading already
 */
export function watchReadableStream(stream: ReadableStream, observer: ResultObserver): boolean {
  if (stream.locked) return false;
  const getReader = requireMethod(stream, "getReader");
  const pipeTo = requireMethod(stream, "pipeTo");
  const pipeThrough = requireMethod(stream, "pipeThrough");
  const tee = requireMethod(stream, "tee");
  const cancel = requireMethod(stream, "cancel");

  shadow(stream, "getReader", function (this: unknown, ...args: unknown[]) {
    const reader = getReader.apply(this, args) as ReadableStreamDefaultReader; // or a BYOB one: read alike
    observer.guard(() => {
      keepAlive(reader, stream);
      watchReader(reader, observer);
    });
    return reader;
  });
  shadow(stream, "cancel", function (this: unknown, ...args: unknown[]) {
    const isRefused = stream.locked;
    const answer = observer.run(() => cancel.apply(this, args));
    if (!isRefused) observer.left();
    return answer;
  });
  shadow(stream, "pipeTo", function (this: unknown, ...args: unknown[]) {
    const [target, options] = args as Parameters<ReadableStream["pipeTo"]>; // its contract
    const isRefused = stream.locked || !isOpen(target);
    const mirror = isRefused
      ? undefined
      : observer.guard(() => mirrored(stream, getReader, observer));
    return mirror === undefined ? pipeTo.apply(this, args) : pipe(mirror, target, options);
  });
  shadow(stream, "pipeThrough", function (this: unknown, ...args: unknown[]) {
    const [pair, options] = args as Parameters<ReadableStream["pipeThrough"]>; // its contract
    const isRefused = stream.locked || !isOpen(pair?.writable);
    const mirror = isRefused
      ? undefined
      : observer.guard(() => mirrored(stream, getReader, observer));
    if (mirror === undefined) return pipeThrough.apply(this, args);
    const { readable, writable } = pair;
    pipe(mirror, writable, options).catch(() => {
      // As for pipeThrough itself: who reads on sees the error.
    });
    return readable;
  });
  shadow(stream, "tee", function (this: unknown, ...args: unknown[]) {
    const halves = tee.apply(this, args) as [ReadableStream, ReadableStream]; // its contract
    observer.guard(() => {
      const [first, second] = splitObserver(observer);
      for (const half of halves) keepAlive(half, stream);
      watchReadableStream(halves[0], first);
      watchReadableStream(halves[1], second);
    });
    return halves;
  });
  watchValues(stream, observer);
  return true;
}

/** A stream that somebody gave an iterator of their own goes through its reader: counted there. */
function watchValues(stream: ReadableStream, observer: ResultObserver): void {
  const values = methodOf(stream, "values");
  if (values === undefined) return;
  const hasOwnIterator = Object.hasOwn(stream, Symbol.asyncIterator);
  const iterate = function (this: unknown, ...args: unknown[]): unknown {
    const iterator = values.apply(this, args) as object; // its contract
    const [options] = args as [{ preventCancel?: boolean } | undefined]; // accepted by `values`
    keepAlive(iterator, stream);
    // Left with preventCancel it is open still, and may be read on.
    const left = options?.preventCancel ? () => {} : observer.left;
    watchIterator(iterator, { ...observer, left });
    return iterator;
  };
  shadow(stream, "values", iterate);
  if (!hasOwnIterator) shadow(stream, Symbol.asyncIterator, iterate);
}

function watchReader(reader: ReadableStreamDefaultReader, observer: ResultObserver): void {
  const read = requireMethod(reader, "read");
  const cancel = requireMethod(reader, "cancel");
  const releaseLock = requireMethod(reader, "releaseLock");
  let isReleased = false;
  // A read may also be refused for its arguments, or because the reader was released: no failure.
  reader.closed.catch((error: unknown) => {
    if (!isReleased) observer.rejected(error);
  });
  shadow(reader, "releaseLock", function (this: unknown) {
    isReleased = true;
    return releaseLock.call(this);
  });
  shadow(reader, "read", async function (this: unknown, ...args: unknown[]) {
    const step = await observer.run(() => read.apply(this, args));
    const { done, value } = step as ReadableStreamReadResult<unknown>; // its contract
    if (done) observer.finished(undefined);
    else observer.chunk(value);
    return step;
  });
  shadow(reader, "cancel", function (this: unknown, ...args: unknown[]) {
    const answer = observer.run(() => cancel.apply(this, args));
    if (!isReleased) observer.left();
    return answer;
  });
}

interface Mirrored {
  readonly stream: ReadableStream;
  /** Lets the source go. */
  release(): void;
}

/** A stream that hands on the chunks of `source`, each only when it is asked for it. */
function mirrored(source: ReadableStream, getReader: Method, observer: ResultObserver): Mirrored {
  const reader = getReader.call(source) as ReadableStreamDefaultReader; // of a default reader
  let isReleased = false;
  const stream = new ReadableStream(
    {
      start(controller) {
        reader.closed.catch((error: unknown) => {
          if (isReleased) return;
          observer.rejected(error);
          controller.error(error);
        });
      },
      async pull(controller) {
        const { done, value } = await observer.run(() => reader.read());
        if (done) {
          observer.finished(undefined);
          controller.close();
        } else {
          observer.chunk(value);
          controller.enqueue(value);
        }
      },
      cancel(reason) {
        const answer = observer.run(() => reader.cancel(reason));
        observer.left();
        return answer;
      },
    },
    { highWaterMark: 0 }, // none ahead: back-pressure reaches the source as it is
  );
  return {
    stream,
    release() {
      isReleased = true;
      reader.releaseLock();
    },
  };
}

function pipe(
  { stream, release }: Mirrored,
  target: WritableStream,
  options: StreamPipeOptions | undefined,
): Promise<void> {
  return stream.pipeTo(target, options).finally(release);
}

function isOpen(target: unknown): boolean {
  const isWritable = Object.prototype.toString.call(target) === "[object WritableStream]";
  return isWritable && !(target as WritableStream).locked; // its tag says so
}

function requireMethod(target: object, name: string): Method {
  const method = methodOf(target, name);
  if (method === undefined) throw new TypeError(`Expected a stream to have ${name}()`);
  return method;
}

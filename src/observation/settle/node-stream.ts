import { Readable } from "node:stream";
import type { ResultObserver } from "./result-observer";
import { methodOf, shadow } from "./shadow";

/** Of the runtime's class, or of a copy of it from a package. */
export function isNodeStream(value: object): value is Readable {
  if (value instanceof Readable) return true;
  return (
    methodOf(value, "pipe") !== undefined &&
    methodOf(value, "emit") !== undefined &&
    methodOf(value, "read") !== undefined &&
    methodOf(value, "on") !== undefined
  );
}

/**
 * Watches a Node stream by the events it emits when somebody reads it; listening for them would
 * itself make it flow, so `emit` is shadowed instead.
 * @returns false for a stream that is over, or does not let itself be watched
 */
export function watchNodeStream(stream: Readable, observer: ResultObserver): boolean {
  if (stream.readableEnded || stream.destroyed) return false;
  const emit = stream.emit;
  const isShadowed = shadow(
    stream,
    "emit",
    function (this: unknown, event: string | symbol, ...args: unknown[]) {
      if (event === "data") observer.chunk(args[0]);
      else if (event === "error") observer.rejected(args[0]);
      else if (event === "end") observer.finished(undefined);
      else if (event === "close") observer.left();
      return emit.apply(this as Readable, [event, ...args]); // whatever it is called on
    },
  );
  const read = methodOf(stream, "_read");
  if (read === undefined) return isShadowed;
  shadow(stream, "_read", function (this: unknown, ...args: unknown[]) {
    return observer.run(() => read.apply(this, args));
  });
  return isShadowed;
}

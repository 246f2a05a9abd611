import type { Readable } from "node:stream";
import type { ResultObserver } from "./result-observer";
import { shadow } from "./shadow";

/**
 * Watches a Node stream by the events it emits when somebody reads it; listening for them would
 * itself make it flow, so `emit` is shadowed instead.
 */
export function watchNodeStream(stream: Readable, observer: ResultObserver): void {
  const emit = stream.emit;
  shadow(stream, "emit", function (this: unknown, event: string | symbol, ...args: unknown[]) {
    if (event === "data") observer.chunk(args[0]);
    else if (event === "error") observer.rejected(args[0]);
    else if (event === "end" || event === "close") observer.finished(undefined);
    return emit.apply(stream, [event, ...args]);
  });
}

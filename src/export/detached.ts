import { AsyncResource } from "node:async_hooks";

const atLoad = new AsyncResource("playhead");

/**
 * Runs `work` outside of the caller's async context. A timer or a socket belongs to the context it
 * is made in and keeps that alive: what serves every request must not hold on to one of them.
 */
export function detached<Result>(work: () => Result): Result {
  return atLoad.runInAsyncScope(work);
}

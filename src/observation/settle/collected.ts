import type { ResultObserver } from "./result-observer";

/** Must not hold the results themselves: an observer does not. */
const registry = new FinalizationRegistry<ResultObserver>((observer) => {
  observer.finished(undefined);
});

/** Ends the observation of a result that nobody holds any more, and so nobody will read. */
export function onCollected(result: object, observer: ResultObserver): void {
  registry.register(result, observer);
}

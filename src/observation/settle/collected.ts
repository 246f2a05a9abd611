import type { ResultObserver } from "./result-observer";

/** Must not hold the results themselves, so neither may the closures of an observer. */
const registry = new FinalizationRegistry<ResultObserver>((observer) => observer.left());
/** Part → the whole it was taken from. */
const wholes = new WeakMap<object, object>();

/** Ends the observation of a result that nobody holds any more, and so nobody will read. */
export function onCollected(result: object, observer: ResultObserver): void {
  registry.register(result, observer, observer);
}

/** The result is on its way to an end without anybody holding it: a request that was sent, say. */
export function isUnderWay(observer: ResultObserver): void {
  registry.unregister(observer);
}

/** Whoever holds the part, an iterator or a reader, may drop the whole and still read it. */
export function keepAlive(part: object, whole: object): void {
  wholes.set(part, whole);
}

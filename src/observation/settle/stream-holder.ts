import type { ResultObserver } from "./result-observer";

/** Members that give out the stream itself. */
const STREAMS = ["fullStream", "textStream"] as const;
/** Members that give out what the stream came to, and read it for that. */
const PROMISES = ["text"] as const;

/**
 * Watches an object that holds a stream behind getters, as results of the AI SDK do: the first member
 * that somebody reads is the one that is watched.
 * @param settle - follows that member to its end
 * @returns false for an object that holds none
 */
export function watchStreamHolder(
  holder: object,
  observer: ResultObserver,
  settle: (member: unknown, observer: ResultObserver) => unknown,
): boolean {
  if (
    findGetter(holder, STREAMS[0]) === undefined &&
    findGetter(holder, STREAMS[1]) === undefined
  ) {
    return false;
  }
  let isWatched = false;
  for (const name of [...STREAMS, ...PROMISES]) {
    const getter = findGetter(holder, name);
    if (getter === undefined) continue;
    Object.defineProperty(holder, name, {
      configurable: true,
      enumerable: false,
      get(): unknown {
        const member: unknown = getter.call(holder);
        if (isWatched) return member;
        isWatched = true;
        return settle(member, observer);
      },
    });
  }
  return true;
}

function findGetter(holder: object, name: string): (() => unknown) | undefined {
  for (let level: object | null = holder; level !== null; level = Object.getPrototypeOf(level)) {
    const descriptor = Object.getOwnPropertyDescriptor(level, name);
    if (descriptor !== undefined) return descriptor.get;
  }
  return undefined;
}

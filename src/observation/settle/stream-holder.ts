import { isUnderWay } from "./collected";
import type { ResultObserver } from "./result-observer";
import { shadowGetter } from "./shadow";

/** Members that give out the stream itself. */
const STREAMS = ["fullStream", "textStream", "partialObjectStream", "elementStream"] as const;
/** Members that give out what the stream came to, and read it for that. */
const PROMISES = ["text", "object"] as const;

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
  const found = STREAMS.filter((name) => findGetter(holder, name) !== undefined);
  if (found.length === 0) return false;
  let isWatched = false;
  let isShadowed = false;
  for (const name of [...found, ...PROMISES]) {
    const getter = findGetter(holder, name);
    if (getter === undefined) continue;
    const watching = function (this: unknown): unknown {
      // Before it is read: the text reads the stream, and is known a moment before that has ended.
      const isFirst = !isWatched;
      const member: unknown = getter.call(this);
      if (!isFirst) return member;
      isWatched = true;
      isUnderWay(observer); // the member is followed from here on, the holder may go
      return settle(member, observer);
    };
    isShadowed = shadowGetter(holder, name, watching) || isShadowed;
  }
  return isShadowed;
}

function findGetter(holder: object, name: string): (() => unknown) | undefined {
  try {
    for (let level: object | null = holder; level !== null; level = Object.getPrototypeOf(level)) {
      const descriptor = Object.getOwnPropertyDescriptor(level, name);
      if (descriptor !== undefined) return descriptor.get;
    }
  } catch {
    // A proxy that throws when it is looked at holds no stream.
  }
  return undefined;
}

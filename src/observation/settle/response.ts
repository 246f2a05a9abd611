import { keepAlive } from "./collected";
import type { ResultObserver } from "./result-observer";
import { methodOf, shadow } from "./shadow";

/** Ways to read a response at once, and whether what they give says more than the bytes that came. */
const READERS = [
  ["text", true],
  ["json", true],
  ["arrayBuffer", false],
  ["blob", false],
  ["bytes", false],
  ["formData", false],
] as const;

/**
 * Watches a fetch response until its body has been read, by a method or as a stream.
 * @param watchBody - follows the body, by its shape; returns false where it cannot
 * @returns false for one without a body, or whose body has been read
 */
export function watchResponse(
  response: Response,
  observer: ResultObserver,
  watchBody: (body: object, observer: ResultObserver) => boolean,
): boolean {
  const { body, bodyUsed } = response;
  if (typeof body !== "object" || body === null || bodyUsed) return false;
  // A method reads the stream: the value it gives comes after the end of that.
  let isAwaited = false;
  const isWatched = watchBody(body, {
    ...observer,
    finished(returned) {
      if (!isAwaited) observer.finished(returned);
    },
  });
  keepAlive(body, response);
  for (const [name, isTelling] of READERS) {
    const original = methodOf(response, name);
    if (original === undefined) continue;
    shadow(response, name, async function (this: unknown) {
      isAwaited = isTelling;
      try {
        const value = await original.call(this);
        if (isTelling) observer.resolved(value);
        else observer.finished(undefined);
        return value;
      } catch (error) {
        observer.rejected(error);
        throw error;
      }
    });
  }
  return isWatched;
}

import type { ResultObserver } from "./result-observer";
import { methodOf, shadow } from "./shadow";
import { watchReadableStream } from "./web-stream";

/** Ways to read a response at once. */
const READERS = ["text", "json", "arrayBuffer", "blob", "formData", "bytes"] as const;

/**
 * Watches a fetch response until its body has been read, by a method or as a stream. One without a
 * body ends at once.
 */
export function watchResponse(response: Response, observer: ResultObserver): void {
  const { body } = response;
  if (body === null) {
    observer.resolved(response);
    return;
  }
  watchReadableStream(body, observer);
  for (const name of READERS) {
    const original = methodOf(response, name);
    if (original === undefined) continue;
    shadow(response, name, async () => {
      try {
        const value = await original.call(response);
        observer.resolved(value);
        return value;
      } catch (error) {
        observer.rejected(error);
        throw error;
      }
    });
  }
}

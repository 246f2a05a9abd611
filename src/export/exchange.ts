import type { ClientRequest, IncomingMessage } from "node:http";
import type { Connections } from "./connections";
import { answerText } from "./otlp-answer";
import type { HttpAnswer } from "./transport";

/** More of an answer is not read: an outcome per event takes about a hundred bytes. */
const MAX_ANSWER_BYTES = 1_024 * 1_024;

export interface ExchangeRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH";
  /** Http or https. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** In pieces, one behind the other; none for a request without a body. */
  readonly body: readonly Uint8Array[];
  /** For all of it, the wait for a connection included, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * Told with the answer that all of the body is with the operating system. A server may answer before
   * it has read the body, which is still on its way then: so it is not always told.
   */
  readonly onBodySent?: (() => void) | undefined;
}

/**
 * One request, and its answer to the end or to {@link MAX_ANSWER_BYTES}. The status counts: an answer
 * that is cut off after it is as good as a whole one.
 *
 * A connection may be closed by the server just when it is used again. Then the request goes once
 * more, at once: should the server have taken it, the same ids come twice, which changes nothing.
 * @throws (rejects) `TimeoutError`, or what Node says, when there is no status
 */
export async function exchange(
  connections: Connections,
  { method, url, headers, body, timeoutMs, onBodySent }: ExchangeRequest,
): Promise<HttpAnswer> {
  const sent =
    body.length === 0 ? headers : { ...headers, "content-length": String(lengthOf(body)) };
  const timeout = new Timeout(timeoutMs);
  const start = (): ClientRequest | Promise<ClientRequest> =>
    connections.start(url, { method, headers: sent });
  try {
    const started = start();
    const first = started instanceof Promise ? await started : started;
    try {
      return await answerTo(first, body, timeout, onBodySent);
    } catch (error) {
      if (!first.reusedSocket || !isClosedByServer(error)) throw error;
      return await answerTo(await start(), body, timeout, onBodySent);
    }
  } finally {
    timeout.clear();
  }
}

/** The time that all attempts have together. */
class Timeout {
  readonly #timer: NodeJS.Timeout;
  #error: Error | undefined;
  #onOver: ((error: Error) => void) | undefined;

  constructor(timeoutMs: number) {
    this.#timer = setTimeout(() => {
      this.#error = new DOMException("", "TimeoutError");
      this.#onOver?.(this.#error);
    }, timeoutMs).unref();
  }

  /** @param onOver - called when the time is over, at once where it is; replaces the one before */
  watch(onOver: (error: Error) => void): void {
    this.#onOver = onOver;
    if (this.#error !== undefined) onOver(this.#error);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}

function isClosedByServer(error: unknown): boolean {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code === "ECONNRESET" || code === "EPIPE";
}

/** Bytes of all pieces. */
export function lengthOf(body: readonly Uint8Array[]): number {
  return body.reduce((sum, { length }) => sum + length, 0);
}

function answerTo(
  request: ClientRequest,
  body: readonly Uint8Array[],
  timeout: Timeout,
  onBodySent: (() => void) | undefined,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let isOver = false;
    let head: IncomingMessage | undefined;

    /** The first call counts. @param error - unless there was a status */
    const end = (error?: Error): void => {
      if (isOver) return;
      isOver = true;
      if (head === undefined) {
        reject(error);
        return;
      }
      if (request.writableFinished) onBodySent?.();
      const status = head.statusCode ?? 0;
      const bytes = Buffer.concat(chunks, Math.min(length, MAX_ANSWER_BYTES));
      const text = answerText(status, head.headers["content-type"], bytes);
      resolve({ status, retryAfter: head.headers["retry-after"], text });
    };
    request.on("error", end);
    timeout.watch((error) => {
      end(error);
      request.destroy(error);
    });
    request.once("response", (response: IncomingMessage) => {
      head = response;
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length < MAX_ANSWER_BYTES) return;
        end();
        request.destroy();
      });
      response.on("error", end);
      response.once("close", () => end());
      response.once("end", () => end());
    });
    if (request.destroyed) return;
    for (const piece of body.slice(0, -1)) request.write(piece);
    request.end(body.at(-1));
  });
}

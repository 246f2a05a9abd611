import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Pool } from "undici";
import type { Shipment } from "./send";

/** An answer, read to its end or to {@link MAX_ANSWER_BYTES}. */
export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** Nothing came that could be called an answer. */
export interface NoAnswer {
  /** What failed, in words of small variety. */
  readonly failure: string;
  /** The time for one attempt was over. */
  readonly isTimeout?: boolean;
}

export interface Transport {
  /** One POST, compressed where that is taken. Resolves whatever happens, never rejects. */
  post(shipment: Shipment): Promise<HttpAnswer | NoAnswer>;
  /** One GET. Resolves whatever happens, never rejects. */
  get(url: string): Promise<HttpAnswer | NoAnswer>;
  /** Loads what the first request needs, so that it need not wait. */
  preload(): void;
  /**
   * Ends the requests on their way, and those that come within {@link REST_MS} fail at once: nothing
   * of ours keeps a process alive that has nothing else to do.
   */
  interrupt(): Promise<void>;
  /** Ends the requests on their way; each one after it fails. */
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Texts that never stand in what is passed on of an answer. */
  readonly secrets?: readonly string[];
  /** For one attempt as a whole, in milliseconds. */
  readonly timeoutMs: number;
  /** Requests at the same time. */
  readonly connections: number;
}

/** Smaller bodies are sent as they are. */
const MIN_GZIP_BYTES = 1_024;
/** More of an answer is not read: an outcome per event takes about a hundred bytes. */
const MAX_ANSWER_BYTES = 1_024 * 1_024;

/** A process that has nothing left to do is over by then, in milliseconds. */
const REST_MS = 1_000;

const gzipAsync = promisify(gzip);

/**
 * HTTP by undici, one pool per origin. Nothing of undici is loaded before the first request or
 * {@link Transport.preload}: it takes tens of milliseconds of the main thread. Its sockets do not
 * keep the process alive while they are idle.
 */
export function createTransport({
  headers,
  timeoutMs,
  connections,
  secrets = [],
}: TransportOptions): Transport {
  const withoutSecrets = (text: string): string =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, "..."), text);
  const pools = new Map<string, Promise<Pool>>();
  let isClosed = false;
  /** Nothing is sent before this; by `performance.now()`. */
  let restsUntil = 0;

  const poolFor = (origin: string): Promise<Pool> => {
    const known = pools.get(origin);
    if (known !== undefined) return known;
    const pool = untraced(
      async () => new (await import("undici")).Pool(origin, { connections, pipelining: 1 }),
    );
    pools.set(origin, pool);
    return pool;
  };

  const request = async (
    method: "GET" | "POST",
    url: string,
    body: Buffer | null,
    extra: Readonly<Record<string, string>>,
  ): Promise<HttpAnswer | NoAnswer> => {
    try {
      const { origin, pathname, search } = new URL(url);
      if (isClosed || performance.now() < restsUntil) return { failure: "connection closed" };
      const pool = await poolFor(origin);
      const signal = AbortSignal.timeout(timeoutMs);
      return await untraced(async () => {
        const answer = await pool.request({
          path: pathname + search,
          method,
          headers: { ...headers, ...extra },
          body,
          signal,
          headersTimeout: timeoutMs,
          bodyTimeout: timeoutMs,
        });
        const retryAfter = answer.headers["retry-after"];
        return {
          status: answer.statusCode,
          retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
          text: withoutSecrets(await readStart(answer.body)),
        };
      });
    } catch (error) {
      return describeFailure(error, timeoutMs);
    }
  };

  const destroyPools = async (): Promise<void> => {
    const open = [...pools.values()];
    pools.clear();
    for (const pool of open) {
      // A pool that cannot be closed has nothing left that we could release.
      await pool.then((opened) => opened.destroy()).catch(() => undefined);
    }
  };

  return {
    async post({ url, contentType, body, isGzipTaken }) {
      const isPlain = !isGzipTaken || body.length < MIN_GZIP_BYTES;
      try {
        const payload = isPlain ? body : await gzipAsync(body, { level: 1 });
        return await request("POST", url, payload, {
          "content-type": contentType,
          ...(isPlain ? {} : { "content-encoding": "gzip" }),
        });
      } catch (error) {
        return describeFailure(error, timeoutMs); // zlib out of memory
      }
    },
    get: (url) => request("GET", url, null, {}),
    preload() {
      import("undici").catch(() => {
        // The first request meets the same error and reports it.
      });
    },
    interrupt() {
      restsUntil = performance.now() + REST_MS;
      return destroyPools();
    },
    close() {
      isClosed = true;
      return destroyPools();
    },
  };
}

async function readStart(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= MAX_ANSWER_BYTES) break;
    }
  } catch {
    // The status has been read: an answer cut off after it is as good as a whole one.
  }
  return Buffer.concat(chunks).toString("utf8", 0, MAX_ANSWER_BYTES);
}

/** Says what failed without the address, which may hold credentials. */
function describeFailure(error: unknown, timeoutMs: number): NoAnswer {
  if (!(error instanceof Error)) return { failure: "request failed" };
  if (TIMEOUTS.has(error.name)) {
    return { failure: `no answer within ${timeoutMs} ms`, isTimeout: true };
  }
  const code = (error as NodeJS.ErrnoException).code;
  // A host with two addresses fails with an AggregateError whose message is empty.
  return { failure: code ?? (error.message || error.name) };
}

const TIMEOUTS: ReadonlySet<string> = new Set(["TimeoutError", "HeadersTimeoutError"]);

/** Key that OpenTelemetry's instrumentations look for. Spec: `suppressTracing` in @opentelemetry/core. */
const SUPPRESS_TRACING = Symbol.for("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

/** Runs our own requests so that an OpenTelemetry setup of the host does not trace them. */
async function untraced<T>(work: () => Promise<T>): Promise<T> {
  const { context } = await import("@opentelemetry/api");
  return context.with(context.active().setValue(SUPPRESS_TRACING, true), work);
}

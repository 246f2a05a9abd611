import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Pool } from "undici";
import { exchange } from "./exchange";
import { OpenSockets } from "./open-sockets";
import type { Shipment } from "./send";

/** An answer, read to its end, or to 1 MiB. */
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

/** A request that carries no spans, such as the upload of a file; sent as it is, uncompressed. */
export interface SideRequest {
  readonly method: "POST" | "PUT" | "PATCH";
  /** Http or https, of any origin. */
  readonly url: string;
  readonly body: Uint8Array;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Which of the endpoint's own headers go along; none of them may go to another origin. */
  readonly ownHeaders: "all" | "all but authorization" | "none";
  /** For this attempt, in milliseconds. */
  readonly timeoutMs: number;
}

export interface Transport {
  /** One POST, compressed where that is wanted. Resolves whatever happens, never rejects. */
  post(shipment: Shipment): Promise<HttpAnswer | NoAnswer>;
  /** One GET. Resolves whatever happens, never rejects. */
  get(url: string): Promise<HttpAnswer | NoAnswer>;
  /**
   * One request over connections of its own: a slow upload holds up no spans. Redirects are not
   * followed. Resolves whatever happens, never rejects.
   */
  exchange(request: SideRequest): Promise<HttpAnswer | NoAnswer>;
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

interface OneRequest {
  readonly method: "GET" | SideRequest["method"];
  readonly url: string;
  readonly body: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Smaller bodies are sent as they are. */
const MIN_GZIP_BYTES = 1_024;
const MIN_GZIP_CHUNK_BYTES = 1_024;
const MAX_GZIP_CHUNK_BYTES = 1_024 * 1_024;

/** Origins of side requests with connections at the same time: the endpoint, and where it keeps files. */
const MAX_SIDE_POOLS = 4;

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
  /** Longest unused first. */
  const sidePools = new Map<string, Promise<Pool>>();
  /** Their last requests are on their way. */
  const retiredPools = new Set<Promise<Pool>>();
  /** Of the pools, but not of the side pools. */
  const sockets = new OpenSockets();
  let isClosed = false;
  /** Nothing is sent before this; by `performance.now()`. */
  let restsUntil = 0;

  const openPool = (origin: string, watched = new OpenSockets()): Promise<Pool> =>
    untraced(async () => {
      const { buildConnector, Pool } = await import("undici");
      const connect = watched.watch(buildConnector({}));
      return new Pool(origin, { connections, pipelining: 1, connect });
    });

  const poolFor = (origin: string): Promise<Pool> => {
    const known = pools.get(origin);
    if (known !== undefined) return known;
    const pool = openPool(origin, sockets);
    pools.set(origin, pool);
    return pool;
  };

  const sidePoolFor = (origin: string): Promise<Pool> => {
    const pool = sidePools.get(origin) ?? openPool(origin);
    sidePools.delete(origin);
    sidePools.set(origin, pool);
    const [oldest] = sidePools;
    if (oldest !== undefined && sidePools.size > MAX_SIDE_POOLS) {
      sidePools.delete(oldest[0]);
      void retire(oldest[1]);
    }
    return pool;
  };

  const retire = async (pool: Promise<Pool>): Promise<void> => {
    retiredPools.add(pool);
    // As in destroyPools.
    await pool.then((opened) => opened.close()).catch(() => undefined);
    retiredPools.delete(pool);
  };

  const request = async (
    { method, url, body, headers: sent, timeoutMs: limitMs }: OneRequest,
    poolOf: (origin: string) => Promise<Pool>,
  ): Promise<HttpAnswer | NoAnswer> => {
    try {
      const { origin, pathname, search } = new URL(url);
      if (isClosed || performance.now() < restsUntil) return { failure: "connection closed" };
      const pool = await poolOf(origin);
      const path = pathname + search;
      const answer = await untraced(() =>
        exchange(pool, { method, path, headers: sent, body, timeoutMs: limitMs }),
      );
      return { ...answer, text: withoutSecrets(answer.text) };
    } catch (error) {
      return describeFailure(error, limitMs);
    }
  };

  const destroyPools = async (): Promise<void> => {
    const open = [...pools.values(), ...sidePools.values(), ...retiredPools];
    pools.clear();
    sidePools.clear();
    for (const pool of open) {
      // A pool that cannot be closed has nothing left that we could release.
      await pool.then((opened) => opened.destroy()).catch(() => undefined);
    }
  };

  return {
    async post({ url, contentType, body, isGzipWanted, onBodyFree }) {
      const isPlain = !isGzipWanted || body.length < MIN_GZIP_BYTES;
      try {
        const payload = isPlain
          ? body
          : await gzipAsync(body, { level: 1, chunkSize: gzipChunkBytes(body.length) });
        if (!isPlain) onBodyFree?.();
        const sent = {
          ...headers,
          "content-type": contentType,
          ...(isPlain ? {} : { "content-encoding": "gzip" }),
        };
        const answer = await request(
          { method: "POST", url, body: payload, headers: sent, timeoutMs },
          poolFor,
        );
        // A server may answer before it has read the body, which is still on its way then.
        if (isPlain && "status" in answer && sockets.isAllWritten) onBodyFree?.();
        return answer;
      } catch (error) {
        return describeFailure(error, timeoutMs); // zlib out of memory
      }
    },
    get: (url) => request({ method: "GET", url, body: null, headers, timeoutMs }, poolFor),
    exchange({ ownHeaders, ...given }) {
      const own = ownHeaders === "none" ? {} : headers;
      const kept = Object.entries(own).filter(
        ([name]) => ownHeaders === "all" || name.toLowerCase() !== "authorization",
      );
      const sent = { ...Object.fromEntries(kept), ...given.headers };
      const limitMs = Math.max(1, Math.ceil(given.timeoutMs));
      return request({ ...given, headers: sent, timeoutMs: limitMs }, sidePoolFor);
    },
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

/**
 * Memory for what comes out, in one piece where it is compressed as well as JSON usually is: each
 * piece is a turn on the main thread.
 */
function gzipChunkBytes(byteLength: number): number {
  return Math.min(Math.max(MIN_GZIP_CHUNK_BYTES, byteLength >>> 1), MAX_GZIP_CHUNK_BYTES);
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

/** Kept: asking for it each time costs as much as a tenth of a request. */
let loadingApi: Promise<typeof import("@opentelemetry/api")> | undefined;

/** Runs our own requests so that an OpenTelemetry setup of the host does not trace them. */
async function untraced<T>(work: () => Promise<T>): Promise<T> {
  loadingApi ??= import("@opentelemetry/api");
  const { context } = await loadingApi;
  return context.with(context.active().setValue(SUPPRESS_TRACING, true), work);
}

import type { LookupFunction } from "node:net";
import { compress } from "./compress";
import { Connections } from "./connections";
import { type ExchangeRequest, exchange, lengthOf } from "./exchange";
import { freeMemory } from "./free-memory";
import { createSecretHider } from "./hide-secrets";
import type { Shipment } from "./send";
import { untraced } from "./untraced";

/** An answer, read to its end, or to 1 MiB. */
export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** JSON for an answer of OTLP in protobuf. */
  readonly text: string;
}

/** Nothing came that could be called an answer. */
export interface NoAnswer {
  /** What failed, in words of small variety. */
  readonly failure: string;
  /** The time for one attempt was over. */
  readonly isTimeout?: boolean;
  /** The same request would fail again. */
  readonly isFinal?: boolean;
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
  /** Texts that never stand in what is passed on of an answer. None is empty. */
  readonly secrets?: readonly string[];
  /** For one attempt as a whole, in milliseconds. */
  readonly timeoutMs: number;
  /** Requests at the same time. */
  readonly connections: number;
  /**
   * Finds the address of a name, each time that a connection is made.
   * @default Node's own
   */
  readonly lookup?: LookupFunction;
}

/** Smaller bodies are sent as they are. */
const MIN_GZIP_BYTES = 1_024;

/** A process that has nothing left to do is over by then, in milliseconds. */
const REST_MS = 1_000;

/** HTTP by Node's own client, with connections for spans and scores, and others for side requests. */
export function createTransport({
  headers,
  timeoutMs,
  connections,
  secrets = [],
  lookup,
}: TransportOptions): Transport {
  const withoutSecrets = createSecretHider(secrets);
  const main = new Connections({ maxPerOrigin: connections, lookup });
  const side = new Connections({ maxPerOrigin: connections, lookup });
  let isClosed = false;
  /** Nothing is sent before this; by `performance.now()`. */
  let restsUntil = 0;

  const request = async (
    over: Connections,
    sent: ExchangeRequest,
  ): Promise<HttpAnswer | NoAnswer> => {
    try {
      if (isClosed || performance.now() < restsUntil) return { failure: "connection closed" };
      const { status, retryAfter, text } = await untraced(() => exchange(over, sent));
      return { status, retryAfter, text: withoutSecrets(text) };
    } catch (error) {
      return describeFailure(error, sent.timeoutMs);
    }
  };
  const postCompressed = async (post: ExchangeRequest): Promise<HttpAnswer | NoAnswer> => {
    try {
      const compressed = await compress(post.body);
      post.onBodySent?.(); // nothing reads it any more
      return await request(main, {
        ...post,
        headers: { ...post.headers, "content-encoding": "gzip" },
        body: compressed,
        onBodySent: () => freeMemory(compressed),
      });
    } catch (error) {
      return describeFailure(error, timeoutMs); // zlib out of memory
    }
  };
  const interrupt = async (): Promise<void> => {
    main.interrupt();
    side.interrupt();
  };

  return {
    post({ url, contentType, body, isGzipWanted, onBodyFree }) {
      const post: ExchangeRequest = {
        method: "POST",
        url,
        headers: { ...headers, "content-type": contentType },
        body,
        timeoutMs,
        onBodySent: onBodyFree,
      };
      const isPlain = !isGzipWanted || lengthOf(body) < MIN_GZIP_BYTES;
      return isPlain ? request(main, post) : postCompressed(post);
    },
    get: (url) => request(main, { method: "GET", url, body: [], headers, timeoutMs }),
    exchange({ ownHeaders, ...given }) {
      const own = ownHeaders === "none" ? {} : headers;
      const kept = Object.entries(own).filter(
        ([name]) => ownHeaders === "all" || name.toLowerCase() !== "authorization",
      );
      const sent = { ...Object.fromEntries(kept), ...given.headers };
      const limitMs = Math.max(1, Math.ceil(given.timeoutMs));
      return request(side, { ...given, body: [given.body], headers: sent, timeoutMs: limitMs });
    },
    interrupt() {
      restsUntil = performance.now() + REST_MS;
      return interrupt();
    },
    close() {
      isClosed = true;
      return interrupt();
    },
  };
}

/** Says what failed without the address, which may hold credentials. */
function describeFailure(error: unknown, timeoutMs: number): NoAnswer {
  if (!(error instanceof Error)) return { failure: "request failed" };
  if (error.name === "TimeoutError") {
    return { failure: `no answer within ${timeoutMs} ms`, isTimeout: true };
  }
  const code = (error as NodeJS.ErrnoException).code;
  // A host with two addresses fails with an AggregateError whose message is empty.
  return { failure: code ?? (error.message || error.name) };
}

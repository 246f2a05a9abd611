import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { decodeItems, INGESTION_PATH, isCounted, type ReceivedItem } from "./received-items";
import { type ReceivedRequest, type ScriptedServer, startScriptedServer } from "./scripted-server";

/** What happens to one request. */
export type Fault =
  /** An answer of any kind; without a status, the one of a healthy server. */
  | {
      readonly kind: "answer";
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly text?: string;
      readonly delayMs?: number;
    }
  /** The connection is reset when so many bytes of the body have come. */
  | { readonly kind: "reset in request"; readonly afterBytes: number }
  /** All of the request was read, none of it taken. */
  | { readonly kind: "reset before answer" }
  /** All of the request was read and taken, but the connection is reset instead of an answer. */
  | { readonly kind: "lost answer" }
  /** Taken and answered; the reset may overtake the answer. */
  | { readonly kind: "reset after answer" }
  /** Never answers. */
  | { readonly kind: "stall" }
  /** Status and half of the body that was promised. */
  | { readonly kind: "half answer"; readonly status: number }
  /** An answer that claims gzip and ends in the middle of it. */
  | { readonly kind: "truncated gzip"; readonly status: number }
  /** Answers well, then closes the connection that the answer said would stay. */
  | { readonly kind: "close after answer" }
  /** 413 for a body of more bytes; @param isEarly - without reading it, as proxies do */
  | { readonly kind: "body limit"; readonly maxBytes: number; readonly isEarly?: boolean }
  /** 400 for the whole batch where one item is refused. */
  | { readonly kind: "bad item"; readonly isBad: (item: ReceivedItem) => boolean }
  /** 207 with a status for each event. */
  | { readonly kind: "per item"; readonly judge: (item: ReceivedItem) => ItemStatus };

export interface ItemStatus {
  readonly status: number;
  readonly message?: string;
}

/** Chosen when the head of a request has come. @param index - of the request, from 0 */
export type Script = (index: number, path: string) => Fault;

/** A server that does what a script says, and keeps account of what it took. */
export interface FaultServer
  extends Pick<ScriptedServer, "url" | "requests" | "received" | "goDown" | "comeBack">,
    AsyncDisposable {
  script: Script;
  /** Lets go of requests and batches so far, in a long run; the account stays. */
  forget(): void;
  /** Items in each request that was read to its end, spans and scores. */
  readonly batches: readonly (readonly ReceivedItem[])[];
  /** How often each item was taken: a success for it was begun, or sent in part. */
  readonly taken: ReadonlyMap<string, number>;
  /** How often the success for an item was sent whole, over a connection that held. */
  readonly acknowledged: ReadonlyMap<string, number>;
  /** Ids that came again from a sender that had a whole acknowledgement of them. */
  readonly repeated: readonly string[];
  /** How many requests met which kind of fault. */
  readonly injected: ReadonlyMap<string, number>;
}

/** Header by which the server knows processes apart; without it, all are one sender. */
export const SENDER_HEADER = "x-sender";

export const HEALTHY: Fault = { kind: "answer" };

/** The faults for the first requests, then a healthy server. */
export function first(...faults: readonly Fault[]): Script {
  return (index) => faults[index] ?? HEALTHY;
}

export function always(fault: Fault): Script {
  return () => fault;
}

export async function startFaultServer(script: Script = always(HEALTHY)): Promise<FaultServer> {
  const taken = new Map<string, number>();
  const acknowledged = new Map<string, number>();
  const acknowledgedTo = new Map<string, Set<string>>();
  const repeated: string[] = [];
  const injected = new Map<string, number>();
  const batches: (readonly ReceivedItem[])[] = [];
  const faults = new WeakMap<ServerResponse, Fault>();
  let requestCount = 0;

  const scripted = await startScriptedServer(
    (response, request) => {
      const items = decodeItems(request);
      const counted = items.filter(isCounted);
      const sender = String(request.headers[SENDER_HEADER] ?? "");
      const known = acknowledgedTo.get(sender) ?? new Set();
      acknowledgedTo.set(sender, known);
      batches.push(counted);
      for (const { id } of counted) if (known.has(id)) repeated.push(id);
      carryOut(faults.get(response) ?? HEALTHY, { request, response, items }, (ids, isWhole) => {
        for (const id of ids) {
          taken.set(id, (taken.get(id) ?? 0) + 1);
          if (!isWhole) continue;
          acknowledged.set(id, (acknowledged.get(id) ?? 0) + 1);
          known.add(id);
        }
      });
    },
    (request, response) => {
      const fault = server.script(requestCount, request.url ?? "");
      requestCount += 1;
      const name = nameOf(fault);
      injected.set(name, (injected.get(name) ?? 0) + 1);
      faults.set(response, fault);
      return interrupts(fault, request, response);
    },
  );

  const { url, requests, received, goDown, comeBack } = scripted;
  const server: FaultServer = {
    ...{ url, requests, received, goDown, comeBack },
    ...{ script, batches, taken, acknowledged, repeated, injected },
    forget() {
      scripted.forget();
      batches.length = 0;
    },
    [Symbol.asyncDispose]: () => scripted[Symbol.asyncDispose](),
  };
  return server;
}

function nameOf(fault: Fault): string {
  if (fault.kind !== "answer") return fault.kind;
  if (fault.status !== undefined) return `HTTP ${fault.status}`;
  return fault.delayMs === undefined ? "healthy" : "slow";
}

/** @returns whether the fault comes before the body has been read */
function interrupts(fault: Fault, request: IncomingMessage, response: ServerResponse): boolean {
  if (fault.kind === "reset in request") {
    let byteCount = 0;
    const count = (length: number): void => {
      byteCount += length;
      if (byteCount >= fault.afterBytes) request.socket.resetAndDestroy();
    };
    request.on("data", (chunk: Buffer) => count(chunk.length));
    request.on("end", () => request.socket.resetAndDestroy()); // a body shorter than that
    count(0);
    return true;
  }
  if (fault.kind === "body limit" && fault.isEarly === true) {
    if (Number(request.headers["content-length"]) <= fault.maxBytes) return false;
    response.writeHead(413, { connection: "close" }).end("Request Entity Too Large");
    return true;
  }
  return false;
}

interface Exchange {
  readonly request: ReceivedRequest;
  readonly response: ServerResponse;
  readonly items: readonly ReceivedItem[];
}

/** @param isWhole - the answer went out to its end */
type Take = (ids: readonly string[], isWhole: boolean) => void;

function carryOut(fault: Fault, exchange: Exchange, take: Take): void {
  const { request, response, items } = exchange;
  const { socket } = response;
  const ids = items.filter(isCounted).map(({ id }) => id);
  switch (fault.kind) {
    case "answer": {
      const { delayMs = 0, status, headers = {}, text = "" } = fault;
      const respond = (): void => {
        if (socket?.destroyed !== false) return; // the client did not wait
        if (status === undefined) succeed(exchange, take);
        else {
          if (status >= 200 && status < 300) response.on("finish", () => take(ids, true));
          response.writeHead(status, headers).end(text);
        }
      };
      if (delayMs === 0) respond();
      else setTimeout(respond, delayMs);
      return;
    }
    case "reset in request": // dealt with before
    case "stall":
      return;
    case "reset before answer":
      socket?.resetAndDestroy();
      return;
    case "lost answer":
      take(ids, false);
      socket?.resetAndDestroy();
      return;
    case "reset after answer":
      take(ids, false);
      response.on("finish", () => socket?.resetAndDestroy());
      succeed(exchange, () => undefined);
      return;
    case "half answer":
      if (fault.status < 300) take(ids, false);
      response.writeHead(fault.status, { "content-length": "1000" });
      response.write("x".repeat(500), () => socket?.destroy());
      return;
    case "truncated gzip": {
      if (fault.status < 300) take(ids, false);
      const text = gzipSync("An answer that is long enough to be cut in two. ".repeat(20));
      response.writeHead(fault.status, { "content-encoding": "gzip" });
      response.end(text.subarray(0, text.length / 2));
      return;
    }
    case "close after answer":
      response.on("finish", () => socket?.end());
      succeed(exchange, take);
      return;
    case "body limit":
      if (request.body.length <= fault.maxBytes) succeed(exchange, take);
      else response.writeHead(413).end("Request Entity Too Large");
      return;
    case "bad item":
      if (items.some(fault.isBad)) response.writeHead(400).end('{"message":"Invalid request"}');
      else succeed(exchange, take);
      return;
    case "per item":
      answerPerItem(exchange, fault.judge, take);
      return;
  }
}

function succeed(exchange: Exchange, take: Take): void {
  const { request, response, items } = exchange;
  if (request.path === INGESTION_PATH) {
    answerPerItem(exchange, () => ({ status: 201 }), take);
    return;
  }
  response.on("finish", () =>
    take(
      items.map(({ id }) => id),
      true,
    ),
  );
  response.writeHead(200, { "content-type": "application/json" }).end("{}");
}

/** Spec: langfuse-contract, section 2 */
function answerPerItem(
  { response, items }: Exchange,
  judge: (item: ReceivedItem) => ItemStatus,
  take: Take,
): void {
  const judged = items.map((item) => ({ item, ...judge(item) }));
  const isGood = ({ status }: ItemStatus): boolean => status < 300;
  const good = judged.filter(isGood);
  // A span comes with an event about its trace: it is acknowledged when both are.
  const badTraces = new Set(
    judged.filter((one) => !isGood(one) && !isCounted(one.item)).map(({ item }) => item.id),
  );
  const counted = good.map(({ item }) => item).filter(isCounted);
  response.on("finish", () => {
    for (const { id, traceId } of counted) take([id], !badTraces.has(traceId));
  });
  response.writeHead(207, { "content-type": "application/json" }).end(
    JSON.stringify({
      successes: good.map(({ item, status }) => ({ id: item.eventId, status })),
      errors: judged
        .filter((one) => !isGood(one))
        .map(({ item, status, message }) => ({ id: item.eventId, status, message })),
    }),
  );
}

import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it came over the wire, compressed or not. */
  readonly body: Buffer;
}

/** Answers the request, or leaves it open. */
export type Answer = (response: ServerResponse, request: ReceivedRequest) => void;

/**
 * Sees a request before its body.
 * @returns whether it deals with the request itself: it is neither read nor answered here then
 */
export type HeadListener = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A real HTTP server on a loopback socket, which behaves as well or badly as a test wants. */
export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** Sockets that are open now. */
  readonly connectionCount: number;
  /** How it answers from here on. */
  answer: Answer;
  /** Resolves when `count` requests have come in whole. */
  received(count: number): Promise<void>;
  /** Lets go of the requests so far, in a long run. */
  forget(): void;
  /** Stops listening and breaks every connection: what comes now is refused. */
  goDown(): Promise<void>;
  /** Listens again, at the same address. */
  comeBack(): Promise<void>;
}

export const ok = (response: ServerResponse): void => {
  response.writeHead(200).end("{}");
};

export const silent: Answer = () => undefined;

export function status(code: number, text = "", headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(code, headers).end(text);
  };
}

export async function startScriptedServer(
  answer: Answer = ok,
  onHead: HeadListener = () => false,
): Promise<ScriptedServer> {
  const requests: ReceivedRequest[] = [];
  const waiting = new Set<() => void>();
  let connectionCount = 0;
  const server = createServer((request, response) => {
    request.on("error", () => undefined); // the client may go away at any time
    if (onHead(request, response)) return;
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const received = {
        method: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks),
      };
      requests.push(received);
      scripted.answer(response, received);
      for (const check of waiting) check();
    });
  });
  server.on("connection", (socket) => {
    connectionCount += 1;
    socket.on("close", () => {
      connectionCount -= 1;
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server has one

  const scripted: ScriptedServer = {
    url: `http://127.0.0.1:${port}`,
    requests,
    answer,
    get connectionCount() {
      return connectionCount;
    },
    received: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (requests.length < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    forget() {
      requests.length = 0;
    },
    async goDown() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
    async comeBack() {
      if (server.listening) return;
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
    },
    [Symbol.asyncDispose]: () => scripted.goDown(),
  };
  return scripted;
}

import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
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
}

export const ok: Answer = (response) => {
  response.writeHead(200).end("{}");
};

export const silent: Answer = () => undefined;

export function status(code: number, text = "", headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(code, headers).end(text);
  };
}

export async function startScriptedServer(answer: Answer = ok): Promise<ScriptedServer> {
  const requests: ReceivedRequest[] = [];
  const waiting = new Set<() => void>();
  let connectionCount = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("error", () => undefined); // the client may go away at any time
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
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return scripted;
}

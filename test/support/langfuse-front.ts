import type { IncomingMessage, ServerResponse } from "node:http";
import { listen } from "./listen";

/** What is answered in place of what stands behind; undefined lets the request through. */
export type Refusal = (
  path: string,
) => { readonly status: number; readonly body: string } | undefined;

const NO_PAGE = { status: 404, body: "<!doctype html><title>404</title>" };
const CLOSED = {
  status: 404,
  body: JSON.stringify({
    message:
      "This endpoint is not available on deployments running in Langfuse v4 events_only mode.",
  }),
};

/** Langfuse 3: nothing of the studio's own, no cursor lists. */
export const LANGFUSE_3: Refusal = (path) =>
  /^\/api\/(studio|public\/(v2\/observations|v3))/.test(path) ? NO_PAGE : undefined;

/** Langfuse 4 as it installs itself: numbered lists, sessions and traces are closed. */
export const LANGFUSE_4: Refusal = (path) => {
  if (path.startsWith("/api/studio")) return NO_PAGE;
  return /^\/api\/public\/(sessions|traces|observations|scores|v2\/scores)/.test(path)
    ? CLOSED
    : undefined;
};

export interface Front {
  readonly url: string;
  /** Paths that were asked for, without their queries. */
  readonly asked: readonly string[];
}

/** A server before a studio that offers what another server offers; closed after the test. */
export async function openFront(behind: string, refuse: Refusal): Promise<Front> {
  const asked: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? "/";
    asked.push(path.split("?")[0] ?? path);
    const refusal = refuse(path);
    if (refusal !== undefined) {
      response.writeHead(refusal.status).end(refusal.body);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { host: _host, connection: _connection, ...headers } = request.headers;
    const method = request.method ?? "GET";
    const answered = await fetch(behind + path, {
      method,
      headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
        typeof value === "string" && name !== "content-length" && name !== "transfer-encoding"
          ? [[name, value]]
          : [],
      ),
      ...(method === "GET" ? {} : { body: Buffer.concat(chunks) }),
    });
    const type = answered.headers.get("content-type") ?? "text/plain";
    response.writeHead(answered.status, { "content-type": type });
    response.end(Buffer.from(await answered.arrayBuffer()));
  };
  const url = await listen((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  return { url, asked };
}

import { gunzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import { decodeProtobuf } from "../../src/studio/ingest/decode-protobuf";
import { type ReceivedRequest, startScriptedServer } from "./scripted-server";

/** How the endpoint is while a program ends. */
export type Condition = "up" | "slow" | "down" | "silent" | "refusing";

export interface ExitServer {
  readonly url: string;
  condition: Condition;
  /** Names of the spans and scores that it acknowledged, in alphabetical order. */
  taken(): readonly string[];
  /** Resolves when `count` requests have come. */
  received(count: number): Promise<void>;
}

/** What a slow endpoint takes for an answer, in milliseconds. */
const SLOW_MS = 300;

/** An endpoint on a socket of its own that ends with the test. */
export async function startExitServer(): Promise<ExitServer> {
  const names: string[] = [];
  const server = await startScriptedServer((response, request) => {
    const succeed = (): void => {
      names.push(...readNames(request));
      response.writeHead(200).end("{}");
    };
    if (exitServer.condition === "up") succeed();
    if (exitServer.condition === "slow") setTimeout(succeed, SLOW_MS);
    if (exitServer.condition === "refusing") response.writeHead(400).end();
    if (exitServer.condition === "down") response.socket?.resetAndDestroy();
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const exitServer: ExitServer = {
    url: server.url,
    condition: "up",
    taken: () => [...names].sort(),
    received: (count) => server.received(count),
  };
  return exitServer;
}

function readNames({ path, headers, body }: ReceivedRequest): string[] {
  const raw = headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
  if (path === "/api/public/ingestion") {
    const { batch } = JSON.parse(raw.toString()) as { batch: { body: { name: string } }[] };
    return batch.map((event) => event.body.name);
  }
  return decodeProtobuf(raw)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans.map(({ name }) => name));
}

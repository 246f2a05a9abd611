/**
 * Receives what the subjects send, in a process of its own: answers at once, counts later. Its
 * parent says `reset` and `count`; each is answered.
 */

import { createServer } from "node:http";
import { createSpanCounter } from "./count-spans.mjs";

/** Bodies kept before they are counted while requests may be coming in. */
const MAX_KEPT_BYTES = 256 * 1_024 * 1_024;

/** What subjects ask before they send anything, and how Langfuse answers a batch. */
const ANSWERS = {
  "/info": () => ({ version: "0.12.0", batch_ingest_config: { use_multipart_endpoint: true } }),
  "/version": () => ({}),
  "/api/apikey/login": (origin) => ({
    org_info: [{ id: "bench", name: "bench", api_url: origin, proxy_url: origin }],
  }),
  "/api/project/register": () => ({ project: { id: "bench", name: "bench" } }),
  "/api/public/ingestion": () => ({ successes: [], errors: [] }),
};

let counter = createSpanCounter();
let kept = [];
let keptBytes = 0;
let requests = 0;
let bytes = 0;
let failures = [];

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    answer(request, response);
    if (request.method !== "GET") keep(request, Buffer.concat(chunks));
  });
});
server.keepAliveTimeout = 60_000;

function answer(request, response) {
  const path = request.url.split("?", 1)[0];
  const type = request.headers["content-type"] ?? "";
  if (type.includes("protobuf")) {
    response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
    return;
  }
  const origin = `http://${request.headers.host}`;
  const status = path.endsWith("/ingestion") ? 207 : 200;
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(ANSWERS[path]?.(origin) ?? {}));
}

function keep({ url, headers }, body) {
  requests += 1;
  bytes += body.length;
  keptBytes += body.length;
  kept.push({ path: url.split("?", 1)[0], headers, body });
  if (keptBytes > MAX_KEPT_BYTES) countKept();
}

function countKept() {
  for (const item of kept) {
    try {
      counter.add(item);
    } catch (error) {
      failures.push(`${item.path}: ${error.message}`);
    }
  }
  kept = [];
  keptBytes = 0;
}

process.on("message", (message) => {
  if (message === "reset") {
    counter = createSpanCounter();
    kept = [];
    failures = [];
    keptBytes = requests = bytes = 0;
    process.send({});
  }
  if (message === "count") {
    countKept();
    process.send({ spans: counter.count, requests, bytes, failures: failures.slice(0, 3) });
  }
});
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));

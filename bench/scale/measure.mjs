/** What a handler trace takes: encoded, on the wire, on disk. By the built package and a real socket. */

import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Playhead } from "../../dist/index.js";
import { TRACES_PER_FLUSH } from "../lib/drive.mjs";
import { MODEL, USAGE } from "../lib/model.mjs";
import { conversations } from "../lib/workload.mjs";
import { start } from "../subjects/playhead.mjs";

export const SPANS_PER_TRACE = 3;
/** Langfuse cuts texts to this in the table that its lists read, in characters. */
const LIST_TEXT_LENGTH = 200;
const SINGLE_TRACES = 64;

/**
 * @returns bytes per trace: encoded; encoded with texts cut for lists; on the wire with HTTP headers,
 * in full requests and alone; in a spool. And how many times smaller gzip makes a full request.
 */
export async function measureSizes() {
  const full = await measureWire(conversations, TRACES_PER_FLUSH, TRACES_PER_FLUSH);
  const single = await measureWire(conversations, SINGLE_TRACES, 1);
  const listed = await measureWire(conversations.map(cutTexts), TRACES_PER_FLUSH, TRACES_PER_FLUSH);
  return {
    encodedBytes: full.bodyBytes,
    listedBytes: listed.bodyBytes,
    wireBytesFull: full.wireBytes,
    wireBytesSingle: single.wireBytes,
    gzipRatio: full.bodyBytes / full.gzipBytes,
    spoolBytes: await measureSpool(TRACES_PER_FLUSH),
  };
}

function cutTexts({ messages, answer, ...rest }) {
  return {
    ...rest,
    messages: JSON.stringify(messages).slice(0, LIST_TEXT_LENGTH),
    answer: answer.slice(0, LIST_TEXT_LENGTH),
  };
}

/** @returns bytes per trace: of bodies before and after gzip, and of all that came over the socket */
async function measureWire(contents, traces, perFlush) {
  const sink = await startCountingSink();
  const sdk = await start({ url: sink.url, enabled: true, gzip: true });
  await run(sdk, contents, traces, perFlush);
  const { bodyBytes, gzipBytes, wireBytes } = await sink.stop();
  return {
    bodyBytes: bodyBytes / traces,
    gzipBytes: gzipBytes / traces,
    wireBytes: wireBytes / traces,
  };
}

export async function run(sdk, contents, traces, perFlush) {
  for (let index = 0; index < traces; index += 1) {
    await sdk.handle(contents[index % contents.length]);
    if (index % perFlush === perFlush - 1) await sdk.flush();
  }
}

async function startCountingSink() {
  const sockets = new Set();
  const bodies = [];
  const server = createServer(async (request, response) => {
    bodies.push(Buffer.concat(await request.toArray()));
    response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
  });
  server.on("connection", (socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    async stop() {
      const sum = (values) => values.reduce((total, value) => total + value, 0);
      const wireBytes = sum([...sockets].map(({ bytesRead }) => bytesRead));
      server.closeAllConnections();
      server.close();
      return {
        wireBytes,
        gzipBytes: sum(bodies.map(({ length }) => length)),
        bodyBytes: sum(bodies.map((body) => gunzipSync(body).length)),
      };
    },
  };
}

/** Bytes per trace in the files of a client whose endpoint is away. */
async function measureSpool(traces) {
  const dir = mkdtempSync(join(tmpdir(), "playhead-scale-"));
  try {
    const client = new Playhead({
      endpoint: "http://127.0.0.1:1/v1/traces",
      spool: { dir },
      shutdownTimeoutMs: 100,
      logLevel: "silent",
    });
    for (let index = 0; index < traces; index += 1) {
      const { session, user, messages, answer } = conversations[index % conversations.length];
      client.startAsCurrentSpan("handle-message", (root) => {
        root.updateTrace({ sessionId: session, userId: user });
        client.startAsCurrentSpan("retrieve", () => {});
        client.startAsCurrentGeneration(
          { name: "generate", model: MODEL, input: messages },
          (generation) => generation.update({ output: answer, usageDetails: USAGE }),
        );
      });
    }
    await client.shutdown();
    const files = readdirSync(dir, { recursive: true }).map((name) => statSync(join(dir, name)));
    const bytes = files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
    return bytes / traces;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

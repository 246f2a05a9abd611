/**
 * Ends SPAN_COUNT spans of about 1 KB in one go while the endpoint is dead. Prints by how much the
 * memory has grown, and the account.
 */

import { setImmediate as nextTurn } from "node:timers/promises";
import { Playhead } from "playhead";

const spanCount = Number(process.env["SPAN_COUNT"]);
const client = new Playhead({ logLevel: "silent" });

/** One span has been on the whole way, so that what is loaded once is not counted. */
client.startSpan("first").end();
await client.flush({ timeoutMs: 300 });

const before = await settledMemory();
const root = client.startSpan("root");
for (let index = 0; index < spanCount - 1; index += 1) {
  root.startSpan({ name: `span ${index}`, input: String(index).padEnd(900, "x") }).end();
}
root.end();
const after = await settledMemory();

const { offered, delivered, rejected, dropped, pending, bytes, reasons } = client.stats();
console.log(
  JSON.stringify({
    heapGrowth: after.heapUsed - before.heapUsed,
    buffersGrowth: after.arrayBuffers - before.arrayBuffers,
    rssGrowth: after.rss - before.rss,
    ...{ offered, delivered, rejected, dropped, pending },
    ...{ pendingBytes: bytes.pending, reasons },
  }),
);

/** What is left after everything that nobody holds is collected. */
async function settledMemory(): Promise<NodeJS.MemoryUsage> {
  for (let round = 0; round < 5; round += 1) {
    await nextTurn();
    globalThis.gc?.();
  }
  return process.memoryUsage();
}

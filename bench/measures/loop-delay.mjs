/** What tracing does to the event loop: while handlers run at full rate, and while it exports. */

import { monitorEventLoopDelay } from "node:perf_hooks";
import { setImmediate as turn } from "node:timers/promises";
import { conversations, texts } from "../lib/workload.mjs";

const HANDLERS = 64;
const STALL_SPANS = 512;
const NANOS_PER_MS = 1e6;

export async function run({ start, parameters: { seconds } }) {
  const sdk = await start();
  await saturate(sdk, seconds / 3);
  await sdk.flush();
  const busy = monitorEventLoopDelay({ resolution: 1 });
  busy.enable();
  const handled = await saturate(sdk, seconds);
  busy.disable();
  await sdk.flush();
  const figures = { "loop stall": await longestStall(sdk) };
  // No count: not one turn of the loop was in time for the timer that measures it.
  const problems = busy.count === 0 ? { "loop p99": "the event loop did not turn" } : {};
  if (busy.count > 0) figures["loop p99"] = busy.percentile(99) / NANOS_PER_MS;
  return { figures, problems, notes: { handled } };
}

/** Handlers in flight at once, each of which waits for one turn of the event loop in between. */
async function saturate(sdk, seconds) {
  const until = performance.now() + seconds * 1_000;
  let handled = 0;
  const worker = async () => {
    while (performance.now() < until) {
      await sdk.handle(conversations[handled % conversations.length]);
      handled += 1;
      await turn();
    }
  };
  await Promise.all(Array.from({ length: HANDLERS }, worker));
  return handled;
}

/** One span of 20 KB per turn of the event loop, then their export. */
async function longestStall(sdk) {
  const contents = texts(20_000);
  const write = async () => {
    for (let index = 0; index < STALL_SPANS; index += 1) {
      await sdk.record(contents[index % contents.length]);
      await turn();
    }
    await sdk.flush();
  };
  await write(); // compiles what the second one runs
  global.gc();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await write();
  delay.disable();
  return delay.max / NANOS_PER_MS;
}

/** Handlers at full rate for a while: what is left on the heap, looked at in equal steps of time. */

import { drive, TRACES_PER_FLUSH } from "../lib/drive.mjs";
import { median } from "../lib/statistics.mjs";
import { conversations } from "../lib/workload.mjs";

const SAMPLES = 30;
const MEBIBYTE = 1_024 * 1_024;

export async function run({ start, parameters: { minutes } }) {
  const sdk = await start();
  const handle = (index) => sdk.handle(conversations[index % conversations.length]);
  await drive(sdk, 20 * TRACES_PER_FLUSH, handle);
  const stepMs = (minutes * 60_000) / SAMPLES;
  const heapMb = [];
  let traces = 20 * TRACES_PER_FLUSH;
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const until = performance.now() + stepMs;
    while (performance.now() < until) {
      await drive(sdk, TRACES_PER_FLUSH, handle);
      traces += TRACES_PER_FLUSH;
    }
    global.gc();
    heapMb.push(process.memoryUsage().heapUsed / MEBIBYTE);
  }
  const third = SAMPLES / 3;
  return {
    figures: { "soak growth": median(heapMb.slice(-third)) - median(heapMb.slice(0, third)) },
    notes: { heapMb, traces, minutes },
    expectedSpans: 3 * traces,
  };
}

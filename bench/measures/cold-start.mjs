/** What importing a subject and making its client costs a process that has done nothing else. */

import { mainThreadMicros } from "../lib/on-cpu.mjs";

const MEBIBYTE = 1_024 * 1_024;

export async function run({ start, parameters: { conversation } }) {
  global.gc();
  const rss = process.memoryUsage.rss();
  const begin = mainThreadMicros();
  const startedAt = performance.now();
  const sdk = await start();
  const figures = {
    "cold wall": performance.now() - startedAt,
    "cold main": (mainThreadMicros() - begin) / 1_000,
    "cold rss": (process.memoryUsage.rss() - rss) / MEBIBYTE,
  };
  await sdk.handle(conversation);
  await sdk.flush();
  figures["cold delivered"] = (mainThreadMicros() - begin) / 1_000;
  return { figures, expectedSpans: 3 };
}

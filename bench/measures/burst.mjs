/** So many spans of 1 KB in one go, with no pause for anything else, then a flush. */

import { peakRssMb } from "../lib/on-cpu.mjs";
import { texts } from "../lib/workload.mjs";

export async function run({ start, parameters: { spans, gzip } }) {
  const sdk = await start({ gzip });
  const contents = texts(1_000);
  const startedAt = performance.now();
  const unfinished = [];
  for (let index = 0; index < spans; index += 1) {
    const recorded = sdk.record(contents[index % contents.length]);
    if (recorded !== undefined) unfinished.push(recorded);
  }
  await Promise.all(unfinished); // of the subjects that are always asynchronous
  await sdk.flush();
  const seconds = (performance.now() - startedAt) / 1_000;
  const figures = gzip
    ? { "burst seconds gzip": seconds, "burst peak gzip": peakRssMb() }
    : { "burst seconds": seconds, "burst peak": peakRssMb() };
  return { figures, expectedSpans: spans, arrivedFigure: "burst arrived" };
}

/**
 * `observe()` around a function that does nothing, under one root; all delivered. It gets no arguments:
 * some subjects record them, and others, the floor among them, do not.
 */

import { driveWarm } from "../lib/drive.mjs";

const CALLS_PER_FLUSH = 500;

export async function run({ start, parameters: { calls } }) {
  const sdk = await start();
  const sync = sdk.observe(() => undefined);
  const async = sdk.observe(async () => undefined);
  const figures = {};
  let spans = 1;
  await sdk.withRoot(async () => {
    for (const [name, call] of [
      ["observe sync", sync],
      ["observe async", async],
    ]) {
      const step = () => call();
      const { mainMicros, allSteps } = await driveWarm(sdk, calls, step, CALLS_PER_FLUSH);
      figures[name] = mainMicros;
      spans += allSteps;
    }
  });
  await sdk.flush();
  return { figures, expectedSpans: spans };
}

/** `observe()` around a function that does nothing, under one root; all delivered. */

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
      const { mainMicros, allSteps } = await driveWarm(sdk, calls, call, CALLS_PER_FLUSH);
      figures[name] = mainMicros;
      spans += allSteps;
    }
  });
  await sdk.flush();
  return { figures, expectedSpans: spans };
}

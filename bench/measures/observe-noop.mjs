/** `observe()` around a function that does nothing, under one root; all delivered. */

import { drive } from "../lib/drive.mjs";

const CALLS_PER_FLUSH = 500;

export async function run({ start, parameters: { calls } }) {
  const sdk = await start();
  const sync = sdk.observe(() => undefined);
  const async = sdk.observe(async () => undefined);
  const figures = {};
  await sdk.withRoot(async () => {
    for (const [name, call] of [
      ["observe sync", sync],
      ["observe async", async],
    ]) {
      await drive(sdk, Math.ceil(calls / 3), call, CALLS_PER_FLUSH);
      figures[name] = (await drive(sdk, calls, call, CALLS_PER_FLUSH)).mainMicros;
    }
  });
  await sdk.flush();
  return { figures, expectedSpans: 2 * (calls + Math.ceil(calls / 3)) + 1 };
}

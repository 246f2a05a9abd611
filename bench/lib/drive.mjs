/** How the traced program runs: as fast as it can, but so that no subject's queue overflows. */

import { mainThreadMicros, processMicros } from "./on-cpu.mjs";

/** Of three spans each: just below 512, where the batch processors of most subjects close a batch. */
export const TRACES_PER_FLUSH = 170;

/**
 * Runs `step(index)` so many times, and flushes every `perFlush` of them and in the end.
 * @returns microseconds on a core per step, the export included
 */
export async function drive(sdk, steps, step, perFlush = TRACES_PER_FLUSH) {
  const main = mainThreadMicros();
  const all = processMicros();
  for (let index = 0; index < steps; index += 1) {
    const result = step(index);
    if (result !== undefined) await result; // a synchronous step has no turn to wait for
    if (index % perFlush === perFlush - 1) await sdk.flush();
  }
  await sdk.flush();
  return {
    mainMicros: (mainThreadMicros() - main) / steps,
    processMicros: (processMicros() - all) / steps,
  };
}

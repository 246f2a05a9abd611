/** How the traced program runs: as fast as it can, but so that no subject's queue overflows. */

import { mainThreadMicros, processMicros } from "./on-cpu.mjs";

/** Of three spans each: just below 512, where the batch processors of most subjects close a batch. */
export const TRACES_PER_FLUSH = 170;

/** A subject that takes a millisecond per step is measured with fewer of them. */
const MAX_MS = 5_000;

/**
 * Runs `step(index)` so many times, and flushes every `perFlush` of them and in the end. Stops early
 * at a flush where it takes longer than {@link MAX_MS}.
 * @returns microseconds on a core per step, the export included, and how many steps there were
 */
export async function drive(sdk, maxSteps, step, perFlush = TRACES_PER_FLUSH) {
  const main = mainThreadMicros();
  const all = processMicros();
  const until = performance.now() + MAX_MS;
  let steps = 0;
  while (steps < maxSteps) {
    const result = step(steps);
    if (result !== undefined) await result; // a synchronous step has no turn to wait for
    steps += 1;
    if (steps % perFlush !== 0) continue;
    await sdk.flush();
    if (performance.now() > until) break;
  }
  await sdk.flush();
  return {
    steps,
    mainMicros: (mainThreadMicros() - main) / steps,
    processMicros: (processMicros() - all) / steps,
  };
}

/** As {@link drive}, after as many steps that are not counted: they compile what is measured. */
export async function driveWarm(sdk, maxSteps, step, perFlush) {
  const warmUp = await drive(sdk, maxSteps, step, perFlush);
  const driven = await drive(sdk, maxSteps, step, perFlush);
  return { ...driven, allSteps: warmUp.steps + driven.steps };
}

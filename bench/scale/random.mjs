/** Chance that is the same in every run. */

/** @returns uniform in [0, 1). Spec: mulberry32, a generator of 32 bits of state */
export function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @returns how many of what comes `mean` times on average come in one step; for means below 100 */
export function createPoisson(random, mean) {
  const limit = Math.exp(-mean);
  return () => {
    let count = 0;
    for (let product = random(); product > limit; product *= random()) count += 1;
    return count;
  };
}

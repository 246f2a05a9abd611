/** Calls an observed function 10,000 times without a pause. */

import { flush, observe } from "playhead";

const double = observe(function double(value: number) {
  return value * 2;
});

for (let value = 0; value < 10_000; value += 1) double(value);

console.log(JSON.stringify(await flush({ timeoutMs: 30_000 })));

/** Traces 100 calls and comes to its end: no flush, no shutdown. Prints how many are pending. */

import { getClient, observe } from "playhead";

const double = observe(function double(value: number) {
  return value * 2;
});

for (let value = 0; value < 100; value += 1) double(value);

console.log(JSON.stringify({ pending: getClient().stats().pending }));

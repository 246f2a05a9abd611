/** A handler's cost while so many other traces are open, each with a child that has ended. */

import { setImmediate as turn } from "node:timers/promises";
import { drive } from "../lib/drive.mjs";
import { conversations } from "../lib/workload.mjs";

export async function run({ start, parameters: { open, traces } }) {
  const sdk = await start();
  if (sdk.open === undefined) return { problem: "has no spans to end by hand" };
  const handle = (index) => sdk.handle(conversations[index % conversations.length]);
  const warmUp = await drive(sdk, traces, handle);
  const ends = [];
  for (let index = 0; index < open; index += 1) {
    ends.push(sdk.open());
    if (index % 500 === 499) await sdk.flush();
  }
  await sdk.flush();
  global.gc();
  const { mainMicros, steps } = await drive(sdk, traces, handle);
  for (const [index, end] of ends.entries()) {
    end();
    if (index % 500 === 499) await sdk.flush();
  }
  await turn();
  await sdk.flush();
  return {
    figures: { [`open ${open}`]: mainMicros },
    expectedSpans: 2 * open + 3 * (warmUp.steps + steps),
  };
}

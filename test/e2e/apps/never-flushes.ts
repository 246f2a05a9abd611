/** Traces one request and comes to its end, as a script does. Prints its own result. */

import { createScore, getClient, observe, updateCurrentTrace } from "playhead";

const step = observe(async function step(value: number) {
  return value + 1;
});

const work = observe(async function work() {
  updateCurrentTrace({ sessionId: "script" });
  const result = await step(await step(40));
  if (process.env["WITH_SCORE"]) createScore({ name: "quality", value: 1, sessionId: "script" });
  return result;
});

// Not the SDK's business: it must come out as the program set it.
process.exitCode = Number(process.env["EXIT_CODE"] ?? 0);
const result = await work();
console.log(JSON.stringify({ result, pending: getClient().stats().pending }));

/** Traces one request, flushes, and prints its own result with the report. */

import { flush, observe } from "playhead";

const work = observe(async function work(): Promise<string> {
  return "the program's result";
});

const result = await work();
console.log(JSON.stringify({ result, report: await flush({ timeoutMs: 1_500 }) }));

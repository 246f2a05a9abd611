/** The same with tracing disabled, in nanoseconds per call over the bare function. */

import { mainThreadMicros } from "../lib/on-cpu.mjs";
import { median } from "../lib/statistics.mjs";

/** Long against what an interrupt takes. */
const LOOP_MICROS = 60_000;

export async function run({ start, parameters: { rounds } }) {
  const sdk = await start({ enabled: false });
  // Each has a body, a call site and a loop of its own, so that neither is optimised for the other.
  const pairs = {
    "disabled sync": [(value) => value + 1, sdk.observe((value) => value + 1)],
    "disabled async": [async (value) => value + 1, sdk.observe(async (value) => value + 1)],
  };
  const figures = {};
  const problems = {};
  for (const [name, pair] of Object.entries(pairs)) {
    if (name === "disabled sync" && pair[1](1) !== 2) {
      problems[name] = "makes it asynchronous";
      continue;
    }
    const loops = pair.map((call) => createLoop(name.endsWith("async"), call));
    const calls = [await callsFor(loops[0]), await callsFor(loops[1])];
    const differences = [];
    for (let round = 0; round < rounds; round += 1) {
      const bare = await cost(loops[0], calls[0]);
      const observed = await cost(loops[1], calls[1]);
      differences.push((observed - bare) * 1_000);
    }
    figures[name] = median(differences);
  }
  return { figures, problems, expectedSpans: 0 };
}

/** What it adds up is returned, so that no call can be left out. */
function createLoop(isAsync, call) {
  const wait = isAsync ? "await " : "";
  const body = `let sum = 0;
    for (let index = 0; index < calls; index += 1) sum += ${wait}call(index);
    return sum;`;
  return new Function("call", `return ${isAsync ? "async " : ""}function loop(calls) { ${body} }`)(
    call,
  );
}

/** So many that the loop takes as long as it should, once it is optimised. */
async function callsFor(loop) {
  await cost(loop, 10_000);
  for (let calls = 10_000; ; calls *= 4) {
    const micros = calls * (await cost(loop, calls));
    if (micros > LOOP_MICROS / 8) return Math.ceil((calls * LOOP_MICROS) / micros);
  }
}

async function cost(loop, calls) {
  const start = mainThreadMicros();
  const sum = await loop(calls);
  const micros = (mainThreadMicros() - start) / calls;
  if (sum !== (calls * (calls + 1)) / 2) throw new Error("A call was left out or changed");
  return micros;
}

/**
 * `npm run chaos -- --minutes 2 --seed 1`: kills and restarts an app while its endpoint fails in
 * every way, and fails itself when a span that ended is missing at the end.
 */

import { parseArgs } from "node:util";
import { runChaos } from "./chaos-run";
import { chaosTable } from "./chaos-table";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "2" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
if (!(minutes > 0) || !Number.isInteger(seed)) {
  console.error("Expected --minutes above 0 and a whole number for --seed.");
  process.exit(2);
}

console.log(`chaos for ${minutes} minutes, --seed ${seed}`);
const result = await runChaos({ durationMs: minutes * 60_000, seed, onProgress: console.log });
console.log(chaosTable(result));

const isGood = result.missing.length === 0 && result.repeated.length === 0;
if (!isGood || result.endedCount === 0) {
  console.error(`failed; missing: ${result.missing.slice(0, 10).join(", ")}`);
  console.error(`sent again: ${result.repeated.slice(0, 10).join(", ")}`);
  console.error(result.warnings.slice(-20).join("\n"));
  process.exitCode = 1;
}

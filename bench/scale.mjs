/**
 * `node bench/scale.mjs`: prints the figures of docs/scale.md, by what `npm run build` made.
 *
 *   --set name=number   another assumption (scale/parameters.mjs) or size (scale/measured.json); as often
 *                       as you like
 *   --write             measures this machine, too, and writes scale/measured.json and the document
 *
 * Sizes are measured in each run and have to be those of measured.json; times are measured only
 * with --write, since no two machines agree on them. Chance has a fixed seed.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { TRACES_PER_FLUSH } from "./lib/drive.mjs";
import { writeBetween } from "./lib/table.mjs";
import { measureCpu, measureStudio } from "./scale/machine.mjs";
import { measureSizes } from "./scale/measure.mjs";
import { applySettings } from "./scale/parameters.mjs";
import { report } from "./scale/report.mjs";
import { loadSdkLimits } from "./scale/sdk-limits.mjs";

/** Ids and times differ in each run, and so does what gzip makes of them. */
const MAX_DIFFERENCE = 0.05;
const MEASURED = new URL("scale/measured.json", import.meta.url);
const DOCUMENT = new URL("../docs/scale.md", import.meta.url);

const { values: options } = parseArgs({
  options: {
    set: { type: "string", multiple: true, default: [] },
    write: { type: "boolean", default: false },
  },
});
if (options.write && options.set.length > 0) {
  throw new Error("Expected --write without --set: the document states what measured.json says");
}

const sizes = { ...(await measureSizes()), tracesPerFullRequest: TRACES_PER_FLUSH };
if (options.write) await writeMeasured();
const recorded = JSON.parse(readFileSync(MEASURED, "utf8"));
const settings = applySettings(options.set, recorded);
compareSizes();

const texts = report({ ...settings, limits: await loadSdkLimits() });
for (const [name, text] of Object.entries(texts)) {
  console.log(`<!-- ${name} -->\n${text}\n<!-- /${name} -->\n`);
  if (options.write) writeBetween(DOCUMENT, name, text);
}

/** To three digits: more would say what is not known. */
async function writeMeasured() {
  const all = { ...sizes, ...(await measureCpu()), ...(await measureStudio()) };
  const rounded = Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name, Number(value.toPrecision(3))]),
  );
  writeFileSync(MEASURED, `${JSON.stringify(rounded, null, 2)}\n`);
}

function compareSizes() {
  for (const [name, size] of Object.entries(sizes)) {
    if (Math.abs(size / recorded[name] - 1) <= MAX_DIFFERENCE) continue;
    console.error(
      `Expected ${name} to be about ${recorded[name]} as in bench/scale/measured.json, got ${size}: run with --write`,
    );
    process.exitCode = 1;
  }
}

/**
 * `npm run bench:studio`: runs every file of studio/measures, prints one Markdown table, and ends
 * with 1 where a figure is beyond its budget. Names of measures as arguments run only these.
 */

import { readdirSync } from "node:fs";
import { cpus, totalmem, type } from "node:os";

const FOLDER = new URL("studio/measures/", import.meta.url);

const asked = process.argv.slice(2);
const known = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".mjs"))
  .map((file) => file.slice(0, -".mjs".length));
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  throw new Error(`Expected measures out of ${known.join(", ")}, got ${unknown.join(", ")}`);
}

const rows = [];
for (const name of asked.length > 0 ? asked : known) {
  const { run } = await import(new URL(`${name}.mjs`, FOLDER));
  rows.push(...(await run()));
}
console.log(table(rows));
const processors = cpus();
console.log(
  `\nMachine: ${processors.length} × ${processors[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()}, Node ${process.versions.node}.`,
);
const missed = rows.filter(({ isMet }) => !isMet);
if (missed.length > 0) {
  console.log(`\nBeyond budget: ${missed.map(({ name }) => name).join("; ")}`);
  process.exitCode = 1;
}

function table(rows) {
  const lines = [
    ["measure", "value", "unit", "budget", ""],
    ["---", "---:", "---", "---:", "---"],
    ...rows.map(({ name, value, unit, budget, isMet }) => [
      name,
      format(value),
      unit,
      budget === undefined ? "" : format(budget),
      budget === undefined ? "" : isMet ? "met" : "**missed**",
    ]),
  ];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function format(value) {
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(3);
}

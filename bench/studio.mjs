/**
 * `npm run bench:studio`: runs every file of studio/measures, prints one Markdown table, and ends
 * with 1 where a figure is beyond its budget. Names of measures as arguments run only these;
 * `--write` puts the table into docs/performance.md.
 */

import { readdirSync } from "node:fs";
import { cpus, totalmem, type } from "node:os";
import { writeBetween } from "./lib/table.mjs";
import { tableOf } from "./studio/lib/rows.mjs";

const FOLDER = new URL("studio/measures/", import.meta.url);
const DOCUMENT = new URL("../docs/performance.md", import.meta.url);

const asked = process.argv.slice(2).filter((argument) => argument !== "--write");
const known = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".mjs"))
  .map((file) => file.slice(0, -".mjs".length));
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  throw new Error(`Expected measures out of ${known.join(", ")}, got ${unknown.join(", ")}`);
}

const rows = [];
const startedAt = performance.now();
for (const name of asked.length > 0 ? asked : known) {
  console.error(`${name} …`);
  const { run } = await import(new URL(`${name}.mjs`, FOLDER));
  rows.push(...(await run()));
}
const minutes = ((performance.now() - startedAt) / 60_000).toFixed(0);
const processors = cpus();
const text = `${tableOf(rows)}

Machine: ${processors.length} × ${processors[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()}, Node ${process.versions.node}. It took ${minutes} minutes.`;
console.log(text);
if (process.argv.includes("--write")) writeBetween(DOCUMENT, "bench:studio", `\n${text}\n`);
const missed = rows.filter(({ isMet }) => !isMet);
if (missed.length > 0) {
  console.log(`\nBeyond budget: ${missed.map(({ name }) => name).join("; ")}`);
  process.exitCode = 1;
}

/**
 * What recording a value costs the main thread, in CPU time, from the TypeScript sources:
 * `npm run capture`. Rounds of each pair take turns, medians count. Ends with 1 where a figure is
 * beyond its budget in budgets.json.
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const ROUNDS = 15;
const MAX_BYTES = 1_048_576;
const budgets = JSON.parse(readFileSync(new URL("budgets.json", import.meta.url), "utf8")).capture;

const { serialize } = await load("../src/capture/serialize.ts");

const PROSE = `Sure! Here is how it works: the "session" is kept while you type,
and each answer (even a long one) shows up at once. See https://example.org/docs?q=1 for more.
`;
const chatOf = (charactersEach, prose = PROSE) => ({
  model: "gpt-4o",
  temperature: 0.2,
  messages: Array.from({ length: 20 }, (_, index) => ({
    role: index % 2 === 0 ? "user" : "assistant",
    content: prose.repeat(1 + charactersEach / prose.length).slice(0, charactersEach),
  })),
});
const LETTERS = "Нет, это не так: «сессия» остаётся. 日本語も大丈夫です。🎭\n";

const rows = [];
for (const [name, chat] of [
  ["chat of 20 messages, 30 KB", chatOf(1_500)],
  ["chat of 20 messages, 2 KB", chatOf(60)],
  ["chat of 20 messages, 30 KB, not Latin", chatOf(1_000, LETTERS)],
]) {
  compare(
    name,
    () => serialize(chat, { maxBytes: MAX_BYTES }),
    () => JSON.stringify(chat),
  );
}

console.log("| value | recorded | JSON.stringify | ratio | budget |");
console.log("|---|---|---|---|---|");
for (const row of rows) console.log(row.line);
const failed = rows.filter((row) => row.isBeyond);
if (failed.length > 0)
  console.error(`Beyond its budget: ${failed.map(({ name }) => name).join("; ")}`);
process.exit(failed.length > 0 ? 1 : 0);

/** Adds a row: microseconds of CPU per call of two functions, and how they compare. */
function compare(name, ours, theirs) {
  const repeats = repeatsFor(theirs);
  const costs = [[], []];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const measured = [cost(ours, repeats), cost(theirs, repeats)];
    if (round > 0) for (const [index, list] of costs.entries()) list.push(measured[index]);
  }
  const [our, their] = costs.map(median);
  const ratio = our / their;
  const budget = budgets[name].ratio;
  rows.push({
    name,
    isBeyond: ratio > budget,
    line: `| ${name} | ${our.toFixed(1)} us | ${their.toFixed(1)} us | ${ratio.toFixed(2)} | ${budget} |`,
  });
}

/** So many that a round takes about 20 ms. */
function repeatsFor(work) {
  for (let index = 0; index < 200; index += 1) work();
  return Math.ceil(20_000 / Math.max(0.5, cost(work, 200)));
}

/** @returns microseconds of CPU per call */
function cost(work, repeats) {
  const start = process.cpuUsage();
  for (let index = 0; index < repeats; index += 1) work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / repeats;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** A module of the sources, bundled as it will be. */
async function load(path) {
  const folder = mkdtempSync(join(tmpdir(), "playhead-bench-"));
  const outfile = join(folder, "source.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL(path, import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  const module = await import(pathToFileURL(outfile).href);
  rmSync(folder, { recursive: true });
  return module;
}

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
const MEBIBYTE = 1_048_576;
const MAX_BYTES = MEBIBYTE;
const budgets = JSON.parse(readFileSync(new URL("budgets.json", import.meta.url), "utf8")).capture;

const { serialize, MediaCollector } = await load(`
  export { serialize } from "./serialize";
  export { MediaCollector } from "./media/media-collector";
`);

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
  const stringify = () => JSON.stringify(chat);
  compare(name, () => serialize(chat, { maxBytes: MAX_BYTES }), stringify);
  compare(`${name}, media looked for`, () => captured(chat), stringify);
}

// What the best-known SDK takes 11 s for, and what a search might stumble over.
const event = `data: ${JSON.stringify({ choices: [{ delta: { content: "token" } }] })}\n`;
const png = Buffer.alloc(14 * MEBIBYTE, 7);
png.write("\x89PNG\r\n\x1a\n", "latin1");
const uri = `data:image/png;base64,${png.toString("base64")}`;
for (const [name, value] of [
  ["560 KB of server-sent events", event.repeat(560_000 / event.length)],
  ["1 MiB of `data:`", "data:".repeat(MEBIBYTE / 5)],
  ["1 MiB of `;base64,`", ";base64,".repeat(MEBIBYTE / 8)],
  ["1 MiB of `data:image/png;base64,`", "data:image/png;base64,".repeat(MEBIBYTE / 22)],
  ["1 MiB of `data:a/b;base64,AAAAAAAA `", "data:a/b;base64,AAAAAAAA ".repeat(MEBIBYTE / 25)],
  ["20 MB data URI, a text", uri],
  ["20 MB data URI, in a part of a message", { type: "image_url", image_url: { url: uri } }],
  ["20 MB of base64, in a part of a message", { mimeType: "image/png", data: uri.slice(22) }],
  ["14 MiB of bytes", [png]],
]) {
  measure(name, () => captured(value));
}

console.log("| value | recorded | beside `JSON.stringify` | budget |");
console.log("|---|---|---|---|");
for (const row of rows) console.log(row.line);
const failed = rows.filter((row) => row.isBeyond);
if (failed.length > 0)
  console.error(`Beyond its budget: ${failed.map(({ name }) => name).join("; ")}`);
process.exit(failed.length > 0 ? 1 : 0);

function captured(value) {
  const media = new MediaCollector("input", { maxBytes: 20 * MEBIBYTE });
  return serialize(value, { maxBytes: MAX_BYTES, media });
}

/**
 * Adds a row: microseconds of CPU per call of two functions, and how they compare. What the machine
 * does to one of a pair it does to the other: the ratio is the median of the pairs'.
 */
function compare(name, ours, theirs) {
  const repeats = Math.min(repeatsFor(ours), repeatsFor(theirs));
  const pairs = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    pairs.push({ our: cost(ours, repeats), their: cost(theirs, repeats) });
  }
  const our = median(pairs.map((pair) => pair.our));
  const their = median(pairs.map((pair) => pair.their));
  const ratio = median(pairs.map((pair) => pair.our / pair.their));
  const budget = budgets[name].ratio;
  rows.push({
    name,
    isBeyond: ratio > budget,
    line: `| ${name} | ${our.toFixed(1)} us | ${their.toFixed(1)} us: ${ratio.toFixed(2)} times | ${budget} times |`,
  });
}

/** Adds a row: milliseconds of CPU of one call. */
function measure(name, work) {
  const costs = Array.from({ length: ROUNDS + 1 }, () => cost(work, 1) / 1_000).slice(1);
  const ms = median(costs);
  const budget = budgets[name].ms;
  rows.push({
    name,
    isBeyond: ms > budget,
    line: `| ${name} | ${ms.toFixed(2)} ms | | ${budget} ms |`,
  });
}

/** So many that a round takes about 20 ms; runs it until it is compiled. */
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

/** What `source`, beside the sources of capture, exports; bundled as it will be. */
async function load(source) {
  const folder = mkdtempSync(join(tmpdir(), "playhead-bench-"));
  const outfile = join(folder, "source.mjs");
  const resolveDir = fileURLToPath(new URL("../src/capture", import.meta.url));
  await build({
    stdin: { contents: source, resolveDir, loader: "ts" },
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

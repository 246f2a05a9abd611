/**
 * What redacting 1 MB of text costs the main thread, in CPU time, from the TypeScript sources: for
 * each preset and for all together: ordinary texts, texts made to be slow, and texts full of
 * findings. Rounds of the presets take turns, medians count; what is beyond its budget is measured
 * again. Ends with 1 where a figure stays beyond its budget in budgets.json.
 *
 * `node redact.mjs [part of a text's name]`
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const ROUNDS = 7;
const REPEATS = 4;
/** Longer than most of what a neighbour on the machine does at a time. */
const PAUSE_MS = 5_000;
const LENGTH = 1_000_000;
const PRESETS = ["secrets", "email", "phone", "creditCard", "iban", "ipAddress"];
const budgets = JSON.parse(readFileSync(new URL("budgets.json", import.meta.url), "utf8")).redact;

const PROSE = `Sure! Here is how it works: the "session" is kept while you type, and each answer (even a
long one) shows up at once. In 2024 we made 3 releases, v1.2.10 among them, for 1,250 users. `;
const chat = {
  model: "gpt-4o-2024-08-06",
  temperature: 0.2,
  messages: Array.from({ length: 2_200 }, (_, index) => ({
    role: index % 2 === 0 ? "user" : "assistant",
    content: PROSE.repeat(1 + (index % 3)),
    usage: { prompt_tokens: 1_200 + index, completion_tokens: 15, total_tokens: 1_215 + index },
  })),
};
// Flat in memory, as what JSON.stringify and sockets give is.
const flat = (text) => Buffer.from(text).toString();
const fill = (part) => flat(part.repeat(Math.ceil(LENGTH / part.length)).slice(0, LENGTH));

const ORDINARY = {
  "English prose": fill(PROSE),
  "JSON of a chat": JSON.stringify(chat).slice(0, LENGTH - 2),
  "JSON of a chat, whole": JSON.stringify({ ...chat, messages: chat.messages.slice(0, 1_800) }),
  "embeddings as JSON": `[${fill("-0.0123456789,0.9876543211,").slice(0, -1)}]`,
  "server-sent events": fill('data: {"choices":[{"index":0,"delta":{"content":" the"}}]}\n\n'),
  "base64 in a data URI": `"data:image/png;base64,${fill("iVBORw0KGgoAAAANSUhEUg1+")}"`,
  "not Latin": fill("Нет, это не так: «сессия» остаётся. 日本語も大丈夫です。"),
};
const SLOW_PARTS = [
  "@",
  "a@",
  "a@a.",
  "a%40",
  "1",
  "1 ",
  "1-",
  "12 ",
  ":",
  "::",
  "1:",
  "1::",
  "fe80:",
  "ab:cd",
  ".",
  "1.",
  "1.1.1.1.1.1 ",
  "255.255.255.256 ",
  "eyJ",
  "eyJ-",
  "eyJaaaaaaaaa.",
  "sk-",
  "sk-a_sk-",
  "ghp_",
  "SG.",
  "SG.a",
  "AKIA",
  "-----BEGIN ",
  "-----BEGIN PRIVATE KEY-----",
  "-----BEGIN PRIVATE KEY-----\n.",
  "-----END ",
  "password=",
  "password:",
  '"password":"',
  '\\"password\\":\\"',
  'password"',
  "\\",
  '\\\\"',
  "\\n",
  "\\u0041",
  '"',
  '""',
  "[",
  "{",
  '{"',
  '{"a":',
  '["',
  "[[1],",
  '{"password":',
  "DE89",
  "DE89 ",
  "DE89-",
  "http://a:a:a:a@",
  "http://",
  "://",
  "a://a@",
  "http://a:a",
  "Bearer ",
  "bearer a",
  "Basic ",
  "+",
  "+1",
  "+1 ",
  "(",
  "(0",
  "(0) ",
  "00 1 ",
  "data:;base64,",
  ";base64,",
  "data:",
  "@@@",
  "@@@langfuseMedia:",
  "@@@langfuseMedia:a@@@",
  " ",
  "\t",
  "\n",
  "a",
  "A",
  "_",
  "-",
  "=",
  "==",
  "...[cut: ",
  "[redacted",
  "[redacted secret]",
];
// What is found, or nearly, in every word.
const FULL_PARTS = [
  "4111 ",
  "4111-",
  "4111 1111 1111 1112 ",
  "password=a ",
  "password='",
  'password=\\"',
  "<password>",
  "--password ",
  "token = ",
  "authorization: ",
  "cookie:a=",
  "&key=",
  "AKIAIOSFODNN7EXAMPLE ",
  "a@b.co ",
  "415-555-2671 ",
  "10.0.0.1 ",
  "0151 ",
  "01 23 45 ",
  "(415) 555-",
  "DE89 3704 ",
  "Basic YTph ",
  "+49 151 ",
];
const textsOf = (parts) =>
  Object.fromEntries(parts.map((part) => [JSON.stringify(part), fill(part)]));
const SLOW = textsOf(SLOW_PARTS);
const FULL = textsOf(FULL_PARTS);
// Backslashes that double with each level of JSON inside JSON.
let nested = "a@b.co ".repeat(2_000);
while (nested.length < LENGTH) nested = JSON.stringify([nested, nested.slice(0, 40_000)]);
FULL["JSON in JSON in JSON"] = nested;

const { createTextRedactor } = await load("../src/capture/redact/redact-text.ts");
const redactors = Object.fromEntries([
  ...PRESETS.map((preset) => [preset, createTextRedactor([preset])]),
  ["all", createTextRedactor(PRESETS)],
]);
const wanted = process.argv[2] ?? "";
const failures = [];

await report("ordinary", "Ordinary text, 1 MB, milliseconds", ORDINARY, false);
await report("slow", "Text made to be slow, 1 MB, milliseconds: the slowest of each", SLOW, true);
await report("full", "Text full of findings, 1 MB, milliseconds: the slowest of each", FULL, true);
if (failures.length > 0) console.error(`Beyond its budget: ${failures.join("; ")}`);
process.exit(failures.length > 0 ? 1 : 0);

/** Prints a table, and keeps what is beyond the budget. */
async function report(kind, title, texts, isSummary) {
  const rows = Object.entries(texts)
    .filter(([name]) => name.includes(wanted))
    .map(([name, text]) => ({ name, text, times: measure(text) }));
  if (rows.length === 0) return;
  await measureAgain(rows, budgets[kind]);
  for (const { name, times } of rows) {
    for (const [preset, ms] of Object.entries(times)) {
      const budget = budgets[kind][preset];
      if (ms > budget) failures.push(`${name}, ${preset}: ${ms.toFixed(1)} ms of ${budget}`);
    }
  }
  const columns = Object.keys(redactors);
  console.log(`\n${title}\n\n| text | ${columns.join(" | ")} |`);
  console.log(`|---|${columns.map(() => "---|").join("")}`);
  const shown = isSummary && wanted === "" ? slowestOf(rows, columns) : rows;
  for (const { name, times } of shown) {
    console.log(`| ${name} | ${columns.map((column) => times[column].toFixed(1)).join(" | ")} |`);
  }
  console.log(`| budget | ${columns.map((column) => budgets[kind][column]).join(" | ")} |`);
}

/** The row of the slowest text of each column, each once. */
function slowestOf(rows, columns) {
  const slowest = columns.map((column) =>
    rows.reduce((worst, row) => (row.times[column] > worst.times[column] ? row : worst)),
  );
  return [...new Set(slowest)];
}

/** What is beyond its budget is measured again: the machine may have had other things to do. */
async function measureAgain(rows, budget) {
  for (let again = 0; again < REPEATS; again += 1) {
    const beyond = rows.filter(({ times }) =>
      Object.entries(times).some(([preset, ms]) => ms > budget[preset]),
    );
    if (beyond.length === 0) return;
    await setTimeout(PAUSE_MS);
    for (const { text, times } of beyond) {
      for (const [preset, ms] of Object.entries(measure(text))) {
        times[preset] = Math.min(times[preset], ms);
      }
    }
  }
}

/** @returns median milliseconds of CPU by preset */
function measure(text) {
  const times = Object.fromEntries(Object.keys(redactors).map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, redact] of Object.entries(redactors)) {
      const start = process.cpuUsage();
      redact(text);
      const { user, system } = process.cpuUsage(start);
      if (round > 0) times[name].push((user + system) / 1_000);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** The sources are TypeScript: bundled to a file that is gone again once it is loaded. */
async function load(path) {
  const folder = mkdtempSync(join(tmpdir(), "playhead-bench-"));
  try {
    const outfile = join(folder, "bundle.mjs");
    const entryPoint = fileURLToPath(new URL(path, import.meta.url));
    await build({
      entryPoints: [entryPoint],
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      logLevel: "error",
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

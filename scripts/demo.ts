/**
 * `npm run demo`: starts the studio, runs examples/01-support-chat against it, prints both sessions
 * and keeps serving them. With `--exit` it ends instead: 0 when everything arrived, else 1.
 */

import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Studio, startStudio } from "playhead/studio";
import { renderTranscript } from "../src/cli/transcript";
import { createPaint } from "../src/cli/transcript-style";
import { findMissing } from "./demo-checks";
import { readStudio } from "./demo-evidence";
import { EXAMPLE, runExample } from "./demo-example";

const PORT = 7717;
const DATABASE = ".playhead/demo.db";
/** Time the studio has to store what it has accepted. */
const ARRIVAL_TIMEOUT_MS = 10_000;

const { values: flags } = parseArgs({ options: { exit: { type: "boolean", default: false } } });
const colors =
  process.stdout.isTTY === true && process.stdout.hasColors() && !process.env["NO_COLOR"];
const columns = process.stdout.columns ?? 100;
const paint = createPaint(colors);
process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const studio = await startDemoStudio();
const remark = studio.port === PORT ? "" : ` (port ${PORT} is taken)`;
console.log(`The studio listens on ${studio.url}${remark}.`);
console.log(`Two users talk to ${EXAMPLE}, ${modelInWords()} …\n`);

const { exitCode, result, output } = await runExample(studio.url);
const expectedCount = result?.report.delivered ?? 0;
const content = await readStudio(
  studio.url,
  ({ observations }) => observations.length >= expectedCount,
  ARRIVAL_TIMEOUT_MS,
);
for (const session of content.sessions) console.log(renderTranscript(session, { columns, colors }));

const missing = findMissing({ exitCode, result, ...content });
if (missing.length > 0) {
  console.log(paint("red", "Something is missing:"));
  for (const sentence of missing) console.log(`  ${sentence}`);
  console.log(`\nThe example printed:\n${output}`);
} else {
  const scoreCount = result?.report.scores.delivered;
  console.log(
    `Everything arrived: ${expectedCount} observations and ${scoreCount} scores, each observation with its session id.`,
  );
}

if (flags.exit) {
  await studio.close();
  process.exitCode = missing.length === 0 ? 0 : 1;
} else {
  console.log(`
  ${paint("bold", studio.url)}  shows both sessions, and what arrives from now on

Try next, in a second terminal:
  LANGFUSE_BASE_URL=${studio.url} npx tsx ${EXAMPLE}
  OPENAI_API_KEY=… npm run demo     the same with a real model

Ctrl-C ends the studio.`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => studio.close());
}

function modelInWords(): string {
  const { OPENAI_API_KEY, OPENAI_BASE_URL } = process.env;
  if (!OPENAI_API_KEY) return "with the model server it brings along";
  return `with the model at ${OPENAI_BASE_URL || "OpenAI"}`;
}

/** Where the port is taken, maybe by an earlier demo, that one keeps the database, too. */
async function startDemoStudio(): Promise<Studio> {
  if (!(await isFree(PORT))) return startStudio({ port: 0, db: ":memory:" });
  for (const suffix of ["", "-wal", "-shm"]) rmSync(`${DATABASE}${suffix}`, { force: true });
  return startStudio({ port: PORT, db: DATABASE });
}

async function isFree(candidate: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once("error", () => resolve(false));
    probe.listen(candidate, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

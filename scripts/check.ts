/**
 * `npm run check`, the gate: runs every step and says in one table how each went. Shows what a step
 * printed only where it failed. Ends with 1 if any did.
 *
 * `npm run check -- --tests-ran` leaves the tests out, for who has just run them by themselves.
 */

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

interface Step {
  readonly name: string;
  readonly command: string;
  /** Looks at what the build makes, so it is left out where the build failed. */
  readonly needsBuild?: boolean;
}

interface Outcome {
  readonly step: Step;
  readonly result: "passed" | "failed" | "left out";
  readonly seconds: number;
  /** stdout and stderr as they came. */
  readonly output: string;
}

const BUILD: Step = { name: "build", command: "npm run --silent build" };

const STEPS: readonly Step[] = [
  { name: "format and lint", command: "npm run --silent lint" },
  BUILD,
  {
    name: "notices up to date", // the build writes them
    command: "git diff --exit-code -- THIRD_PARTY_NOTICES",
    needsBuild: true,
  },
  { name: "types", command: "npm run --silent types", needsBuild: true },
  { name: "tests", command: "npm test --silent", needsBuild: true },
  { name: "package", command: "npm run --silent package", needsBuild: true },
  { name: "size", command: "npm run --silent size", needsBuild: true },
  { name: "unused code", command: "npm run --silent unused" },
  // Last: the machine has nothing else to do then.
  { name: "speed", command: "node bench/check.mjs", needsBuild: true },
];

const haveTestsRun = process.argv.includes("--tests-ran");

const outcomes: Outcome[] = [];
for (const step of STEPS.filter(({ name }) => name !== "tests" || !haveTestsRun)) {
  const isBuilt = outcomes.every((one) => one.step !== BUILD || one.result === "passed");
  outcomes.push(
    step.needsBuild && !isBuilt
      ? { step, result: "left out", seconds: 0, output: "" }
      : await run(step),
  );
}

for (const { step, result, output } of outcomes) {
  if (result === "failed") console.log(`\n${step.name}: ${step.command}\n\n${output.trim()}`);
}
console.log(`\n${table(outcomes)}`);
process.exitCode = outcomes.every(({ result }) => result === "passed") ? 0 : 1;

/** Output goes to a pipe, so that no step draws progress for a terminal. */
function run(step: Step): Promise<Outcome> {
  const startedAt = performance.now();
  const child = spawn(step.command, {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    shell: true,
    // The build step has just built what the tests would build again.
    env: { ...process.env, PLAYHEAD_TEST_SKIP_BUILD: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) =>
      resolve({
        step,
        result: exitCode === 0 ? "passed" : "failed",
        seconds: (performance.now() - startedAt) / 1_000,
        output,
      }),
    );
  });
}

function table(rows: readonly Outcome[]): string {
  const width = Math.max(...rows.map(({ step }) => step.name.length));
  return rows
    .map(
      ({ step, result, seconds }) =>
        `  ${step.name.padEnd(width)}  ${result.padEnd(8)}  ${seconds.toFixed(1).padStart(6)} s`,
    )
    .join("\n");
}

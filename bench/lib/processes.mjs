/** The processes of a bench: one sink for all runs, one child for each run. */

import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SINK = fileURLToPath(new URL("sink.mjs", import.meta.url));
/** Empty: subjects that look for settings and keys there find none. */
const home = mkdtempSync(join(tmpdir(), "playhead-bench-home-"));
process.on("exit", () => rmSync(home, { recursive: true, force: true }));
const CHILD = fileURLToPath(new URL("child.mjs", import.meta.url));

/** @returns the sink's address, and questions to it */
export async function startSink() {
  const sink = fork(SINK, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const [{ port }] = await once(sink, "message");
  const ask = async (question) => {
    const answered = once(sink, "message");
    sink.send(question);
    return (await answered)[0];
  };
  return {
    url: `http://127.0.0.1:${port}`,
    reset: () => ask("reset"),
    count: () => ask("count"),
    stop: () => sink.disconnect(),
  };
}

/**
 * One measure of one subject in a process of its own.
 * @returns its figures and what arrived of them; `problem` where it could not be measured
 */
export async function runChild(sink, job, { timeoutMs = 120_000 } = {}) {
  await sink.reset();
  const child = fork(CHILD, [JSON.stringify({ ...job, url: sink.url })], {
    execArgv: ["--expose-gc", "--no-warnings"],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: childEnvironment(),
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    errors = (errors + text).slice(-4_000);
  });
  let result;
  child.on("message", (message) => {
    result = message;
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  const [code, signal] = await once(child, "close");
  clearTimeout(timer);
  if (result === undefined) {
    const reason =
      signal === null ? `ended with ${code}` : `was still running after ${timeoutMs} ms`;
    return { problem: `${reason}: ${reasonIn(errors)}` };
  }
  const arrived = await sink.count();
  return { ...result, arrived, log: errors };
}

/** Nothing of the shell's own setup, nor of the user's, may change what a subject does. */
function childEnvironment() {
  const kept = ["PATH", "TMPDIR", "SystemRoot"].flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  );
  return { ...Object.fromEntries(kept), HOME: home, USERPROFILE: home };
}

/** The line of an uncaught error, else the last one. */
function reasonIn(text) {
  const lines = text.split("\n").filter((line) => /\w/.test(line));
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? "it said nothing";
}

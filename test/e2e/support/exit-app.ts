import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A program that runs, in a process of its own. */
export interface ExitApp {
  readonly child: ChildProcess;
  /** Resolves when it has printed this line. */
  printed(line: string): Promise<void>;
  /** Resolves when it has ended. */
  readonly ended: Promise<Ending>;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** Lines of Playhead on stderr, without their prefix. */
  readonly messages: readonly string[];
}

/** Longest time a program may take, in milliseconds; then it is killed. */
const DEADLINE_MS = 20_000;
const PREFIX = "[playhead] ";

/** Starts `test/e2e/apps/<name>.mjs` with nothing in its environment but this. */
export function startExitApp(name: string, environment: Readonly<Record<string, string>>): ExitApp {
  const path = fileURLToPath(new URL(`../apps/${name}.mjs`, import.meta.url));
  const child = spawn(process.execPath, [path], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: DEADLINE_MS,
    killSignal: "SIGKILL",
  });
  const waiting = new Set<() => void>();
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    for (const check of waiting) check();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const messages = stderr
        .split("\n")
        .filter((line) => line.startsWith(PREFIX))
        .map((line) => line.slice(PREFIX.length));
      resolve({ code, signal, stdout, messages });
    });
  });
  return {
    child,
    ended,
    async printed(line) {
      const seen = new Promise<void>((resolve) => {
        const check = (): void => {
          if (stdout.split("\n").includes(line)) resolve();
        };
        waiting.add(check);
        check();
      });
      await Promise.race([
        seen,
        ended.then(() => {
          throw new Error(`It ended without the line ${line}: ${stdout}${stderr}`);
        }),
      ]);
    },
  };
}

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** How a child process ended. */
export interface AppRun {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** Lines written to stderr, without empty ones. */
  readonly warnings: readonly string[];
  /** From the last thing it printed on stdout to its end, in milliseconds. */
  readonly lingeredMs: number;
  /** The last line of stdout, parsed; what the apps print with `console.log(JSON.stringify(…))`. */
  result<Value>(): Value;
}

export type Environment = Readonly<Record<string, string>>;

/** Longest time a child process may take, in milliseconds; then it is killed. */
const DEADLINE_MS = 60_000;

const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/**
 * Runs `test/e2e/apps/<name>.ts`, which imports the built package, in a process and a folder of its
 * own: what it cannot deliver is kept there, and must reach no other test.
 */
export async function runApp(name: string, environment: Environment): Promise<AppRun> {
  const path = fileURLToPath(new URL(`../apps/${name}.ts`, import.meta.url));
  const cwd = await mkdtemp(join(tmpdir(), "playhead-app-"));
  try {
    return await runProcess(process.execPath, ["--import", TSX, path], { environment, cwd });
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

/** Runs a program to its end. Settings for Langfuse in the shell of whoever runs the tests are left out. */
export function runProcess(
  command: string,
  args: readonly string[],
  { environment = {}, cwd }: { environment?: Environment; cwd?: string } = {},
): Promise<AppRun> {
  const child = spawn(command, args, {
    cwd,
    env: { ...inheritedEnvironment(), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: DEADLINE_MS,
    killSignal: "SIGKILL",
  });
  let stdout = "";
  let stderr = "";
  let printedAt = performance.now();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    printedAt = performance.now();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) =>
      resolve({
        exitCode,
        stdout,
        warnings: stderr.split("\n").filter((line) => line.trim() !== ""),
        lingeredMs: performance.now() - printedAt,
        result: () => parseLastLine(stdout, stderr),
      }),
    );
  });
}

function parseLastLine<Value>(stdout: string, stderr: string): Value {
  const line = stdout.trimEnd().split("\n").at(-1) ?? "";
  try {
    return JSON.parse(line) as Value; // the test names the type that its app prints
  } catch (cause) {
    throw new Error(`Expected JSON on the last line, got "${line}". stderr:\n${stderr}`, { cause });
  }
}

function inheritedEnvironment(): Record<string, string | undefined> {
  const isForeign = (name: string): boolean =>
    /^(LANGFUSE_|PLAYHEAD_|OTEL_|OPENAI_|VITEST|NODE_ENV$|NODE_OPTIONS$)/.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isForeign(name)));
}

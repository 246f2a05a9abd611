import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ExampleResult } from "./demo-checks";

/** From the root of the repository. */
export const EXAMPLE = "examples/01-support-chat/main.ts";

export interface ExampleRun {
  readonly exitCode: number | null;
  readonly result: ExampleResult | undefined;
  /** What it printed. */
  readonly output: string;
}

/**
 * Runs an example in a process of its own that sends to `baseUrl`; resolves when it has ended.
 * @param path - from the root of the repository
 */
export function runExample(baseUrl: string, path: string = EXAMPLE): Promise<ExampleRun> {
  // Settings for some other Langfuse in the user's shell are not for the demo.
  const isForeign = (name: string): boolean => /^(LANGFUSE|PLAYHEAD)_/.test(name);
  const inherited = Object.entries(process.env).filter(([name]) => !isForeign(name));
  const child = fork(path, {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    execArgv: ["--import", "tsx"],
    env: { ...Object.fromEntries(inherited), LANGFUSE_BASE_URL: baseUrl },
    silent: true,
  });
  let result: ExampleResult | undefined;
  let output = "";
  child.on("message", (message) => {
    result = message as ExampleResult; // the example sends this one message
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, result, output }));
  });
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";
import type { StudioOptions } from "../../src/studio/server";

const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

export interface LineProcess {
  readonly process: ChildProcess;
  /** The lines that it prints, as they come. */
  readonly lines: AsyncIterableIterator<string>;
  /** @throws when it ends before the next line */
  nextLine(): Promise<string>;
  /** Ends it as `kill -9` does, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Runs `test/studio/apps/<name>`; killed at the end of the test at the latest. */
export function startApp(name: string, args: readonly string[]): LineProcess {
  const path = fileURLToPath(new URL(`apps/${name}`, import.meta.url));
  const runtime = name.endsWith(".ts") ? ["--import", TSX] : [];
  const child = spawn(process.execPath, [...runtime, path, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const hasEnded = once(child, "exit");
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await hasEnded;
  };
  onTestFinished(kill);
  return {
    process: child,
    lines,
    async nextLine() {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${name} ended without another line`);
      return value;
    },
    kill,
  };
}

/** A studio in a process of its own; its first line is its address, or why there is none. */
export function startStudioApp(options: StudioOptions): LineProcess {
  return startApp("studio.ts", [JSON.stringify({ port: 0, ...options })]);
}

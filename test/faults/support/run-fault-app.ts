import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type AppRun, type Environment, runProcess } from "../../e2e/support/run-app";

const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** Arguments for Node that run `test/faults/apps/<name>.ts`, which imports the built package. */
function appArguments(name: string): string[] {
  const path = fileURLToPath(new URL(`../apps/${name}.ts`, import.meta.url));
  return ["--expose-gc", "--import", TSX, path];
}

/** Runs an app to its end, in a folder of its own. */
export async function runFaultApp(name: string, environment: Environment): Promise<AppRun> {
  const cwd = await mkdtemp(join(tmpdir(), "playhead-fault-"));
  try {
    return await runProcess(process.execPath, appArguments(name), { environment, cwd });
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

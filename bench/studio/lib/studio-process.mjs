/** A studio in a process of its own, on a file of its own. */

import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CHILD = fileURLToPath(new URL("studio-child.mjs", import.meta.url));

/**
 * Starts the built studio. `db` and further options go to `startStudio`; without `db` a file in a
 * folder that `stop` removes.
 * @param execArgv - for the runtime, such as `--cpu-prof`
 */
export async function startStudioProcess({ execArgv = [], ...options } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "playhead-bench-"));
  const db = options.db ?? join(folder, "studio.db");
  const child = fork(CHILD, [JSON.stringify({ port: 0, ...options, db })], { execArgv });
  const url = await new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (code) => reject(new Error(`The studio ended with ${code}`)));
  });
  return {
    url,
    db,
    /** Asks the studio for the processor time and the memory it has used. */
    usage: () =>
      new Promise((resolve) => {
        child.once("message", resolve);
        child.send("usage");
      }),
    async stop() {
      const hasEnded = new Promise((resolve) => child.once("exit", resolve));
      child.send("stop");
      await hasEnded;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startExitServer } from "../support/exit-server";
import { startExitApp } from "./support/exit-app";

async function makeSpoolDir(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "playhead-exit-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return join(root, "spool");
}

it.each(["natural", "process.exit"])(
  "loses nothing of worker threads that end by %s",
  async (WORKER_END) => {
    const server = await startExitServer();
    const spoolDir = await makeSpoolDir();
    const environment = { LANGFUSE_BASE_URL: server.url, PLAYHEAD_SPOOL_DIR: spoolDir };

    const { code, stdout } = await startExitApp("exit-worker", { ...environment, WORKER_END })
      .ended;

    const ofWorkers = WORKER_END === "natural" ? 0 : 4;
    expect({ code, stdout }).toEqual({ code: 0, stdout: `[${ofWorkers},${ofWorkers}]\n` });
    const names = ["main", "worker 1", "worker 2"];
    if (server.taken().length < names.length) {
      const EXPECTED = `${names.length - server.taken().length}`;
      await startExitApp("exit-restart", { ...environment, EXPECTED }).ended;
    }
    expect(server.taken()).toEqual(names);
  },
);

it("leaves neither listeners nor timers nor sockets of a hundred clients that were shut down", async () => {
  const server = await startExitServer();
  const spoolDir = await makeSpoolDir();

  const { code, stdout, messages } = await startExitApp("exit-leak", {
    LANGFUSE_BASE_URL: server.url,
    PLAYHEAD_SPOOL_DIR: spoolDir,
  }).ended;

  const { delivered, afterOne, afterAll } = JSON.parse(stdout);
  expect({ code, messages, delivered }).toEqual({ code: 0, messages: [], delivered: 100 });
  expect(afterOne).toMatchObject({
    listeners: { beforeExit: 1, SIGTERM: 1, SIGINT: 1 },
    resources: [],
    intervals: 0,
  });
  expect(afterAll).toEqual(afterOne);
  expect(await readdir(spoolDir).catch(() => [])).toEqual([]);
});

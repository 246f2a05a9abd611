import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FlushReport } from "playhead";
import { expect, it } from "vitest";
import { startFaultServer } from "../support/fault-server";
import { runFaultApp } from "./support/run-fault-app";

it("delivers spans and scores of a durable client that was killed at once, with the first flush of the next process", async () => {
  await using server = await startFaultServer();
  const dir = await mkdtemp(join(tmpdir(), "playhead-durable-"));
  const environment = {
    NODE_ENV: "production",
    LANGFUSE_BASE_URL: server.url,
    PLAYHEAD_SPOOL_DIR: dir,
  };
  try {
    const killed = await runFaultApp("killed", environment);
    const takenBefore = server.taken.size;
    const next = await runFaultApp("killed", { ...environment, WORK: "deliver" });

    expect(killed.exitCode).toBeNull();
    expect(takenBefore).toBe(0);
    expect(next.result<FlushReport>()).toMatchObject({
      isAllDelivered: true,
      delivered: 10,
      scores: { delivered: 10 },
    });
    expect(server.acknowledged.size).toBe(20);
    expect(server.repeated).toEqual([]);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

import type { FlushReport } from "playhead";
import { expect, it } from "vitest";
import type { SessionDetail } from "../../src/studio/api/types";
import { deadUrl } from "./support/ports";
import { runApp } from "./support/run-app";
import { openStudio } from "./support/studio";

/** What a busy machine may add to a time limit, in milliseconds. Idle sockets would last 4000. */
const MARGIN_MS = 3_000;

it("delivers everything when a script ends without a flush", async () => {
  const studio = await openStudio();

  const run = await runApp("never-flushes", {
    LANGFUSE_BASE_URL: studio.url,
    WITH_SCORE: "1",
  });

  expect(run.warnings).toEqual([]);
  expect(run.exitCode).toBe(0);
  expect(run.result()).toEqual({ result: 42, pending: 3 });
  const { turns, scores } = await studio.read<SessionDetail>("/api/studio/sessions/script");
  expect(turns.map((turn) => turn.observations.map(({ name }) => name).sort())).toEqual([
    ["step", "step", "work"],
  ]);
  expect(scores.map(({ name, value }) => [name, value])).toEqual([["quality", 1]]);
});

it("leaves the exit code as the program sets it", async () => {
  const studio = await openStudio();

  const run = await runApp("never-flushes", { LANGFUSE_BASE_URL: studio.url, EXIT_CODE: "7" });

  expect(run.exitCode).toBe(7);
  expect(await studio.observations()).toHaveLength(3);
});

it("does not keep the process alive while the client is idle", async () => {
  const studio = await openStudio();

  const run = await runApp("idle-client", { LANGFUSE_BASE_URL: studio.url });

  expect(run.result<FlushReport>().delivered).toBe(1);
  expect(run.exitCode).toBe(0);
  expect(run.lingeredMs).toBeLessThan(MARGIN_MS);
});

it("changes neither result nor exit code when the endpoint is unreachable, and says so in one line", async () => {
  const run = await runApp("never-flushes", {
    LANGFUSE_BASE_URL: await deadUrl(),
    PLAYHEAD_SHUTDOWN_TIMEOUT_MS: "1000",
    LANGFUSE_FLUSH_INTERVAL: "60", // so that nothing is tried before the end
    EXIT_CODE: "7",
  });

  expect(run.result()).toEqual({ result: 42, pending: 3 });
  expect(run.exitCode).toBe(7);
  expect(run.warnings).toEqual([expect.stringMatching(/^\[playhead\] .*ECONNREFUSED/)]);
  expect(run.lingeredMs).toBeLessThan(1_000 + MARGIN_MS);
});

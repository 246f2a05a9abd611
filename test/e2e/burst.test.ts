import type { FlushReport } from "playhead";
import { expect, it } from "vitest";
import { runApp } from "./support/run-app";
import { openStudio } from "./support/studio";

it("delivers 10,000 calls made in a loop, and the report says so", async () => {
  const studio = await openStudio();

  const run = await runApp("burst", { LANGFUSE_BASE_URL: studio.url });

  expect(run.warnings).toEqual([]);
  expect(run.exitCode).toBe(0);
  expect(run.result<FlushReport>()).toMatchObject({
    offered: 10_000,
    delivered: 10_000,
    rejected: 0,
    dropped: 0,
    pending: 0,
    isComplete: true,
  });
  const rows = await studio.observations();
  expect(rows).toHaveLength(10_000);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(10_000);
  expect(rows.map(({ output }) => Number(output)).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 10_000 }, (_, value) => value * 2),
  );
});

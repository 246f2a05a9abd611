import { expect, it } from "vitest";
import { runChaos } from "../../scripts/chaos-run";

/** `npm run chaos -- --minutes 2` is the long form. */
const DURATION_MS = 12_000;

it("loses no span that ended while the endpoint fails in every way and the app is killed again and again", async () => {
  const result = await runChaos({ durationMs: DURATION_MS, seed: 7 });

  expect(result.missing).toEqual([]);
  expect(result.repeated).toEqual([]);
  expect(result.endedCount).toBeGreaterThan(200);
  expect(result.killCount).toBeGreaterThanOrEqual(2);
  expect(result.faults.size).toBeGreaterThan(5);
}, 120_000);

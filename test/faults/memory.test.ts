import { describe, expect, it } from "vitest";
import { deadUrl } from "../e2e/support/ports";
import { runFaultApp } from "./support/run-fault-app";

const MEBIBYTE = 1_024 * 1_024;
const SPANS = 50_000;
/**
 * What a queued span may cost beside its bytes, in bytes: a buffer's header, the item, its place in
 * the queue. Measured: 240.
 */
const OVERHEAD_PER_SPAN = 320;
/** What the process may grow by in all, with what the allocator keeps of memory freed. Measured: 86 MiB. */
const MAX_RSS_GROWTH = 160 * MEBIBYTE;
/** What a busy machine may add to a time limit, in milliseconds. */
const MARGIN_MS = 3_000;

interface Result {
  readonly heapGrowth: number;
  readonly buffersGrowth: number;
  readonly rssGrowth: number;
  readonly offered: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly pending: number;
  readonly pendingBytes: number;
  readonly reasons: Readonly<Record<string, number>>;
}

describe("50,000 spans of 1 KB in one go against a dead endpoint", () => {
  it("are all kept within the default bound of 64 MiB, and the process ends by itself", async () => {
    const run = await runApp({});
    const result = run.result<Result>();

    expect(result).toMatchObject({ offered: SPANS + 1, pending: SPANS + 1, dropped: 0 });
    expect(result.pendingBytes).toBeLessThan(64 * MEBIBYTE);
    expect(result.buffersGrowth + result.heapGrowth).toBeLessThan(
      64 * MEBIBYTE + SPANS * OVERHEAD_PER_SPAN,
    );
    expect(result.rssGrowth).toBeLessThan(MAX_RSS_GROWTH);
    expect(run.exitCode).toBe(0);
    expect(run.lingeredMs).toBeLessThan(500 + MARGIN_MS);
  });

  it("stay below a bound of 8 MiB; what does not fit is dropped and counted", async () => {
    const bound = 8 * MEBIBYTE;
    const run = await runApp({ PLAYHEAD_MAX_QUEUE_BYTES: String(bound) });
    const result = run.result<Result>();

    expect(result.offered).toBe(SPANS + 1);
    expect(result.delivered).toBe(0);
    expect(result.pending + result.dropped).toBe(SPANS + 1);
    expect(result.reasons).toEqual({ "queue full": result.dropped });
    expect(result.pendingBytes).toBeLessThanOrEqual(bound);
    // Not far below it either: the bound is used.
    expect(result.pendingBytes).toBeGreaterThan(bound / 2);
    expect(result.buffersGrowth + result.heapGrowth).toBeLessThan(
      bound + result.pending * OVERHEAD_PER_SPAN + 2 * MEBIBYTE,
    );
    expect(result.rssGrowth).toBeLessThan(MAX_RSS_GROWTH);
    expect(run.exitCode).toBe(0);
    expect(run.lingeredMs).toBeLessThan(500 + MARGIN_MS);
  });
});

async function runApp(environment: Readonly<Record<string, string>>) {
  return runFaultApp("memory", {
    NODE_ENV: "test", // no spool: what is in memory counts
    LANGFUSE_BASE_URL: await deadUrl(),
    PLAYHEAD_SHUTDOWN_TIMEOUT_MS: "500",
    SPAN_COUNT: String(SPANS),
    ...environment,
  });
}

import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { always, HEALTHY, startFaultServer } from "../support/fault-server";
import { decodeItems } from "../support/received-items";
import { runFaultApp } from "./support/run-fault-app";
import { expectTakenOnce, traceSpans, useFaults } from "./support/use-faults";

const MEGABYTE = 1_000_000;
const faults = useFaults();

describe("figures to reach (today's best-known SDK in brackets)", () => {
  it("50,000 spans in one burst, then flush: 50,000 arrive (2,560)", async () => {
    const { server, client, lines } = await faults.start(always(HEALTHY));

    const ids = traceSpans(client, 50_000);
    const report = await client.flush({ timeoutMs: 60_000 });

    expect(report).toMatchObject({ isAllDelivered: true, offered: 50_000, delivered: 50_000 });
    expectTakenOnce(server, ids);
    expect(lines()).toEqual([]);
  }, 90_000);

  it("endpoint down for 1 s of a 1.2 s run, 6,000 spans (10 s of 12 s, ten times as fast): 6,000 arrive (3,848)", async () => {
    const { server, client, lines } = await faults.start(always(HEALTHY));

    const ids: string[] = [];
    await paced({ perSecond: 5_000, forMs: 1_200 }, async (count, elapsedMs) => {
      ids.push(...traceSpans(client, count));
      if (elapsedMs >= 100 && elapsedMs < 1_100) await server.goDown();
      else await server.comeBack();
    });
    const report = await client.flush();

    expect(ids).toHaveLength(6_000);
    expect(report).toMatchObject({ isAllDelivered: true, offered: 6_000, delivered: 6_000 });
    expectTakenOnce(server, ids);
    expect(lines().length).toBeLessThanOrEqual(1);
  });

  it("1,836 spans/s for 6 s (60 s, ten times as short) against a server that takes 400 ms: 0 lost (12 %)", async () => {
    const { server, client, lines } = await faults.start(always({ kind: "answer", delayMs: 400 }));

    const ids: string[] = [];
    await paced({ perSecond: 1_836, forMs: 6_000 }, (count) => {
      ids.push(...traceSpans(client, count));
    });
    const report = await client.flush();

    expect(ids).toHaveLength(11_016);
    expect(report).toMatchObject({ isAllDelivered: true, offered: 11_016, delivered: 11_016 });
    expectTakenOnce(server, ids);
    expect(lines()).toEqual([]);
  });

  it("flush while an export is in flight: 5 of 5 (0 of 5)", async () => {
    const { server, client } = await faults.start(always({ kind: "answer", delayMs: 200 }), {
      flushIntervalMs: 1,
    });
    const ids = traceSpans(client, 5);
    await server.received(1);

    expect((await client.flush()).delivered).toBe(5);

    expectTakenOnce(server, ids);
  });

  it("a script that ends without flush: all 100 arrive (0)", async () => {
    await using server = await startFaultServer();

    const run = await runFaultApp("script", {
      NODE_ENV: "production", // no spool
      LANGFUSE_BASE_URL: server.url,
    });

    expect(run.result()).toEqual({ pending: 100 });
    expect(run.exitCode).toBe(0);
    expect(run.warnings).toEqual([]);
    expect(server.acknowledged.size).toBe(100);
    expect(server.repeated).toEqual([]);
  });

  it.each([
    ["with the default batch size", {}],
    ["in batches that must be split", { maxBatchBytes: 64 * MEGABYTE }],
  ])(
    "20 spans of 2 MB, server limit 4.5 MB, %s: all arrive whole (one request of 40 MB, all lost)",
    async (_, options) => {
      const { server, client, lines } = await faults.start(
        always({ kind: "body limit", maxBytes: 4.5 * MEGABYTE, isEarly: true }),
        { ...options, maxFieldBytes: 3 * MEGABYTE },
      );
      const input = incompressibleText(2 * MEGABYTE);

      const ids = Array.from({ length: 20 }, () => {
        const span = client.startSpan({ name: "large", input });
        span.end();
        return span.id;
      });
      const report = await client.flush({ timeoutMs: 30_000 });

      expect(report).toMatchObject({ isAllDelivered: true, offered: 20, delivered: 20 });
      expectTakenOnce(server, ids);
      const inputs = server.batches.flat().map(({ content }) => content[INPUT_KEY]);
      expect(inputs.filter((arrived) => arrived !== input)).toEqual([]);
      expect(lines()).toEqual([]);
    },
    60_000,
  );

  it("one malformed span in a batch of 512: 511 arrive, 1 is rejected and named (512 lost)", async () => {
    const { server, client, lines } = await faults.start(
      always({ kind: "bad item", isBad: ({ name }) => name === "span 300" }),
      { maxBatchSpans: 512 },
    );

    const ids = traceSpans(client, 512);
    const report = await client.flush();

    expect(server.batches[0]).toHaveLength(512);
    expect(report).toMatchObject({ isComplete: true, delivered: 511, rejected: 1, dropped: 0 });
    expectTakenOnce(
      server,
      ids.filter((_, index) => index !== 300),
    );
    expect(lines()).toEqual([expect.stringContaining(`The endpoint refused span ${ids[300]} `)]);
  });

  it("a single span of 6 MB, server limit 4.5 MB: arrives, cut and marked", async () => {
    const { server, client } = await faults.start(
      always({ kind: "body limit", maxBytes: 4.5 * MEGABYTE, isEarly: true }),
      { maxFieldBytes: 8 * MEGABYTE },
    );
    const span = client.startSpan({ name: "huge", input: incompressibleText(6 * MEGABYTE) });
    span.end();

    const report = await client.flush({ timeoutMs: 30_000 });

    expect(report).toMatchObject({ isAllDelivered: true, delivered: 1 });
    expectTakenOnce(server, [span.id]);
    const [item] = decodeItems(server.requests.at(-1) ?? fail("no request"));
    const input = String(item?.content[INPUT_KEY]);
    expect(item?.name).toBe("huge");
    expect(input.length).toBeGreaterThan(1_000);
    expect(input.length).toBeLessThan(4.5 * MEGABYTE);
    expect(input).toMatch(CUT_MARK);
  });
});

const INPUT_KEY = "langfuse.observation.input";
const CUT_MARK = /\.\.\.\[cut: \d+ bytes\]$/;

function fail(message: string): never {
  throw new Error(message);
}

/** Printable ASCII, of which gzip takes away less than a fifth. */
function incompressibleText(length: number): string {
  const bytes = randomBytes(length);
  for (const [index, byte] of bytes.entries()) bytes[index] = 0x20 + (byte % 0x5f);
  return bytes.toString("latin1");
}

/** Gives out work at an even pace, by the clock; what a late timer has missed comes at once. */
async function paced(
  { perSecond, forMs }: { readonly perSecond: number; readonly forMs: number },
  work: (count: number, elapsedMs: number) => void | Promise<void>,
): Promise<void> {
  const startedAt = performance.now();
  const total = Math.round((perSecond * forMs) / 1_000);
  let doneCount = 0;
  while (doneCount < total) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    const elapsedMs = performance.now() - startedAt;
    const dueCount = Math.min(total, Math.floor((perSecond * elapsedMs) / 1_000));
    await work(dueCount - doneCount, elapsedMs);
    doneCount = dueCount;
  }
}

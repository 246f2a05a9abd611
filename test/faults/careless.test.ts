import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { always, HEALTHY } from "../support/fault-server";
import { expectTakenOnce, traceSpans, until, useFaults } from "./support/use-faults";

const faults = useFaults();

it("does not hammer an endpoint whose Retry-After is over already", async () => {
  const busy = { kind: "answer", status: 503, headers: { "retry-after": "0" } } as const;
  const { server, client } = await faults.start(always(busy), { flushIntervalMs: 1 });
  traceSpans(client, 1);
  await client.flush({ timeoutMs: 1_500 });

  // One attempt, one more believing the endpoint, then pauses of our own of up to a second.
  expect(server.requests.length).toBeGreaterThan(1);
  expect(server.requests.length).toBeLessThan(20);
});

it("sends less at a time over a way that is too slow for a batch", async () => {
  const { server, client } = await faults.start(always({ kind: "stall" }), { timeoutMs: 60 });
  const ids = traceSpans(client, 8);
  const flushed = client.flush();
  await until(() => server.requests.length >= 3);
  server.script = always(HEALTHY);
  await flushed;

  expectTakenOnce(server, ids);
  const [first, ...others] = server.batches.map((batch) => batch.length);
  expect(first).toBe(8);
  expect(others.slice(1).every((count) => count <= 4)).toBe(true);
});

it("names the target that fails where there are several, each once", async () => {
  const down = await faults.startServer(always({ kind: "answer", status: 503 }));
  const locked = await faults.startServer(always({ kind: "answer", status: 401 }));
  const { client, lines } = await faults.start(always(HEALTHY), {
    baseUrl: undefined,
    targets: [
      { name: "first", baseUrl: down.url },
      { name: "second", baseUrl: locked.url },
    ],
  });
  traceSpans(client, 1);
  await client.flush({ timeoutMs: 300 });

  expect(lines().toSorted()).toEqual([
    expect.stringMatching(/^Cannot deliver spans to first: HTTP 503/),
    expect.stringMatching(/^Cannot deliver spans to second: HTTP 401.*Check publicKey/),
  ]);
});

it("lets a flush go when the client is shut down beside it", async () => {
  const dir = await mkdtemp(join(tmpdir(), "playhead-careless-"));
  // With a disk nothing is settled by the end: what is left is kept there.
  const { client } = await faults.start(always({ kind: "answer", status: 503 }), {
    spool: { dir },
  });
  traceSpans(client, 1);
  const flushed = client.flush({ timeoutMs: 8_000 });
  await client.shutdown();
  const report = await flushed;
  await rm(dir, { recursive: true });

  expect(report.durationMs).toBeLessThan(4_000);
  expect(report).toMatchObject({ isComplete: false, pending: 1 });
});

it("survives hooks that are async by mistake", async () => {
  const reject = async (): Promise<never> => {
    throw new Error("hook");
  };
  const { client } = await faults.start(always({ kind: "answer", status: 503 }), {
    onError: reject as never,
    shouldExport: reject as never,
    logger: { debug: reject, info: reject, warn: reject, error: reject },
  });
  traceSpans(client, 1);
  const report = await client.flush({ timeoutMs: 100 });
  await new Promise((resolve) => setImmediate(resolve)); // an unhandled rejection fails the run

  expect(report.pending).toBe(1);
});

it("passes on no key that a server sends back", async () => {
  const text = JSON.stringify({ message: "unknown secret hunter2-secret of team tok-123456" });
  const { client, lines } = await faults.start(always({ kind: "answer", status: 401, text }), {
    publicKey: "pk",
    secretKey: "hunter2-secret",
    headers: { "x-team-token": "tok-123456" },
  });
  traceSpans(client, 1);
  const report = await client.flush({ timeoutMs: 300 });

  expect(report.lastError).toBe("HTTP 401: unknown secret ... of team ...");
  expect(lines().join()).not.toMatch(/hunter2|tok-123456/);
});

it.each([Number.NaN, -1, "soon", 5n, {}])(
  "takes %s for no time limit of a flush",
  async (timeoutMs) => {
    const { client } = await faults.start(always(HEALTHY));
    traceSpans(client, 1);
    const report = await client.flush({ timeoutMs: timeoutMs as number });

    expect(report).toMatchObject({ isComplete: true, delivered: 1 });
  },
);

it("does not call itself over and over when onError traces after the shutdown", async () => {
  let calls = 0;
  const { client } = await faults.start(always(HEALTHY), {
    onError: () => {
      calls += 1;
      client.startSpan("from the hook").end();
    },
  });
  await client.shutdown();
  client.startSpan("late").end();

  expect(calls).toBe(1);
  expect(client.stats()).toMatchObject({ offered: 2, dropped: 2, pending: 0 });
});

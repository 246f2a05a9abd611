import { expect, it } from "vitest";
import { always, HEALTHY } from "../support/fault-server";
import { expectTakenOnce, traceSpans, until, useFaults } from "./support/use-faults";

const faults = useFaults();
/** What a busy machine may add to a time limit, in milliseconds. */
const MARGIN_MS = 500;

it("resolves at its deadline when the server never answers, and says what is pending", async () => {
  const { client } = await faults.start(always({ kind: "stall" }));
  traceSpans(client, 5);
  client.createScore({ name: "quality", value: 1, sessionId: "s" });

  const report = await client.flush({ timeoutMs: 300 });

  expect(report).toMatchObject({
    isComplete: false,
    isAllDelivered: false,
    offered: 5,
    pending: 5,
    scores: { offered: 1, pending: 1 },
  });
  expect(report.durationMs).toBeGreaterThanOrEqual(299);
  expect(report.durationMs).toBeLessThan(300 + MARGIN_MS);
});

it("resolves a shutdown at its deadline when the server never answers; what is left counts as dropped", async () => {
  const { client, lines } = await faults.start(always({ kind: "stall" }), {
    shutdownTimeoutMs: 300,
  });
  traceSpans(client, 5);

  const report = await client.shutdown();

  expect(report).toMatchObject({ isComplete: false, offered: 5, dropped: 5, pending: 0 });
  expect(report.reasons).toEqual({ "shut down": 5 });
  expect(report.durationMs).toBeLessThan(300 + MARGIN_MS);
  expect(lines()).toEqual([expect.stringMatching(/^Dropping spans: shut down/)]);
});

it("covers an export that is in flight when it is called: 5 of 5, where the best-known SDK resolves with 0", async () => {
  const { server, client } = await faults.start(always({ kind: "answer", delayMs: 300 }), {
    flushIntervalMs: 1,
  });
  const ids = traceSpans(client, 5);
  await server.received(1);

  const report = await client.flush();

  expect(report).toMatchObject({ isAllDelivered: true, delivered: 5, pending: 0 });
  expectTakenOnce(server, ids);
  expect(server.requests).toHaveLength(1);
});

it("shares the work of flushes at the same time", async () => {
  const { server, client } = await faults.start(always({ kind: "answer", delayMs: 50 }));
  const ids = traceSpans(client, 10);

  const reports = await Promise.all(Array.from({ length: 20 }, () => client.flush()));

  expect(reports.map(({ delivered }) => delivered)).toEqual(Array.from({ length: 20 }, () => 10));
  expect(server.requests).toHaveLength(1);
  expectTakenOnce(server, ids);
});

it("gives each of two flushes its own deadline", async () => {
  const { server, client } = await faults.start(always({ kind: "answer", delayMs: 600 }));
  const ids = traceSpans(client, 10);

  const [impatient, patient] = await Promise.all([
    client.flush({ timeoutMs: 100 }),
    client.flush({ timeoutMs: 5_000 }),
  ]);

  expect(impatient).toMatchObject({ isComplete: false, pending: 10 });
  expect(patient).toMatchObject({ isComplete: true, delivered: 10 });
  expectTakenOnce(server, ids);
});

it("does not wait for what ends after the call", async () => {
  let requestCount = 0;
  const { server, client } = await faults.start(() => {
    requestCount += 1;
    return requestCount === 1 ? HEALTHY : { kind: "stall" };
  });
  const ids = traceSpans(client, 5);

  const flushed = client.flush({ timeoutMs: 5_000 });
  await server.received(1);
  traceSpans(client, 5);
  const report = await flushed;

  expect(report.isComplete).toBe(true);
  expect(report.durationMs).toBeLessThan(4_000);
  expectTakenOnce(server, ids);
});

it("releases what waits for its trace's end", async () => {
  const { server, client } = await faults.start(always(HEALTHY));
  const root = client.startSpan("request");
  const child = root.startSpan("step");
  child.end();

  const report = await client.flush();

  expect(report).toMatchObject({ isComplete: true, delivered: 1 });
  expectTakenOnce(server, [child.id]);
  root.end();
});

it("delivers scores with the same care: a server that fails in between costs none", async () => {
  let requestCount = 0;
  const { server, client } = await faults.start(() => {
    requestCount += 1;
    return requestCount <= 3 ? { kind: "answer", status: 503 } : HEALTHY;
  });
  const ids = Array.from({ length: 250 }, (_, index) => `score-${index}`);
  for (const id of ids) client.createScore({ id, name: "quality", value: 1, sessionId: "s" });

  const report = await client.flush();

  expect(report.scores).toMatchObject({ offered: 250, delivered: 250, pending: 0 });
  expectTakenOnce(server, ids);
});

it("recovers without a flush in between when everything is late", async () => {
  const { server, client } = await faults.start(always({ kind: "stall" }), {
    timeoutMs: 100,
    flushIntervalMs: 10,
  });
  const ids = traceSpans(client, 20);
  await server.received(1);

  server.script = always(HEALTHY);
  await until(() => client.stats().pending === 0);

  expectTakenOnce(server, ids);
});

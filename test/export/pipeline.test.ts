import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NO_TRACE_ATTRIBUTES } from "../../src/attributes/trace-attributes";
import type { TargetConfig } from "../../src/config/targets";
import type { Stats } from "../../src/diagnostics/stats";
import type { ClosedTarget, Pipeline, PipelineOptions } from "../../src/export/pipeline";
import type { TargetLimits } from "../../src/export/target";
import { type DecodedSpan, decodeRequest } from "../support/decode-request";
import { partialSuccess, protobufAnswer } from "../support/otlp-answer";
import {
  ok,
  type ScriptedServer,
  silent,
  startScriptedServer,
  status,
} from "../support/scripted-server";
import {
  createRecord,
  createTrace,
  type OpenTrace,
  type RecordFields,
} from "../support/span-records";
import { createTestPipeline, targetConfig } from "../support/targets";

const TRACES_PATH = "/api/public/otel/v1/traces";
const INGESTION_PATH = "/api/public/ingestion";

let server: ScriptedServer;
let pipelines: Pipeline[];

beforeEach(async () => {
  server = await startScriptedServer();
  pipelines = [];
});

afterEach(async () => {
  server.answer = ok;
  await Promise.all(pipelines.map((pipeline) => pipeline.shutdown()));
  await server[Symbol.asyncDispose]();
});

type Setup = Partial<PipelineOptions> & Partial<TargetLimits>;

function createPipeline(options: Setup = {}, config: Partial<TargetConfig> = {}) {
  const { pipeline, events, lines } = createTestPipeline({
    configs: [targetConfig(server.url, config)],
    limits: options,
    options,
  });
  pipelines.push(pipeline);
  const end = (fields: RecordFields = {}, trace: OpenTrace = createTrace()): void => {
    pipeline.end(trace, createRecord(fields), NO_TRACE_ATTRIBUTES);
  };
  return { pipeline, end, events, lines };
}

/** Spans that arrived, in the order they came. */
function arrived(): DecodedSpan[] {
  return server.requests
    .filter(({ path }) => path === TRACES_PATH)
    .flatMap(({ body, headers }) =>
      decodeRequest(headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).spans.slice(),
    );
}

function expectBalance(stats: Stats): void {
  for (const account of [stats, stats.bytes, stats.scores]) {
    const { offered, delivered, rejected, dropped, pending } = account;
    expect(offered).toBe(delivered + rejected + dropped + pending);
    expect(pending).toBeGreaterThanOrEqual(0);
  }
}

describe("end and release", () => {
  it("hold a trace's spans until its root is over, and stamp what the trace is then", async () => {
    const { pipeline, end } = createPipeline();
    const trace = createTrace();
    end({ name: "child" }, trace);
    expect(pipeline.stats()).toMatchObject({ offered: 1, pending: 1, held: 1 });
    trace.attributes = { sessionId: "late" };
    trace.isOver = true;
    end({ name: "root", isRoot: true }, trace);
    expect(pipeline.stats()).toMatchObject({ offered: 2, pending: 2, held: 0 });
    await pipeline.flush(5_000);
    expect(arrived().map(({ name }) => name)).toEqual(["child", "root"]);
    for (const { attributes } of arrived()) {
      expect(new Map(attributes).get("session.id")).toBe("late");
    }
  });

  it("hold no copy of large trace attributes per span, so that late ones reach all of them", async () => {
    const { pipeline, end } = createPipeline({ maxHoldBytes: 100_000 });
    const document = "d".repeat(50_000);
    const trace = createTrace({ metadata: new Map([["document", document]]) });
    for (let index = 0; index < 100; index += 1) end({ name: `${index}` }, trace);
    expect(pipeline.stats().held).toBe(100);
    trace.attributes = { ...trace.attributes, userId: "late" };
    trace.isOver = true;
    end({ name: "root", isRoot: true }, trace);
    await pipeline.flush(5_000);
    const users = arrived().map(({ attributes }) => new Map(attributes).get("user.id"));
    expect(users).toEqual(Array(101).fill("late"));
    const [first] = arrived();
    expect(new Map(first?.attributes).get("langfuse.trace.metadata.document")).toBe(document);
  });

  it("send a span that ends after its trace was over", async () => {
    const { pipeline, end } = createPipeline();
    const trace = createTrace();
    trace.isOver = true;
    end({ name: "straggler" }, trace);
    expect(pipeline.stats().held).toBe(0);
    await pipeline.flush(5_000);
    expect(arrived()).toHaveLength(1);
  });

  it("reject alone a span that cannot be encoded", async () => {
    const { pipeline, end, events, lines } = createPipeline();
    end({ name: "before" });
    end({ name: "broken", startMs: -2e12 });
    end({ name: "after" });
    const report = await pipeline.flush(5_000);
    expect(arrived().map(({ name }) => name)).toEqual(["before", "after"]);
    expect(report).toMatchObject({ offered: 3, delivered: 2, rejected: 1, pending: 0 });
    expect(report.reasons).toEqual({ "cannot be encoded (RangeError)": 1 });
    expect(events).toEqual([
      { kind: "rejected", signal: "spans", count: 1, reason: "cannot be encoded (RangeError)" },
    ]);
    expect(lines).toHaveLength(1);
    expectBalance(pipeline.stats());
  });
});

describe("flush", () => {
  it("reports at once that all is well when nothing is pending", async () => {
    const report = await createPipeline().pipeline.flush(5_000);
    expect(report).toMatchObject({ offered: 0, pending: 0, isComplete: true, reasons: {} });
    expect(report).not.toHaveProperty("lastError");
  });

  it("delivers what is held, queued and in flight, spans and scores", async () => {
    const { pipeline, end } = createPipeline({ maxBatchSpans: 2 });
    const over = createTrace();
    over.isOver = true;
    end({}, over);
    end({}, over);
    await server.received(1);
    end({}, over);
    end();
    pipeline.score('{"id":"1","name":"good"}');
    const report = await pipeline.flush(5_000);
    expect(report).toMatchObject({
      offered: 4,
      delivered: 4,
      pending: 0,
      isComplete: true,
      isAllDelivered: true,
      spooled: 0,
      scores: { offered: 1, delivered: 1, pending: 0 },
    });
    expect(report.bytes).toEqual(pipeline.stats().bytes);
    expect(arrived()).toHaveLength(4);
    expectBalance(pipeline.stats());
  });

  it("covers a request on its way when it is called", async () => {
    let release = (): void => undefined;
    server.answer = (response) => {
      release = () => ok(response);
    };
    const { pipeline, end } = createPipeline({ maxBatchSpans: 1 });
    end({}, { ...createTrace(), isOver: true });
    await server.received(1);
    const flushed = pipeline.flush(5_000);
    release();
    expect(await flushed).toMatchObject({ delivered: 1, isComplete: true });
    expect(server.requests).toHaveLength(1);
  });

  it("ends at its deadline, and says what is still pending", async () => {
    server.answer = silent;
    const { pipeline, end } = createPipeline({ shutdownTimeoutMs: 1 });
    end();
    end();
    const report = await pipeline.flush(60);
    expect(report).toMatchObject({ offered: 2, delivered: 0, pending: 2, isComplete: false });
    expect(report.durationMs).toBeGreaterThanOrEqual(59);
    expect(report.durationMs).toBeLessThan(5_000);
  });

  it("says what went wrong while it waited", async () => {
    server.answer = status(503, "maintenance");
    const { pipeline, end } = createPipeline({ shutdownTimeoutMs: 1 });
    end();
    expect(await pipeline.flush(60)).toMatchObject({
      isComplete: false,
      lastError: "HTTP 503: maintenance",
    });
    server.answer = ok;
    const report = await pipeline.flush(5_000);
    expect(report).toMatchObject({ delivered: 1, isComplete: true });
    expect(report).not.toHaveProperty("lastError");
  });

  it("is complete when the endpoint refuses for good, and counts it", async () => {
    server.answer = status(400, "no");
    const { pipeline, end } = createPipeline();
    end();
    expect(await pipeline.flush(5_000)).toMatchObject({
      rejected: 1,
      pending: 0,
      isComplete: true,
      isAllDelivered: false,
      reasons: { "HTTP 400": 1 },
      lastError: "HTTP 400: no",
    });
  });

  it("is complete when a collector takes some of the spans, and counts what it does not", async () => {
    server.answer = protobufAnswer(200, partialSuccess(2, "no room"));
    const { pipeline, end } = createPipeline();
    for (let index = 0; index < 5; index += 1) end();
    expect(await pipeline.flush(5_000)).toMatchObject({
      offered: 5,
      delivered: 3,
      rejected: 2,
      pending: 0,
      isComplete: true,
      isAllDelivered: false,
      reasons: { "partial success": 2 },
      lastError: "no room",
    });
    expectBalance(pipeline.stats());
  });

  it("says of each of two endpoints that it refuses spans, by its name and once", async () => {
    await using other = await startScriptedServer(protobufAnswer(200, partialSuccess(1, "full")));
    server.answer = protobufAnswer(200, partialSuccess(1, "no room"));
    const { pipeline, lines } = createTestPipeline({
      configs: [
        targetConfig(server.url, { name: "one" }),
        targetConfig(other.url, { name: "two" }),
      ],
    });
    pipelines.push(pipeline);
    for (let time = 0; time < 3; time += 1) {
      for (let index = 0; index < 2; index += 1) {
        pipeline.end(createTrace(), createRecord(), NO_TRACE_ATTRIBUTES);
      }
      await pipeline.flush(5_000);
    }
    expect(lines.toSorted()).toEqual([
      "warn: [playhead] one refused 1 of 2 spans: no room. See stats() for how many in all.",
      "warn: [playhead] two refused 1 of 2 spans: full. See stats() for how many in all.",
    ]);
    expect(pipeline.stats()).toMatchObject({ offered: 12, delivered: 6, rejected: 6 });
  });

  it("may run many times at once", async () => {
    const { pipeline, end } = createPipeline();
    const flushes = Array.from({ length: 20 }, () => {
      end();
      return pipeline.flush(5_000);
    });
    for (const report of await Promise.all(flushes)) expect(report.isComplete).toBe(true);
    expect(pipeline.stats()).toMatchObject({ delivered: 20, pending: 0 });
    expect(arrived()).toHaveLength(20);
  });

  it.each([Number.POSITIVE_INFINITY, 2 ** 40])(
    "waits for the answer when given %d ms",
    async (ms) => {
      server.answer = (response) => setTimeout(() => ok(response), 30);
      const { pipeline, end } = createPipeline();
      end();
      expect(await pipeline.flush(ms)).toMatchObject({ delivered: 1, isComplete: true });
    },
  );

  it("counts in bytes what the spans take in the requests", async () => {
    const { pipeline, end } = createPipeline();
    const trace = createTrace({ sessionId: "s" });
    end({ input: "x".repeat(100) }, trace);
    end({}, trace);
    expectBalance(pipeline.stats());
    await pipeline.flush(5_000);
    const { bytes } = pipeline.stats();
    const [body] = server.requests.map(({ body }) => body);
    expect(bytes).toMatchObject({ pending: 0, dropped: 0, rejected: 0 });
    expect(bytes.delivered).toBe(bytes.offered);
    expect(bytes.delivered).toBeGreaterThan(100);
    expect(bytes.delivered).toBeLessThan(body?.length ?? 0);
  });
});

describe("scores", () => {
  it("go together in one request, as events, and have an account of their own", async () => {
    const { pipeline } = createPipeline();
    pipeline.score('{"id":"1","name":"a"}');
    pipeline.score('{"id":"2","name":"b"}');
    await pipeline.flush(5_000);
    expect(server.requests).toMatchObject([
      {
        method: "POST",
        path: INGESTION_PATH,
        headers: { "content-type": "application/json" },
      },
    ]);
    const { batch } = JSON.parse(server.requests[0]?.body.toString() ?? "");
    expect(batch).toMatchObject([
      { type: "score-create", body: { id: "1", name: "a" } },
      { type: "score-create", body: { id: "2", name: "b" } },
    ]);
    expect(pipeline.stats()).toMatchObject({ offered: 0, scores: { offered: 2, delivered: 2 } });
  });

  it("are not compressed, a hundred to a request", async () => {
    const { pipeline } = createPipeline();
    for (let index = 0; index < 250; index += 1) {
      pipeline.score(`{"id":"${index}","name":"${"x".repeat(50)}"}`);
    }
    expect(await pipeline.flush(5_000)).toMatchObject({ scores: { delivered: 250 } });
    const sizes = server.requests.map(
      ({ body }) => (JSON.parse(body.toString()) as { batch: unknown[] }).batch.length,
    );
    expect(sizes).toEqual([100, 100, 50]);
  });

  it("are answered one by one: what is refused costs no other", async () => {
    server.answer = (response, request) => {
      const { batch } = JSON.parse(request.body.toString()) as {
        batch: { id: string; body: { name: string } }[];
      };
      const isBad = ({ body }: { body: { name: string } }): boolean => body.name === "bad";
      const successes = batch
        .filter((event) => !isBad(event))
        .map(({ id }) => ({ id, status: 201 }));
      const errors = batch.filter(isBad).map(({ id }) => ({ id, status: 400, message: "no" }));
      response.writeHead(207).end(JSON.stringify({ successes, errors }));
    };
    const { pipeline, events } = createPipeline();
    for (const name of ["a", "bad", "c"]) pipeline.score(`{"id":"${name}","name":"${name}"}`);
    const report = await pipeline.flush(5_000);
    expect(report).toMatchObject({
      isComplete: true,
      isAllDelivered: false,
      scores: { delivered: 2, rejected: 1, pending: 0, reasons: { "HTTP 400": 1 } },
    });
    expect(events).toEqual([
      { kind: "rejected", signal: "scores", count: 1, reason: "a score: HTTP 400: no" },
    ]);
    expect(server.requests).toHaveLength(1);
  });

  it("do not wait for spans that cannot be delivered", async () => {
    server.answer = (response, request) =>
      (request.path === INGESTION_PATH ? ok : status(503))(response, request);
    const { pipeline, end } = createPipeline({ shutdownTimeoutMs: 1 });
    end();
    pipeline.score('{"id":"1"}');
    expect(await pipeline.flush(100)).toMatchObject({
      pending: 1,
      isComplete: false,
      scores: { delivered: 1, pending: 0 },
    });
  });

  it("are rejected where the endpoint takes none, however many, without a request", async () => {
    const { pipeline, lines } = createPipeline({}, { ingestionUrl: undefined });
    for (let index = 0; index < 250; index += 1) pipeline.score(`{"id":"${index}"}`);
    const report = await pipeline.flush(5_000);
    expect(report).toMatchObject({ isComplete: true, isAllDelivered: false });
    expect(report.scores).toMatchObject({
      rejected: 250,
      pending: 0,
      reasons: { "no address": 250 },
    });
    expect(server.requests).toHaveLength(0);
    expect(lines).toEqual([
      "warn: [playhead] The endpoint refused a score: this endpoint takes no scores: give baseUrl instead of endpoint. See stats() for how many in all.",
    ]);
  });
});

describe("shutdown", () => {
  it("delivers everything, and gives the same report each time", async () => {
    const { pipeline, end } = createPipeline();
    end();
    const first = pipeline.shutdown();
    expect(pipeline.shutdown()).toBe(first);
    expect(await first).toMatchObject({ delivered: 1, pending: 0, isComplete: true });
    expect(await pipeline.shutdown()).toBe(await first);
    expect(server.requests).toHaveLength(1);
  });

  it("refuses what ends later, counts it and says so once", async () => {
    const { pipeline, end, events, lines } = createPipeline();
    await pipeline.shutdown();
    end();
    end();
    pipeline.score('{"id":"1"}');
    const stats = pipeline.stats();
    expect(stats).toMatchObject({
      offered: 2,
      dropped: 2,
      pending: 0,
      held: 0,
      reasons: { "after shutdown": 2 },
      scores: { offered: 1, dropped: 1, pending: 0 },
    });
    expect(events.map(({ kind, signal }) => [kind, signal])).toEqual([
      ["dropped", "spans"],
      ["dropped", "spans"],
      ["dropped", "scores"],
    ]);
    expect(lines).toEqual([
      "warn: [playhead] Dropping spans that ended after shutdown(). Call it last.",
      "warn: [playhead] Dropping scores that ended after shutdown(). Call it last.",
    ]);
    expectBalance(stats);
    expect(await pipeline.flush(1_000)).toMatchObject({ isComplete: true });
    expect(server.requests).toHaveLength(0);
  });

  it("refuses what ends while it still waits", async () => {
    server.answer = (response) => setTimeout(() => ok(response), 30);
    const { pipeline, end } = createPipeline();
    end();
    const shutDown = pipeline.shutdown();
    end();
    expect(await shutDown).toMatchObject({ offered: 2, delivered: 1, dropped: 1, pending: 0 });
  });

  it("leaves nothing pending, no request and no connection past its deadline", async () => {
    server.answer = silent;
    const { pipeline, end, events } = createPipeline({ shutdownTimeoutMs: 50, maxBatchSpans: 1 });
    for (let index = 0; index < 9; index += 1) end();
    pipeline.score('{"id":"1"}');
    const report = await pipeline.shutdown();
    expect(report).toMatchObject({
      offered: 9,
      dropped: 9,
      pending: 0,
      isComplete: false,
      scores: { offered: 1, dropped: 1, pending: 0 },
    });
    expect(report.durationMs).toBeLessThan(3_000);
    const count = events
      .filter(({ kind, signal }) => kind === "dropped" && signal === "spans")
      .reduce((sum, event) => sum + event.count, 0);
    expect(count).toBe(9);
    const requestCount = server.requests.length;
    await expect.poll(() => server.connectionCount).toBe(0);
    server.answer = ok;
    await pipeline.flush(100);
    expect(server.requests).toHaveLength(requestCount);
    expectBalance(pipeline.stats());
  });

  it("does not wait out a pause that lasts beyond its deadline", async () => {
    server.answer = status(429, "", { "retry-after": "600" });
    const { pipeline, end } = createPipeline({ shutdownTimeoutMs: 20_000 });
    end();
    await pipeline.flush(5_000);
    const report = await pipeline.shutdown();
    expect(report).toMatchObject({ dropped: 1, pending: 0, isComplete: false });
    expect(report.durationMs).toBeLessThan(5_000);
    expect(server.requests).toHaveLength(1);
  });
});

describe("closeSync", () => {
  it("drops everything where there is no disk, held spans included, and does it once", () => {
    const { pipeline, end, events } = createPipeline();
    end();
    end({}, { ...createTrace(), isOver: true });
    pipeline.score('{"id":"1"}');
    expect(sumClosed(pipeline.closeSync("process ended"))).toEqual({ kept: 0, lost: 3 });
    expect(sumClosed(pipeline.closeSync("process ended"))).toEqual({ kept: 0, lost: 0 });
    expect(pipeline.stats()).toMatchObject({
      offered: 2,
      dropped: 2,
      pending: 0,
      held: 0,
      reasons: { "process ended": 2 },
      scores: { dropped: 1, pending: 0 },
    });
    expect(events.map(({ signal, count }) => [signal, count])).toEqual([
      ["spans", 2],
      ["scores", 1],
    ]);
    expectBalance(pipeline.stats());
  });

  it("during a request leaves its answer uncounted", async () => {
    let release = (): void => undefined;
    server.answer = (response) => {
      release = () => ok(response);
    };
    const { pipeline, end } = createPipeline({ maxBatchSpans: 1 });
    end({}, { ...createTrace(), isOver: true });
    await server.received(1);
    expect(sumClosed(pipeline.closeSync("process ended"))).toEqual({ kept: 0, lost: 1 });
    release();
    await pipeline.shutdown();
    expect(pipeline.stats()).toMatchObject({ offered: 1, dropped: 1, delivered: 0, pending: 0 });
  });
});

function sumClosed(closed: readonly ClosedTarget[]): { kept: number; lost: number } {
  const sum = (name: "kept" | "lost"): number =>
    closed.reduce((total, target) => total + target[name], 0);
  return { kept: sum("kept"), lost: sum("lost") };
}

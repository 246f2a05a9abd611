import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NO_TRACE_ATTRIBUTES } from "../../src/attributes/trace-attributes";
import type { TargetConfig } from "../../src/config/targets";
import type { ClosedTarget } from "../../src/export/pipeline";
import { folderOf } from "../../src/export/target";
import { decodeRequest } from "../support/decode-request";
import {
  ok,
  type ScriptedServer,
  silent,
  startScriptedServer,
  status,
} from "../support/scripted-server";
import { createRecord, createTrace, type RecordFields } from "../support/span-records";
import {
  createTestPipeline,
  type PipelineSetup,
  type PipelineUnderTest,
  targetConfig,
} from "../support/targets";

let server: ScriptedServer;
let other: ScriptedServer;
let dir: string;
let created: PipelineUnderTest[];

beforeEach(async () => {
  server = await startScriptedServer();
  other = await startScriptedServer();
  dir = mkdtempSync(join(tmpdir(), "playhead-target-"));
  created = [];
});

afterEach(async () => {
  server.answer = ok;
  other.answer = ok;
  await Promise.all(created.map(({ pipeline }) => pipeline.shutdown()));
  await server[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true, force: true });
});

function create(setup: PipelineSetup) {
  const made = createTestPipeline(setup);
  created.push(made);
  const { pipeline } = made;
  const end = (fields: RecordFields = {}, trace = createTrace()): void => {
    pipeline.end(trace, createRecord(fields), NO_TRACE_ATTRIBUTES);
  };
  return { ...made, end };
}

const onDisk = (durable: boolean) => ({ dir, maxBytes: 10_000_000, durable });

/** Names of the spans that a server got, in the order they came. */
function namesAt({ requests }: ScriptedServer): string[] {
  return requests
    .filter(({ path }) => path === "/api/public/otel/v1/traces")
    .flatMap(({ body, headers }) =>
      decodeRequest(headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).spans.slice(),
    )
    .map(({ name }) => name);
}

function segmentsIn(config: TargetConfig, signal: "spans" | "scores"): string[] {
  const folder = join(dir, folderOf(config), signal);
  return existsSync(folder) ? readdirSync(folder) : [];
}

describe("the folder of a target", () => {
  it("is the same for the same address and key, and another one for any other", () => {
    const config = targetConfig("http://host:3000", { publicKey: "pk" });
    const folder = folderOf(config);
    expect(folder).toMatch(/^host-3000-[0-9a-f]{8}$/);
    expect(folderOf({ ...config, name: "x", secretKey: "other", headers: { a: "b" } })).toBe(
      folder,
    );
    const others = [
      targetConfig("http://host:3000", { publicKey: "pk2" }),
      targetConfig("http://host:3000"),
      targetConfig("http://host:3000/langfuse", { publicKey: "pk" }),
      targetConfig("https://host:3000", { publicKey: "pk" }),
    ].map(folderOf);
    expect(new Set([folder, ...others]).size).toBe(5);
  });

  it("is a plain name, whatever the address, and shows no credentials", () => {
    const folder = folderOf(targetConfig("http://user:secret@[::1]:80/../..?key=secret"));
    expect(folder).toMatch(/^[a-zA-Z0-9.-]+$/);
    expect(folder).not.toMatch(/secret|user|\.\./);
  });
});

describe("a durable target", () => {
  it("has a span on disk from its end on, and nothing more once it is delivered", async () => {
    const config = targetConfig(server.url);
    const { pipeline, end } = create({ configs: [config], spool: onDisk(true) });
    const trace = createTrace({ sessionId: "s" });
    end({ name: "child" }, trace);
    end({ name: "root", isRoot: true }, trace);
    expect(segmentsIn(config, "spans")).toHaveLength(1);
    const report = await pipeline.flush(5_000);
    expect(report).toMatchObject({ delivered: 2, pending: 0, spooled: 0, isAllDelivered: true });
    expect(namesAt(server)).toEqual(["child", "root"]);
    await expect.poll(() => segmentsIn(config, "spans")).toEqual([]);
  });

  it("keeps what is pending when it closes, and the next one delivers it once, as bound last", async () => {
    server.answer = silent;
    const config = targetConfig(server.url);
    const first = create({ configs: [config], spool: onDisk(true) });
    const trace = createTrace({ sessionId: "early" });
    first.end({ name: "held" }, trace);
    trace.attributes = { sessionId: "late" };
    first.pipeline.score('{"id":"1","name":"good"}');
    expect(sumClosed(first.pipeline.closeSync("process ended"))).toEqual({ kept: 2, lost: 0 });
    expect(sumClosed(first.pipeline.closeSync("process ended"))).toEqual({ kept: 0, lost: 0 });
    expect(first.pipeline.stats()).toMatchObject({
      offered: 1,
      pending: 1,
      spooled: 1,
      scores: { pending: 1 },
    });

    server.answer = ok;
    const next = create({ configs: [config], spool: onDisk(true) });
    await next.pipeline.adopt();
    const report = await next.pipeline.flush(5_000);
    expect(report).toMatchObject({
      offered: 1,
      delivered: 1,
      pending: 0,
      isComplete: true,
      scores: { offered: 1, delivered: 1 },
    });
    expect(report.bytes.delivered).toBe(first.pipeline.stats().bytes.pending);
    expect(namesAt(server)).toEqual(["held"]);
    const body = server.requests.find(({ path }) => path.endsWith("/traces"))?.body;
    const [span] = decodeRequest(body ?? Buffer.alloc(0)).spans;
    expect(new Map(span?.attributes).get("session.id")).toBe("late");
    await expect
      .poll(() => [...segmentsIn(config, "spans"), ...segmentsIn(config, "scores")])
      .toEqual([]);
  });

  it("after shutdown still says that what it kept is pending", async () => {
    server.answer = status(503);
    const { pipeline, end } = create({
      configs: [targetConfig(server.url)],
      spool: onDisk(false),
      options: { shutdownTimeoutMs: 2_000 },
    });
    end();
    expect(await pipeline.shutdown()).toMatchObject({
      isComplete: false,
      pending: 1,
      spooled: 1,
      dropped: 0,
    });
    expect(await pipeline.flush(1_000)).toMatchObject({ isComplete: false, pending: 1 });
  });
});

describe("several targets", () => {
  it("each get every span, and count it each", async () => {
    const { pipeline, end } = create({
      configs: [targetConfig(server.url, { name: "a" }), targetConfig(other.url, { name: "b" })],
    });
    end({ name: "one" });
    pipeline.score('{"id":"1"}');
    const report = await pipeline.flush(5_000);
    expect(report).toMatchObject({
      offered: 2,
      delivered: 2,
      scores: { offered: 2, delivered: 2 },
    });
    expect(pipeline.stats().targets).toMatchObject([
      { name: "a", offered: 1, delivered: 1 },
      { name: "b", offered: 1, delivered: 1 },
    ]);
    expect([namesAt(server), namesAt(other)]).toEqual([["one"], ["one"]]);
  });

  it("do not slow each other down: a dead one costs a live one nothing", async () => {
    server.answer = silent;
    const { pipeline, end, targets } = create({
      configs: [
        targetConfig(server.url, { name: "dead" }),
        targetConfig(other.url, { name: "live" }),
      ],
      limits: { maxBatchSpans: 1, maxQueueBytes: 1_024 },
      options: { shutdownTimeoutMs: 100 },
    });
    for (let round = 0; round < 20; round += 1) {
      end({}, { ...createTrace(), isOver: true });
      await expect.poll(() => targets[1]?.stats().delivered, { interval: 5 }).toBe(round + 1);
    }
    const [dead, live] = pipeline.stats().targets;
    expect(live).toMatchObject({ offered: 20, delivered: 20, dropped: 0, pending: 0 });
    expect(live).not.toHaveProperty("lastError");
    expect(dead).toMatchObject({ offered: 20, delivered: 0 });
    expect(dead?.dropped).toBeGreaterThan(0);
    expect((dead?.dropped ?? 0) + (dead?.pending ?? 0)).toBe(20);
  });

  it("get what their routes say; a route that throws takes the span", async () => {
    const broken = (): boolean => {
      throw new Error("x");
    };
    const { pipeline, end } = create({
      configs: [
        targetConfig(server.url, { route: ({ type }) => type === "generation" }),
        targetConfig(other.url, { route: broken }),
      ],
    });
    end({ name: "call", type: "generation" });
    end({ name: "step", type: "span" });
    expect(await pipeline.flush(5_000)).toMatchObject({ offered: 3, delivered: 3 });
    expect(namesAt(server)).toEqual(["call"]);
    expect(namesAt(other)).toEqual(["call", "step"]);
  });

  it("that all refuse a span by their routes leave it uncounted", async () => {
    const { pipeline, end } = create({
      configs: [targetConfig(server.url, { route: () => false })],
    });
    end();
    expect(await pipeline.flush(5_000)).toMatchObject({ offered: 0, isAllDelivered: true });
    expect(server.requests).toHaveLength(0);
  });

  it("have folders of their own, with what their routes say", async () => {
    const configs = [
      targetConfig(server.url, { route: ({ name }) => name === "a" }),
      targetConfig(other.url, { route: ({ name }) => name !== "a" }),
    ] as const;
    server.answer = silent;
    other.answer = silent;
    const { pipeline, end } = create({ configs, spool: onDisk(true) });
    for (const name of ["a", "b", "c"]) end({ name });
    expect(sumClosed(pipeline.closeSync("process ended"))).toEqual({ kept: 3, lost: 0 });
    server.answer = ok;
    other.answer = ok;
    const next = create({ configs, spool: onDisk(true) });
    await next.pipeline.adopt();
    expect(await next.pipeline.flush(5_000)).toMatchObject({ delivered: 3, pending: 0 });
    expect([namesAt(server), namesAt(other)]).toEqual([["a"], ["b", "c"]]);
  });
});

describe("a span that is too large for the endpoint", () => {
  it("arrives cut, its neighbours whole, and the books say what arrived", async () => {
    server.answer = (response, request) => {
      const { headers } = request;
      const body = headers["content-encoding"] === "gzip" ? gunzipSync(request.body) : request.body;
      (body.length > 100_000 ? status(413) : ok)(response, request);
    };
    const { pipeline, end } = create({ configs: [targetConfig(server.url)] });
    end({ name: "small" });
    end({ name: "large", input: "x".repeat(400_000) });
    const report = await pipeline.flush(10_000);
    expect(report).toMatchObject({ delivered: 2, rejected: 0, pending: 0, isAllDelivered: true });
    expect(report.bytes.offered).toBe(report.bytes.delivered);
    expect(report.bytes.delivered).toBeLessThan(101_000);
    const last = server.requests.at(-1);
    const spans = decodeRequest(gunzipSync(last?.body ?? Buffer.alloc(0))).spans;
    const input = new Map(spans[0]?.attributes).get("langfuse.observation.input");
    expect(String(input)).toMatch(/x\.\.\.\[cut: \d+ bytes\]$/);
  });
});

function sumClosed(closed: readonly ClosedTarget[]): { kept: number; lost: number } {
  const sum = (name: "kept" | "lost"): number =>
    closed.reduce((total, target) => total + target[name], 0);
  return { kept: sum("kept"), lost: sum("lost") };
}

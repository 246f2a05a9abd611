import { describe, expect, it } from "vitest";
import type { SessionFigures, TraceOutline } from "../../../src/studio/api/detail-types";
import {
  observationApiPath,
  sessionFiguresApiPath,
  traceOutlineApiPath,
} from "../../../src/studio/api/paths";
import { percentiles } from "../../../src/studio/api/session-figures";
import type { ObservationView } from "../../../src/studio/api/types";
import type { Studio } from "../../../src/studio/server";
import { get, OTLP_PATH, openStudio, post } from "../server/running-studio";
import { type JsonSpan, otlpJson } from "../server/spans";

const START_NS = 1_763_806_800_000_000_000n;

/** Nanoseconds of the wire, that many milliseconds after 2025-11-22T10:20:00Z. */
function at(ms: number): string {
  return String(START_NS + BigInt(ms) * 1_000_000n);
}

const ROOT: JsonSpan = {
  traceId: "t1",
  spanId: "root",
  name: "chat",
  attributes: {
    "session.id": "s",
    "langfuse.observation.input": '{"question":"Where?"}',
    "langfuse.observation.output": "Here.",
    "langfuse.trace.metadata.plan": "pro",
  },
};

const CALL: JsonSpan = {
  traceId: "t1",
  spanId: "call",
  parentSpanId: "root",
  name: "n".repeat(400),
  startTimeUnixNano: at(100),
  endTimeUnixNano: at(600),
  status: { code: 2, message: "rate limited" },
  attributes: {
    "session.id": "s",
    "langfuse.observation.type": "generation",
    "langfuse.observation.model.name": "gpt-4o",
    "langfuse.observation.input": "a long prompt",
    "langfuse.observation.usage_details": '{"input":10,"output":5}',
    "langfuse.observation.cost_details": '{"total":0.5}',
    "langfuse.observation.completion_start_time": "2025-11-22T10:20:00.300Z",
  },
};

async function studioWith(...spans: readonly JsonSpan[]): Promise<Studio> {
  const studio = await openStudio();
  expect((await post(studio, OTLP_PATH, otlpJson(...spans))).status).toBe(200);
  return studio;
}

describe("GET /api/studio/trace-outline", () => {
  it("gives the trace with its steps, without what may be large in these", async () => {
    const studio = await studioWith(ROOT, CALL);
    const { status, json, text } = await get(studio, traceOutlineApiPath("t1"));
    expect(status).toBe(200);
    expect(json).toMatchObject({
      traceId: "t1",
      rootId: "root",
      sessionId: "s",
      metadata: { plan: "pro" },
      input: { question: "Where?" },
      output: "Here.",
      durationMs: 1000,
      errorCount: 1,
      totalCost: 0.5,
    } satisfies Partial<TraceOutline>);
    const { steps } = json as TraceOutline; // the route's contract
    expect(steps.map((step) => step.id)).toEqual(["root", "call"]);
    expect(steps[1]).toEqual({
      id: "call",
      parentId: "root",
      type: "generation",
      name: "n".repeat(300),
      startedAt: "2025-11-22T10:20:00.100000Z",
      startOffsetMs: 100,
      durationMs: 500,
      timeToFirstTokenMs: 200,
      level: "ERROR",
      statusMessage: "rate limited",
      model: "gpt-4o",
      tokens: { input: 10, output: 5, total: 15 },
      totalCost: 0.5,
    });
    expect(text).not.toContain("a long prompt");
  });

  it("answers 404 for an id that no span carries, 400 without one", async () => {
    const studio = await openStudio();
    expect(await get(studio, traceOutlineApiPath("none"))).toMatchObject({
      status: 404,
      json: { message: "No trace with this id" },
    });
    expect((await get(studio, "/api/studio/trace-outline")).status).toBe(400);
  });
});

describe("GET /api/studio/observation", () => {
  it("gives all of one observation", async () => {
    const studio = await studioWith(ROOT, CALL);
    const { status, json } = await get(studio, observationApiPath("t1", "call"));
    expect(status).toBe(200);
    expect(json).toMatchObject({
      id: "call",
      name: "n".repeat(400),
      input: "a long prompt",
      startOffsetMs: 100,
      usageDetails: { input: 10, output: 5 },
      costDetails: { total: 0.5 },
    } satisfies Partial<ObservationView>);
  });

  it("answers 404 for an observation of another trace", async () => {
    const studio = await studioWith(ROOT, { ...CALL, traceId: "t2" });
    for (const path of [observationApiPath("t1", "call"), observationApiPath("t3", "call")]) {
      expect(await get(studio, path)).toMatchObject({
        status: 404,
        json: { message: "No observation with this id in this trace" },
      });
    }
  });
});

describe("GET /api/studio/session-figures", () => {
  it("gives each turn's latency, first token, tokens and cost, and their percentiles", async () => {
    const studio = await studioWith(ROOT, CALL, {
      traceId: "t2",
      spanId: "root2",
      startTimeUnixNano: at(5_000),
      endTimeUnixNano: at(8_000),
      attributes: { "session.id": "s" },
    });
    const { status, json } = await get(studio, sessionFiguresApiPath("s"));
    expect(status).toBe(200);
    expect(json).toEqual({
      latencyMs: { p50: 1000, p95: 3000 },
      timeToFirstTokenMs: { p50: 300, p95: 300 },
      turns: [
        {
          traceId: "t1",
          startedAt: "2025-11-22T10:20:00.000000Z",
          durationMs: 1000,
          timeToFirstTokenMs: 300,
          tokens: { input: 10, output: 5, total: 15 },
          totalCost: 0.5,
          errorCount: 1,
        },
        {
          traceId: "t2",
          startedAt: "2025-11-22T10:20:05.000000Z",
          durationMs: 3000,
          timeToFirstTokenMs: null,
          tokens: { input: 0, output: 0, total: 0 },
          totalCost: null,
          errorCount: 0,
        },
      ],
    } satisfies SessionFigures);
  });

  it("answers 404 for an id that no trace carries", async () => {
    const studio = await openStudio();
    expect((await get(studio, sessionFiguresApiPath("none"))).status).toBe(404);
  });
});

describe("GET /api/studio/setup", () => {
  it("gives the public key, and never the secret one", async () => {
    const open = await openStudio();
    expect((await get(open, "/api/studio/setup")).json).toEqual({ publicKey: null });
    const keys = { publicKey: "pk-lf-1", secretKey: "sk-lf-1" };
    const locked = await openStudio(keys);
    const authorization = `Basic ${Buffer.from("pk-lf-1:sk-lf-1").toString("base64")}`;
    const answer = await get(locked, "/api/studio/setup", { authorization });
    expect(answer.json).toEqual({ publicKey: "pk-lf-1" });
    expect((await get(locked, "/api/studio/setup")).status).toBe(401);
  });
});

describe("percentiles", () => {
  it("are values that were measured, by nearest rank", () => {
    expect(percentiles([])).toBeNull();
    expect(percentiles([7])).toEqual({ p50: 7, p95: 7 });
    expect(percentiles([4, 1, 3, 2])).toEqual({ p50: 2, p95: 4 });
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(percentiles(hundred)).toEqual({ p50: 50, p95: 95 });
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NO_TRACE_ATTRIBUTES } from "../../src/attributes/trace-attributes";
import type { TargetConfig } from "../../src/config/targets";
import {
  type Answer,
  ok,
  type ScriptedServer,
  startScriptedServer,
  status,
} from "../support/scripted-server";
import { createRecord, createTrace } from "../support/span-records";
import { createTestPipeline, type PipelineUnderTest, targetConfig } from "../support/targets";

const TRACES = "/api/public/otel/v1/traces";
const INGESTION = "/api/public/ingestion";

let server: ScriptedServer;
let created: PipelineUnderTest[];

beforeEach(async () => {
  server = await startScriptedServer();
  created = [];
});

afterEach(async () => {
  server.answer = ok;
  await Promise.all(created.map(({ pipeline }) => pipeline.shutdown()));
  await server[Symbol.asyncDispose]();
});

function create(config: Partial<TargetConfig>) {
  const made = createTestPipeline({
    configs: [targetConfig(server.url, config)],
    options: { shutdownTimeoutMs: 100 },
  });
  created.push(made);
  const { pipeline } = made;
  const flushOne = (name: string) => {
    pipeline.end(createTrace(), createRecord({ name }), NO_TRACE_ATTRIBUTES);
    return pipeline.flush(2_000);
  };
  return { ...made, flushOne };
}

/** Answers by path; 404 for all others. */
function paths(answers: Readonly<Record<string, Answer>>): Answer {
  return (response, request) => (answers[request.path] ?? status(404))(response, request);
}

interface Event {
  readonly id: string;
  readonly type: string;
  readonly body: { readonly name?: string };
}

const pathsAsked = (): string[] => server.requests.map(({ path }) => path);

function batchOf(body: Buffer | undefined): Event[] {
  return (JSON.parse(body?.toString() ?? "") as { batch: Event[] }).batch;
}

/** As Langfuse v4 does: scores are taken, legacy events are not. */
const scoresOnly: Answer = (response, request) => {
  const batch = batchOf(request.body);
  const isScore = ({ type }: Event): boolean => type === "score-create";
  const successes = batch.filter(isScore).map(({ id }) => ({ id, status: 201 }));
  const errors = batch
    .filter((event) => !isScore(event))
    .map(({ id }) => ({ id, status: 400, message: "Event type not accepted by this endpoint" }));
  response.writeHead(207).end(JSON.stringify({ successes, errors }));
};

describe('protocol "auto"', () => {
  it("asks in OTLP, and stays with it where that is taken", async () => {
    const { flushOne, lines } = create({ protocol: "auto" });
    await flushOne("a");
    expect(await flushOne("b")).toMatchObject({ delivered: 2, isAllDelivered: true });
    expect(pathsAsked()).toEqual([TRACES, TRACES]);
    expect(lines).toEqual([]);
  });

  it("falls back to the legacy batch where there is no OTLP path, stays there, and says so once", async () => {
    server.answer = paths({ [INGESTION]: ok });
    const { flushOne, lines, events } = create({ protocol: "auto" });
    expect(await flushOne("a")).toMatchObject({ delivered: 1, isAllDelivered: true });
    expect(await flushOne("b")).toMatchObject({ delivered: 2, isAllDelivered: true });
    expect(pathsAsked()).toEqual([TRACES, INGESTION, INGESTION]);
    const names = server.requests
      .slice(1)
      .map(({ body }) => batchOf(body).find(({ type }) => type === "span-create")?.body.name);
    expect(names).toEqual(["a", "b"]);
    expect(lines).toEqual([
      'warn: [playhead] langfuse has no OTLP path (Langfuse before 3.22): using its legacy protocol. Set protocol: "ingestion" to skip the attempt.',
    ]);
    expect(events).toEqual([]);
  });

  it("is blocked with advice where neither path is there", async () => {
    server.answer = status(404);
    const { flushOne, lines } = create({ protocol: "auto" });
    expect(await flushOne("a")).toMatchObject({ pending: 1, isComplete: false });
    expect(pathsAsked()).toEqual([TRACES, INGESTION]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`Nothing takes traces at ${server.url}${TRACES}.`);
  });

  it("does not settle for the legacy batch before a server has taken one", async () => {
    server.answer = paths({ [INGESTION]: status(503, "", { "retry-after": "0" }) });
    const { flushOne, lines, pipeline } = create({ protocol: "auto" });
    const flushed = flushOne("a");
    await server.received(2);
    server.answer = ok; // the server is up: a newer one, with both paths
    expect(await flushed).toMatchObject({ delivered: 1 });
    expect(pathsAsked().at(-1)).toBe(TRACES);
    await flushOne("b");
    expect(pathsAsked().at(-1)).toBe(TRACES);
    expect(lines.join("\n")).not.toContain("legacy protocol");
    expect(pipeline.stats()).toMatchObject({ delivered: 2, pending: 0 });
  });

  it("has nothing to fall back to at an endpoint that is not Langfuse's", async () => {
    server.answer = status(404);
    const { flushOne } = create({ protocol: "auto", ingestionUrl: undefined });
    expect(await flushOne("a")).toMatchObject({ pending: 1, isComplete: false });
    expect(pathsAsked()).toEqual([TRACES]);
  });

  it("falls back for no other answer", async () => {
    server.answer = paths({ [TRACES]: status(401), [INGESTION]: ok });
    const { flushOne } = create({ protocol: "auto" });
    expect(await flushOne("a")).toMatchObject({ pending: 1, isComplete: false });
    expect(pathsAsked()).toEqual([TRACES]);
  });
});

describe('protocol "otlp"', () => {
  it("never speaks the legacy protocol for spans", async () => {
    server.answer = paths({ [INGESTION]: ok });
    const { flushOne } = create({ protocol: "otlp" });
    expect(await flushOne("a")).toMatchObject({ pending: 1, isComplete: false });
    expect(pathsAsked()).toEqual([TRACES]);
  });
});

describe('protocol "ingestion"', () => {
  it("never asks in OTLP, and is not compressed", async () => {
    const { flushOne, lines } = create({ protocol: "ingestion" });
    expect(await flushOne("a".repeat(5_000))).toMatchObject({ delivered: 1, isAllDelivered: true });
    expect(pathsAsked()).toEqual([INGESTION]);
    expect(server.requests[0]?.headers).not.toHaveProperty("content-encoding");
    expect(lines).toEqual([]);
  });

  it("is blocked with advice by a server that refuses legacy events, while scores arrive", async () => {
    server.answer = paths({ [INGESTION]: scoresOnly, [TRACES]: ok });
    const { flushOne, lines, pipeline } = create({ protocol: "ingestion" });
    pipeline.score('{"id":"1","name":"good"}');
    expect(await flushOne("a")).toMatchObject({
      pending: 1,
      rejected: 0,
      isComplete: false,
      scores: { delivered: 1, pending: 0 },
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(
      'This server takes only scores at /api/public/ingestion (Langfuse v4 does). Set protocol to "otlp" or "auto" for traces. They are kept and tried again.',
    );
  });

  it("sends again only what had no good answer", async () => {
    let isFirst = true;
    server.answer = (response, request) => {
      const batch = batchOf(request.body);
      const bad = isFirst ? "busy" : "none";
      isFirst = false;
      const isBusy = ({ body, type }: Event): boolean =>
        type !== "trace-create" && body.name === bad;
      response.writeHead(207).end(
        JSON.stringify({
          successes: batch.filter((event) => !isBusy(event)).map(({ id }) => ({ id, status: 201 })),
          errors: batch.filter(isBusy).map(({ id }) => ({ id, status: 503, message: "busy" })),
        }),
      );
    };
    const { pipeline, flushOne } = create({ protocol: "ingestion" });
    pipeline.end(
      createTrace(),
      createRecord({ name: "busy", spanId: "b7ad6b7169203332" }),
      NO_TRACE_ATTRIBUTES,
    );
    expect(await flushOne("fine")).toMatchObject({ delivered: 2, pending: 0 });
    const names = server.requests.map(({ body }) =>
      batchOf(body)
        .filter(({ type }) => type === "span-create")
        .map((event) => event.body.name),
    );
    expect(names).toEqual([["busy", "fine"], ["busy"]]);
  });
});

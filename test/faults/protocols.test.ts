import { describe, expect, it } from "vitest";
import { always, type Fault, HEALTHY, type Script } from "../support/fault-server";
import { INGESTION_PATH } from "../support/received-items";
import { expectTaken, expectTakenOnce, traceSpans, useFaults } from "./support/use-faults";

const OTLP_PATH = "/api/public/otel/v1/traces";
const faults = useFaults();

/** Langfuse before 3.22. */
const OLDER_SERVER: Script = (_, path) =>
  path === INGESTION_PATH ? HEALTHY : { kind: "answer", status: 404 };
/** Langfuse v4 takes nothing but scores on the legacy path. */
const V4_SERVER: Script = (_, path) => {
  if (path !== INGESTION_PATH) return HEALTHY;
  return {
    kind: "per item",
    judge: ({ type }) =>
      type === "score-create"
        ? { status: 201 }
        : { status: 400, message: "Event type not accepted" },
  };
};

describe("protocol: ingestion", () => {
  it("delivers spans and scores as events of the legacy batch, with ids, times and usage", async () => {
    const { server, client, lines } = await faults.start(always(HEALTHY), {
      protocol: "ingestion",
    });

    const root = client.startSpan({ name: "request", input: { question: "?" } });
    root.updateTrace({ sessionId: "chat-1", public: true });
    const generation = root.startGeneration({ name: "answer", model: "m" });
    generation.update({ output: "!", usageDetails: { input: 3, output: 4 } });
    generation.end();
    root.end();
    client.createScore({ id: "score-1", name: "quality", value: 0.5, traceId: root.traceId });
    const report = await client.flush();

    expect(report).toMatchObject({ isAllDelivered: true, delivered: 2, scores: { delivered: 1 } });
    expectTakenOnce(server, [root.id, generation.id, "score-1"]);
    expect(new Set(server.requests.map(({ path }) => path))).toEqual(new Set([INGESTION_PATH]));
    const items = server.batches.flat();
    expect(items.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      "generation-create answer",
      "score-create quality",
      "span-create request",
    ]);
    expect(items.find(({ type }) => type === "generation-create")?.content).toMatchObject({
      id: generation.id,
      traceId: root.traceId,
      parentObservationId: root.id,
      model: "m",
      output: "!",
      usageDetails: { input: 3, output: 4 },
      usage: { input: 3, output: 4, unit: "TOKENS" },
    });
    expect(lines()).toEqual([]);
  });

  it("keeps each request below 3.5 MB", async () => {
    const { server, client } = await faults.start(
      always({ kind: "body limit", maxBytes: 3_500_000 }),
      {
        protocol: "ingestion",
        maxBatchBytes: 32 * 1024 * 1024,
      },
    );

    const ids = Array.from({ length: 10 }, () => {
      const span = client.startSpan({ name: "large", input: "x".repeat(1_000_000) });
      span.end();
      return span.id;
    });
    const report = await client.flush();

    expect(report).toMatchObject({ isAllDelivered: true, delivered: 10 });
    expectTakenOnce(server, ids);
    expect(server.requests.length).toBeGreaterThan(3);
    expect(server.requests.filter(({ body }) => body.length > 3_500_000)).toEqual([]);
  });

  it("sends of an answer per event only what failed for now again, and refuses what failed for good", async () => {
    const { server, client, lines } = await faults.start(always(HEALTHY), {
      protocol: "ingestion",
    });
    const perItem: Fault = {
      kind: "per item",
      judge: ({ name, type }) => {
        if (type === "trace-create") return { status: 201 };
        if (name === "span 3") return { status: 500, message: "Internal Server Error" };
        if (name === "span 7") return { status: 400, message: "Invalid request data" };
        return { status: 201 };
      },
    };
    server.script = (index) => (index === 0 ? perItem : HEALTHY);

    const ids = traceSpans(client, 10);
    const report = await client.flush();

    expect(report).toMatchObject({ isComplete: true, delivered: 9, rejected: 1, pending: 0 });
    expectTakenOnce(
      server,
      ids.filter((_, index) => index !== 7),
    );
    expect(server.batches[1]?.map(({ name }) => name)).toEqual(["span 3"]);
    expect(lines()).toEqual(
      expect.arrayContaining([
        expect.stringContaining(`The endpoint refused span ${ids[7]} `),
        expect.stringContaining("Cannot deliver spans: HTTP 500: Internal Server Error."),
      ]),
    );
    expect(lines()).toHaveLength(2);
  });

  it("sends a span again when the event about its trace failed for now, and no other span", async () => {
    const failedTraces = new Set<string>();
    const { server, client } = await faults.start(
      (index) => ({
        kind: "per item",
        judge: ({ id, type }) => {
          if (index > 0 || type !== "trace-create" || failedTraces.size > 0) return { status: 201 };
          failedTraces.add(id);
          return { status: 500 };
        },
      }),
      { protocol: "ingestion" },
    );

    const ids = traceSpans(client, 10);
    const report = await client.flush();

    expect(report).toMatchObject({ isAllDelivered: true, delivered: 10 });
    expectTaken(server, ids);
    expect(server.batches.map((batch) => batch.length)).toEqual([10, 1]);
    expect(server.batches[1]?.map(({ traceId }) => traceId)).toEqual([...failedTraces]);
  });

  it("keeps the spans and says which protocol to set when a Langfuse v4 refuses legacy events; its scores arrive", async () => {
    const { server, client, lines } = await faults.start(V4_SERVER, { protocol: "ingestion" });

    traceSpans(client, 10);
    client.createScore({ id: "score-1", name: "quality", value: 1, sessionId: "s" });
    const report = await client.flush();

    expect(report).toMatchObject({ isComplete: false, delivered: 0, rejected: 0, pending: 10 });
    expect(report.scores).toMatchObject({ delivered: 1 });
    expectTakenOnce(server, ["score-1"]);
    expect(lines()).toEqual([
      expect.stringMatching(/Langfuse v4 .*Set protocol to "otlp" or "auto"/),
    ]);
  });
});

describe("protocol: auto", () => {
  it("goes over to the legacy batch where the server has no OTLP path, says so once, and asks no more", async () => {
    const { server, client, lines } = await faults.start(OLDER_SERVER);

    const ids = traceSpans(client, 10);
    await client.flush();
    ids.push(...traceSpans(client, 10));
    const report = await client.flush();

    expect(report).toMatchObject({ isAllDelivered: true, delivered: 20 });
    expectTakenOnce(server, ids);
    expect(server.requests.map(({ path }) => path)).toEqual([
      OTLP_PATH,
      INGESTION_PATH,
      INGESTION_PATH,
    ]);
    expect(lines()).toEqual([expect.stringMatching(/has no OTLP path .*legacy protocol/)]);
  });

  it("loses nothing when the older server fails while it is found out", async () => {
    let legacyCount = 0;
    const { server, client } = await faults.start((_, path) => {
      if (path !== INGESTION_PATH) return { kind: "answer", status: 404 };
      legacyCount += 1;
      return legacyCount <= 2 ? { kind: "answer", status: 503 } : HEALTHY;
    });

    const ids = traceSpans(client, 100);
    const report = await client.flush();

    expect(report).toMatchObject({ isAllDelivered: true, delivered: 100 });
    expectTakenOnce(server, ids);
  });

  it("uses OTLP for spans and the legacy path for scores with a Langfuse v4", async () => {
    const { server, client, lines } = await faults.start(V4_SERVER);

    const ids = traceSpans(client, 10);
    client.createScore({ id: "score-1", name: "quality", value: 1, sessionId: "s" });
    const report = await client.flush();

    expect(report).toMatchObject({ isAllDelivered: true, delivered: 10, scores: { delivered: 1 } });
    expectTakenOnce(server, [...ids, "score-1"]);
    expect(lines()).toEqual([]);
  });
});

describe("an OpenTelemetry collector", () => {
  it("gets the spans at the address given, with the headers given", async () => {
    const server = await faults.startServer();
    const { client, lines } = await faults.start(always(HEALTHY), {
      baseUrl: undefined,
      endpoint: `${server.url}/v1/traces`,
      headers: { "x-tenant": "blue" },
    });

    const ids = traceSpans(client, 10);
    const report = await client.flush();

    expect(report).toMatchObject({ isAllDelivered: true, delivered: 10 });
    expectTakenOnce(server, ids);
    const [request] = server.requests;
    expect(request?.path).toBe("/v1/traces");
    expect(request?.headers).toMatchObject({
      "x-tenant": "blue",
      "content-type": "application/x-protobuf",
    });
    expect(request?.headers).not.toHaveProperty("authorization");
    expect(lines()).toEqual([]);
  });

  it("gets no scores, which count as rejected and are named in one line", async () => {
    const server = await faults.startServer();
    const { client, lines } = await faults.start(always(HEALTHY), {
      baseUrl: undefined,
      endpoint: `${server.url}/v1/traces`,
    });

    for (let index = 0; index < 3; index += 1) {
      client.createScore({ name: "quality", value: index, sessionId: "s" });
    }
    const report = await client.flush();

    expect(report.scores).toMatchObject({ offered: 3, rejected: 3, pending: 0 });
    expect(server.requests).toEqual([]);
    expect(lines()).toEqual([expect.stringMatching(/takes no scores: give baseUrl/)]);
  });
});

describe("several targets", () => {
  it("delivers everything to the one that lives while another is dead or never answers", async () => {
    const live = await faults.startServer();
    const silent = await faults.startServer(always({ kind: "stall" }));
    const dead = await faults.startServer();
    await dead.goDown();
    const { client } = await faults.start(always(HEALTHY), {
      baseUrl: undefined,
      timeoutMs: 1_000,
      flushIntervalMs: 10,
      maxQueueBytes: 1024 * 1024,
      targets: [
        { name: "dead", baseUrl: dead.url },
        { name: "silent", baseUrl: silent.url },
        { name: "live", baseUrl: live.url },
      ],
    });

    const ids = traceSpans(client, 1_000);
    const report = await client.flush({ timeoutMs: 500 });

    expectTakenOnce(live, ids);
    expect(report.isComplete).toBe(false);
    expect(
      client.stats().targets.map(({ name, offered, delivered, pending, dropped }) => ({
        name,
        offered,
        delivered,
        left: pending + dropped,
      })),
    ).toEqual([
      { name: "dead", offered: 1_000, delivered: 0, left: 1_000 },
      { name: "silent", offered: 1_000, delivered: 0, left: 1_000 },
      { name: "live", offered: 1_000, delivered: 1_000, left: 0 },
    ]);
  });

  it("delivers to the dead one, too, when it is back", async () => {
    const live = await faults.startServer();
    const dead = await faults.startServer();
    await dead.goDown();
    const { client } = await faults.start(always(HEALTHY), {
      baseUrl: undefined,
      targets: [{ baseUrl: dead.url }, { baseUrl: live.url }],
    });

    const ids = traceSpans(client, 100);
    await client.flush({ timeoutMs: 200 });
    await dead.comeBack();
    const report = await client.flush();

    expect(report).toMatchObject({ isAllDelivered: true, offered: 200, delivered: 200 });
    expectTakenOnce(live, ids);
    expectTakenOnce(dead, ids);
  });

  it("sends to each what its predicate picks", async () => {
    const one = await faults.startServer();
    const other = await faults.startServer();
    const { client } = await faults.start(always(HEALTHY), {
      baseUrl: undefined,
      targets: [
        { baseUrl: one.url, route: ({ name }) => Number(name.slice(5)) % 2 === 0 },
        { baseUrl: other.url, route: ({ name }) => name === "span 7" },
      ],
    });

    const ids = traceSpans(client, 10);
    const report = await client.flush();

    expect(report).toMatchObject({ isAllDelivered: true, offered: 6, delivered: 6 });
    expectTakenOnce(
      one,
      ids.filter((_, index) => index % 2 === 0),
    );
    expectTakenOnce(other, [ids[7] ?? ""]);
  });
});

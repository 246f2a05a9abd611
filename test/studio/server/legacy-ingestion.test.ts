import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import type { PublicTraceWithDetails } from "../../../src/studio/api/public-types";
import { parseIngestionBatch } from "../../../src/studio/ingest/ingestion-batch";
import { EVENT_FOLD } from "../../../src/studio/ingest/legacy/fold-events";
import type { Studio } from "../../../src/studio/server";
import { MAX_BATCH_BYTES } from "../../../src/studio/server/limits";
import type { EventFold } from "../../../src/studio/store/ingestion-events";
import { openDatabase } from "../../../src/studio/store/open-database";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import { type Answer, get, openStudio, post } from "./running-studio";

const PATH = "/api/public/ingestion";

interface Event {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly body: Readonly<Record<string, unknown>>;
}

let nextId = 0;

/** @param second - of the envelope's time */
function event(type: string, second: number, body: Event["body"]): Event {
  const timestamp = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  return { id: `e${nextId++}`, type, timestamp, body };
}

const send = (studio: Studio, batch: readonly unknown[], headers = {}): Promise<Answer> =>
  post(studio, PATH, JSON.stringify({ batch }), headers);

/** The trace `t` after all events have come, one batch each. */
async function traceAfter(...events: readonly Event[]): Promise<PublicTraceWithDetails> {
  const studio = await openStudio();
  for (const one of events) expect((await send(studio, [one])).status).toBe(207);
  const { json } = await get(studio, "/api/public/traces/t");
  return json as PublicTraceWithDetails; // the route's own type; what is in it is asserted
}

async function observationAfter(...events: readonly Event[]) {
  const { observations } = await traceAfter(...events);
  return observations.find(({ id }) => id === "o");
}

describe("a trace of the legacy batch", () => {
  const create = event("trace-create", 0, {
    id: "t",
    timestamp: "2026-01-01T00:00:00.000Z",
    name: "chat",
    sessionId: "s",
    userId: "u",
    tags: ["b", "a"],
    metadata: { plan: { name: "pro", seats: 2 } },
    input: { q: 1 },
    release: "r",
    version: "v",
    environment: "Staging",
    public: true,
  });

  it("comes back as it was sent", async () => {
    expect(await traceAfter(create)).toMatchObject({
      id: "t",
      timestamp: "2026-01-01T00:00:00.000Z",
      name: "chat",
      sessionId: "s",
      userId: "u",
      tags: ["a", "b"],
      metadata: { plan: { name: "pro", seats: 2 } },
      input: { q: 1 },
      output: null,
      release: "r",
      version: "v",
      environment: "staging",
      public: true,
    });
  });

  it.each<[string, Event["body"], object]>([
    ["keeps what a later event does not say", { output: "bye" }, { name: "chat", output: "bye" }],
    ["loses what a later event takes back", { userId: null }, { userId: null }],
    ["unites tags", { tags: ["c", "a"] }, { tags: ["a", "b", "c"] }],
    [
      "merges metadata in depth",
      { metadata: { plan: { seats: 3 }, more: [1] } },
      { metadata: { plan: { name: "pro", seats: 3 }, more: [1] } },
    ],
    [
      "keeps metadata that is no object as such",
      { metadata: "x" },
      { metadata: { metadata: "x" } },
    ],
    ["keeps its input when a later one is empty", { input: "" }, { input: { q: 1 } }],
    ["takes a later input", { input: "later" }, { input: "later" }],
    ["is public only while each event says so", {}, { public: false }],
    ["keeps its environment", { environment: "other" }, { environment: "staging" }],
    [
      "keeps its time",
      { timestamp: "2027-01-01T00:00:00.000Z" },
      { timestamp: "2026-01-01T00:00:00.000Z" },
    ],
  ])("%s", async (_rule, body, expected) => {
    const later = event("trace-create", 1, { id: "t", ...body });
    expect(await traceAfter(create, later)).toMatchObject(expected);
    expect(await traceAfter(later, create)).toMatchObject(expected);
  });
});

describe("an observation of the legacy batch", () => {
  const trace = event("trace-create", 0, { id: "t", name: "chat", sessionId: "s", userId: "u" });
  const create = event("generation-create", 1, {
    id: "o",
    traceId: "t",
    name: "answer",
    startTime: "2026-01-01T00:00:01.000Z",
    completionStartTime: "2026-01-01T00:00:01.500Z",
    model: "gpt-4o",
    modelParameters: { temperature: 0.5, stop: ["x"] },
    input: [{ role: "user", content: "hi" }],
    promptName: "p",
    promptVersion: 3,
    version: "v1",
  });
  const update = (body: Event["body"]): Event =>
    event("generation-update", 2, { id: "o", traceId: "t", ...body });

  it("comes back as it was sent", async () => {
    const end = update({
      endTime: "2026-01-01T00:00:03.000Z",
      output: { content: "hello" },
      level: "WARNING",
      statusMessage: "slow",
      usageDetails: { input: 5, output: 3 },
      costDetails: { input: 0.25, output: 0.5 },
    });
    expect(await observationAfter(trace, create, end)).toMatchObject({
      id: "o",
      traceId: "t",
      type: "GENERATION",
      name: "answer",
      startTime: "2026-01-01T00:00:01.000Z",
      endTime: "2026-01-01T00:00:03.000Z",
      completionStartTime: "2026-01-01T00:00:01.500Z",
      model: "gpt-4o",
      modelParameters: { temperature: 0.5, stop: ["x"] },
      input: [{ role: "user", content: "hi" }],
      output: { content: "hello" },
      level: "WARNING",
      statusMessage: "slow",
      usageDetails: { input: 5, output: 3, total: 8 },
      costDetails: { input: 0.25, output: 0.5, total: 0.75 },
      promptName: "p",
      promptVersion: 3,
      version: "v1",
    });
  });

  it.each<[string, Event["body"], object]>([
    [
      "reads usage of OpenAI's older form",
      { usage: { promptTokens: 5, completionTokens: 3, totalTokens: 9 } },
      { usageDetails: { input: 5, output: 3, total: 9 } },
    ],
    [
      "reads usage with costs",
      { usage: { input: 5, output: 3, unit: "TOKENS", totalCost: 0.5 } },
      { usageDetails: { input: 5, output: 3, total: 8 }, costDetails: { total: 0.5 } },
    ],
    [
      "reads usage details of OpenAI's API",
      {
        usageDetails: {
          prompt_tokens: 10,
          completion_tokens: 8,
          total_tokens: 18,
          prompt_tokens_details: { cached_tokens: 4 },
        },
      },
      { usageDetails: { input: 6, input_cached_tokens: 4, output: 8, total: 18 } },
    ],
    [
      "keeps a record with other names as it is",
      { usageDetails: { prompt_tokens: 1, completion_tokens: 2, other: 3 } },
      { usageDetails: { prompt_tokens: 1, completion_tokens: 2, other: 3, total: 6 } },
    ],
    [
      "drops fractions and negatives",
      { usageDetails: { input: 1.5, output: -1, other: "4" } },
      { usageDetails: { other: 4, total: 4 } },
    ],
    [
      "keeps what an empty object says nothing of",
      { modelParameters: {} },
      { modelParameters: { temperature: 0.5, stop: ["x"] } },
    ],
    ["loses what null takes back", { model: null }, { model: null }],
    [
      "ends at its start when it ends before",
      { endTime: "2025-01-01T00:00:00.000Z" },
      { endTime: "2026-01-01T00:00:01.000Z" },
    ],
    [
      "keeps its start",
      { startTime: "2020-01-01T00:00:00.000Z" },
      { startTime: "2026-01-01T00:00:01.000Z" },
    ],
  ])("%s", async (_rule, body, expected) => {
    expect(await observationAfter(trace, create, update(body))).toMatchObject(expected);
  });

  it.each([
    ["span", "SPAN"],
    ["event", "EVENT"],
    ["generation", "GENERATION"],
    ["agent", "AGENT"],
    ["tool", "TOOL"],
    ["chain", "CHAIN"],
    ["retriever", "RETRIEVER"],
    ["evaluator", "EVALUATOR"],
    ["embedding", "EMBEDDING"],
    ["guardrail", "GUARDRAIL"],
  ])("made by %s-create is of that type, whatever updates it", async (name, type) => {
    const made = event(`${name}-create`, 1, { id: "o", traceId: "t" });
    const updated = event("span-update", 2, { id: "o", traceId: "t", output: 1 });
    expect(await observationAfter(made, updated)).toMatchObject({ type, output: 1 });
  });

  it("made by observation-create is of the type it names", async () => {
    const made = event("observation-create", 1, { id: "o", traceId: "t", type: "EVENT" });
    expect(await observationAfter(made)).toMatchObject({ type: "EVENT" });
  });

  it("moves to its trace when an update came first and did not name it", async () => {
    const early = event("generation-update", 2, { id: "o", output: "done" });
    const late = event("generation-create", 1, { id: "o", traceId: "t", name: "answer" });
    expect(await observationAfter(early, late)).toMatchObject({ name: "answer", output: "done" });
  });

  it("moves to the trace that it names later, and leaves none behind", async () => {
    const studio = await openStudio();
    await send(studio, [event("span-create", 1, { id: "o", name: "alone" })]);
    await send(studio, [event("span-update", 2, { id: "o", traceId: "t" })]);
    const { json } = await get(studio, "/api/studio/traces");
    expect(json).toMatchObject({ data: [{ id: "t" }], totalCount: 1 });
  });

  it("carries what its trace says, so that it is found by session and user", async () => {
    const studio = await openStudio();
    await send(studio, [create]);
    await send(studio, [trace]);
    const { json } = await get(studio, "/api/public/v2/observations?sessionId=s&userId=u");
    expect(json).toMatchObject({ data: [{ id: "o", parentObservationId: "t-t" }, { id: "t-t" }] });
  });
});

describe("the answer to a legacy batch", () => {
  it("names each envelope, with what is wrong with it", async () => {
    const studio = await openStudio();
    const good = event("span-create", 0, { id: "o", traceId: "t" });
    const log = event("sdk-log", 0, { log: "hello" });
    const unknown = event("dataset-run-item-create", 0, {});
    const halfPrompt = event("generation-create", 0, { id: "g", promptName: "p" });
    const noTime = { id: "late", type: "span-create", body: { id: "o" } };
    const { status, json } = await send(studio, [good, log, unknown, halfPrompt, noTime, 7]);
    expect(status).toBe(207);
    const refused = (id: string) => ({
      id,
      status: 400,
      message: "Invalid request data",
      error: expect.stringContaining('"path"'),
    });
    expect(json).toEqual({
      successes: [{ id: good.id, status: 201 }],
      errors: [refused(unknown.id), refused(halfPrompt.id), refused("late"), refused("unknown")],
    });
  });

  it.each([
    ["trace-create", { name: "n" }],
    ["score-create", { name: "n", value: 1, traceId: "t" }],
    ["observation-create", { type: "SPAN", traceId: "t" }],
  ])("says 201 to a %s without an id in its body, which leaves nothing", async (type, body) => {
    const studio = await openStudio();
    const given = event(type, 0, body);
    expect((await send(studio, [given])).json).toEqual({
      successes: [{ id: given.id, status: 201 }],
      errors: [],
    });
    expect((await get(studio, "/api/studio/traces")).json).toMatchObject({ totalCount: 0 });
  });

  it("is a 400 to what is no batch", async () => {
    const studio = await openStudio();
    expect(await post(studio, PATH, "{}")).toMatchObject({
      status: 400,
      json: { message: "Invalid request data", errors: [expect.any(String)] },
    });
    expect(await send(studio, [])).toMatchObject({
      status: 207,
      json: { successes: [], errors: [] },
    });
  });

  it("is a 400 as a whole beyond 25,000 events, whoever sends them", async () => {
    const studio = await openStudio({ publicKey: "pk", secretKey: "sk" });
    const keys = { authorization: `Basic ${btoa("pk:sk")}` };
    const log = event("sdk-log", 0, {});
    const [most, tooMany] = [25_000, 25_001].map((count) => Array(count).fill(log));
    expect(await send(studio, most ?? [], keys)).toMatchObject({
      status: 207,
      json: { successes: [], errors: [] },
    });
    for (const headers of [keys, { authorization: "Bearer pk" }]) {
      const { status, json } = await send(studio, tooMany ?? [], headers);
      expect(status).toBe(400);
      expect(json).toEqual({
        message: "Invalid request data",
        errors: ["Too big: expected array to have <=25000 items"],
      });
    }
  });

  it("is a 413 beyond 4.5 MiB, zipped or not", async () => {
    const studio = await openStudio();
    const large = JSON.stringify({ batch: [], metadata: "x".repeat(MAX_BATCH_BYTES) });
    const expected = { status: 413, text: "Body exceeded 4.5mb limit" };
    expect(await post(studio, PATH, large)).toMatchObject(expected);
    const zipped = new Uint8Array(gzipSync(large));
    const headers = { "content-encoding": "gzip" };
    expect(await post(studio, PATH, zipped, headers)).toMatchObject(expected);
  });

  it("takes gzip", async () => {
    const studio = await openStudio();
    const batch = [event("span-create", 0, { id: "o", traceId: "t", name: "zipped" })];
    const body = new Uint8Array(gzipSync(JSON.stringify({ batch })));
    expect((await post(studio, PATH, body, { "content-encoding": "gzip" })).status).toBe(207);
    expect((await get(studio, "/api/public/traces/t")).json).toMatchObject({ name: "zipped" });
  });

  it("lets the public key alone write scores and nothing else", async () => {
    const studio = await openStudio({ publicKey: "pk", secretKey: "sk" });
    const span = event("span-create", 0, { id: "o", traceId: "t" });
    const score = event("score-create", 0, { id: "i", name: "n", value: 1, traceId: "t" });
    const { status, json } = await send(studio, [span, score], { authorization: "Bearer pk" });
    expect(status).toBe(207);
    expect(json).toEqual({
      successes: [{ id: score.id, status: 201 }],
      errors: [
        { id: span.id, status: 401, message: "Authentication error", error: "Access Scope Denied" },
      ],
    });
  });
});

const fields = fc.record(
  {
    name: fc.option(fc.constantFrom("a", "b")),
    input: fc.constantFrom("", "x", null, { a: 1 }),
    metadata: fc.constantFrom({}, { a: { b: 1 } }, { a: { c: 2 } }, "text"),
    version: fc.option(fc.constantFrom("1", "2")),
  },
  { requiredKeys: [] },
);
const observation = fc.tuple(
  fc.constantFrom("span-create", "span-update", "generation-create", "generation-update"),
  fields,
  fc.record({ traceId: fc.constantFrom("t", "u") }, { requiredKeys: [] }),
  fc.constantFrom("o", "p"),
);
const ofTrace = fc.tuple(
  fc.constant("trace-create"),
  fields,
  fc.record(
    { sessionId: fc.option(fc.constantFrom("s", "r")), tags: fc.constantFrom(["a"], ["b"]) },
    { requiredKeys: [] },
  ),
  fc.constantFrom("t", "u"),
);

it("stores the same whatever the order of the events, their batches and their repetition", async () => {
  const shape = fc
    .array(fc.oneof(observation, ofTrace), { minLength: 1, maxLength: 7 })
    .map((given) =>
      given.map(([type, common, own, id], second) =>
        event(type, second, { id, ...common, ...own }),
      ),
    );
  const shuffled = shape.chain((events) =>
    fc.record({
      events: fc.constant(events),
      order: fc.shuffledSubarray(events, { minLength: events.length }),
      repeated: fc.subarray(events),
    }),
  );
  const contentAfter = async (batches: readonly (readonly Event[])[]): Promise<unknown> => {
    const store = await openSqliteStore(":memory:");
    for (const batch of batches) {
      const parsed = parseIngestionBatch(JSON.stringify({ batch }), 0);
      if (!parsed.isValid || parsed.reply.errors.length > 0) throw new Error("Expected a batch");
      store.putEvents(parsed.events, EVENT_FOLD);
    }
    const traces = store.listSessionlessTraces({ limit: 100 }).rows;
    const sessions = store.listSessions({ orderBy: "start", limit: 100 }).rows;
    const { rows } = store.listObservations({ limit: 100 });
    store.close();
    return { traces, sessions, rows };
  };
  await fc.assert(
    fc.asyncProperty(shuffled, async ({ events, order, repeated }) => {
      const expected = await contentAfter([events]);
      expect(await contentAfter([...order, ...repeated].map((one) => [one]))).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

it("writes the observations of a trace anew only when an event changes what they carry of it", async () => {
  const store = await openSqliteStore(":memory:");
  onTestFinished(() => store.close());
  const written: string[] = [];
  const fold: EventFold = {
    ...EVENT_FOLD,
    observation(...given) {
      const record = EVENT_FOLD.observation(...given);
      written.push(record.id);
      return record;
    },
  };
  const writtenFor = (...batch: readonly Event[]): string[] => {
    const parsed = parseIngestionBatch(JSON.stringify({ batch }), 0);
    if (parsed.isValid) store.putEvents(parsed.events, fold);
    return written.splice(0).sort();
  };
  const span = (id: string) => event("span-create", 0, { id, traceId: "t" });
  expect(writtenFor(span("a"), span("b"))).toEqual(["a", "b"]);
  expect(writtenFor(event("trace-create", 1, { id: "t" }))).toEqual(["a", "b"]);
  expect(
    writtenFor(event("trace-create", 2, { id: "t", output: "o", metadata: { m: 1 } })),
  ).toEqual([]);
  expect(writtenFor(event("trace-create", 3, { id: "t" }), span("c"))).toEqual(["c"]);
  expect(writtenFor(event("trace-create", 4, { id: "t", sessionId: "s" }))).toEqual([
    "a",
    "b",
    "c",
  ]);
  const { rows } = store.listObservations({ limit: 10 });
  expect(rows.map(({ id, sessionId, output }) => [id, sessionId, output]).sort()).toEqual([
    ["a", "s", null],
    ["b", "s", null],
    ["c", "s", null],
    ["t-t", "s", "o"],
  ]);
});

it("keeps the microseconds of the times of an observation and of a trace", async () => {
  const store = await openSqliteStore(":memory:");
  const batch = [
    event("trace-create", 0, { id: "t", timestamp: "2026-01-01T00:00:00.000007Z" }),
    event("generation-create", 0, {
      id: "o",
      traceId: "t",
      startTime: "2026-01-01T00:00:01.000250+00:00",
      completionStartTime: "2026-01-01T00:00:01.500001+00:00",
      endTime: "2026-01-01T00:00:02.999999+00:00",
    }),
  ];
  const parsed = parseIngestionBatch(JSON.stringify({ batch }), 0);
  if (parsed.isValid) store.putEvents(parsed.events, EVENT_FOLD);
  const { rows } = store.listObservations({ limit: 10 });
  store.close();
  const startUs = Date.UTC(2026, 0) * 1_000;
  expect(new Map(rows.map((row) => [row.id, row]))).toMatchObject(
    new Map<string, object>([
      ["t-t", { startUs: startUs + 7 }],
      [
        "o",
        {
          startUs: startUs + 1_000_250,
          completionStartUs: startUs + 1_500_001,
          endUs: startUs + 2_999_999,
        },
      ],
    ]),
  );
});

it("keeps no event of an observation or a trace that is deleted", async () => {
  const folder = mkdtempSync(join(tmpdir(), "playhead-legacy-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "studio.db");
  const store = await openSqliteStore(path);
  const batch = [
    event("trace-create", 0, { id: "t", input: "secret" }),
    event("span-create", 1, { id: "o", traceId: "t", input: "secret" }),
  ];
  const parsed = parseIngestionBatch(JSON.stringify({ batch }), 0);
  if (parsed.isValid) store.putEvents(parsed.events, EVENT_FOLD);
  store.close();
  const database = await openDatabase(path);
  const count = () => database.prepare("SELECT count(*) AS n FROM ingestion_events").get()?.["n"];
  expect(count()).toBe(2);
  database.exec("DELETE FROM observations WHERE trace_id = 't'");
  expect(count()).toBe(0);
  database.close();
});

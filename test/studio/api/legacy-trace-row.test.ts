import { Langfuse } from "langfuse";
import { describe, expect, it } from "vitest";
import type { Studio } from "../../../src/studio/server";
import { get, openStudio, post } from "../server/running-studio";

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

/** A trace with an own input, output and metadata, a span, and a failed generation below it. */
async function studioWithLegacyTrace(): Promise<Studio> {
  const studio = await openStudio();
  const event = (id: string, type: string, second: number, body: object) => ({
    id,
    type,
    timestamp: at(second),
    body,
  });
  const batch = [
    event("1", "trace-create", 0, {
      id: "t",
      timestamp: at(0),
      name: "chat",
      sessionId: "s",
      userId: "u",
      metadata: { plan: "pro" },
      input: { question: "why?" },
      output: "because",
    }),
    event("2", "span-create", 1, { id: "span", traceId: "t", name: "look up", startTime: at(1) }),
    event("3", "generation-create", 2, {
      id: "call",
      traceId: "t",
      parentObservationId: "span",
      name: "answer",
      startTime: at(2),
      endTime: at(4),
      level: "WARNING",
      usage: { input: 5, output: 3 },
    }),
  ];
  const { status } = await post(studio, "/api/public/ingestion", JSON.stringify({ batch }));
  expect(status).toBe(207);
  return studio;
}

const bodyOf = async (studio: Studio, path: string): Promise<unknown> =>
  (await get(studio, path)).json;

const filter = (...conditions: readonly object[]): string =>
  `filter=${encodeURIComponent(JSON.stringify(conditions))}`;

const OWN = [
  { id: "call", parentObservationId: "span" },
  { id: "span", parentObservationId: null },
];

describe("the row that a trace of the legacy batch has beside its observations", () => {
  it("is not in version 1 of the observations, and no parent there", async () => {
    const studio = await studioWithLegacyTrace();
    expect(await bodyOf(studio, "/api/public/observations")).toMatchObject({
      data: OWN,
      meta: { totalItems: 2 },
    });
    expect(await bodyOf(studio, "/api/public/observations/span")).toMatchObject({
      parentObservationId: null,
    });
    expect((await get(studio, "/api/public/observations/t-t")).status).toBe(404);
  });

  it.each([
    ["parentObservationId=t-t", []],
    ["parentObservationId=span", ["call"]],
    [
      filter({ type: "null", column: "parentObservationId", operator: "is null", value: "" }),
      ["span"],
    ],
    [
      filter({ type: "boolean", column: "isRootObservation", operator: "=", value: true }),
      ["span"],
    ],
    [
      filter({ type: "boolean", column: "isRootObservation", operator: "=", value: false }),
      ["call"],
    ],
    [filter({ type: "string", column: "name", operator: "=", value: "chat" }), []],
  ])("is not found there by %s", async (query, ids) => {
    const studio = await studioWithLegacyTrace();
    const page = await bodyOf(studio, `/api/public/observations?${query}`);
    expect(page).toMatchObject({
      data: ids.map((id) => ({ id })),
      meta: { totalItems: ids.length },
    });
  });

  it("gives its trace what it says, and is none of its observations", async () => {
    const studio = await studioWithLegacyTrace();
    const says = {
      id: "t",
      name: "chat",
      input: { question: "why?" },
      output: "because",
      metadata: { plan: "pro" },
      latency: 4,
    };
    const trace = await bodyOf(studio, "/api/public/traces/t");
    expect(trace).toMatchObject({ ...says, observations: [...OWN].reverse() });
    const list = await bodyOf(studio, "/api/public/traces");
    expect(list).toMatchObject({ data: [{ ...says, observations: ["span", "call"] }] });
    const session = await bodyOf(studio, "/api/public/sessions/s");
    expect(session).toMatchObject({ traces: [{ id: "t", input: { question: "why?" } }] });
  });

  it.each([
    [{ type: "number", column: "defaultCount", operator: "=", value: 1 }, 1],
    [{ type: "number", column: "defaultCount", operator: "=", value: 2 }, 0],
    [{ type: "number", column: "warningCount", operator: "=", value: 1 }, 1],
    [{ type: "string", column: "level", operator: "=", value: "WARNING" }, 1],
    [{ type: "stringObject", column: "metadata", key: "plan", operator: "=", value: "pro" }, 1],
  ])("is not counted in a filter of traces: %j finds %i", async (condition, totalItems) => {
    const studio = await studioWithLegacyTrace();
    const page = await bodyOf(studio, `/api/public/traces?${filter(condition)}`);
    expect(page).toMatchObject({ meta: { totalItems } });
  });

  it("is the root in version 2 of the observations, with the trace's input and metadata", async () => {
    const studio = await studioWithLegacyTrace();
    const fields = "fields=core,basic,io,metadata";
    const roots = await bodyOf(
      studio,
      `/api/public/v2/observations?isRootObservation=true&${fields}`,
    );
    expect(roots).toMatchObject({
      data: [
        {
          id: "t-t",
          parentObservationId: null,
          name: "chat",
          sessionId: "s",
          input: '{"question":"why?"}',
          output: "because",
          metadata: { plan: "pro" },
        },
      ],
    });
    const below = await bodyOf(studio, "/api/public/v2/observations?parentObservationId=t-t");
    expect(below).toMatchObject({ data: [{ id: "span", parentObservationId: "t-t" }] });
  });

  it("is the first step of the replay and of the trace's page, which lose nothing of it", async () => {
    const studio = await studioWithLegacyTrace();
    const steps = [
      { id: "t-t", parentId: null, name: "chat" },
      { id: "span", parentId: "t-t" },
      { id: "call", parentId: "span" },
    ];
    expect(await bodyOf(studio, "/api/studio/session-outline?id=s")).toMatchObject({
      session: { observationCount: 3, traceCount: 1, firstMessage: "why?", tokens: { total: 8 } },
      turns: [{ traceId: "t", observationCount: 3, steps }],
    });
    const says = { input: { question: "why?" }, output: "because", metadata: { plan: "pro" } };
    expect(await bodyOf(studio, "/api/studio/turns?id=t")).toMatchObject({
      data: [{ ...says, observations: steps }],
    });
    expect(await bodyOf(studio, "/api/studio/trace-outline?id=t")).toMatchObject({
      ...says,
      rootId: "t-t",
      steps,
    });
  });
});

it("shows langfuse 3 the observations that it made, and no other", async () => {
  const studio = await openStudio();
  const client = new Langfuse({ baseUrl: studio.url, publicKey: "any", secretKey: "any" });
  const trace = client.trace({ id: "t", name: "chat", input: "hello", sessionId: "s" });
  const span = trace.span({ id: "span", name: "look up" });
  span.generation({ id: "call", name: "answer", model: "gpt-4o" }).end({ output: "hi" });
  span.end();
  trace.update({ output: "hi" });
  await client.flushAsync();

  const { data } = await client.fetchTrace("t");
  expect([data.input, data.output]).toEqual(["hello", "hi"]);
  const parents = data.observations.map((one) => [one.id, one.parentObservationId]).sort();
  expect(parents).toEqual([
    ["call", "span"],
    ["span", null],
  ]);
  const { meta } = await client.fetchObservations({ traceId: "t" });
  expect(meta.totalItems).toBe(2);
  await client.shutdownAsync();
});

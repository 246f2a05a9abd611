import { describe, expect, it } from "vitest";
import { sessionApiPath, traceApiPath } from "../../../src/studio/api/paths";
import type { SessionList, TraceList } from "../../../src/studio/api/types";
import { get, OTLP_PATH, openStudio, post } from "../server/running-studio";
import { type JsonSpan, otlpJson } from "../server/spans";

const TURN: readonly JsonSpan[] = [
  {
    traceId: "t1",
    spanId: "root",
    name: "chat",
    attributes: {
      "session.id": "s",
      "user.id": "u",
      "langfuse.observation.input": '[{"role":"user","content":"Where is my order?"}]',
      "langfuse.observation.output": "On its way.",
      "langfuse.trace.metadata.plan": "pro",
    },
  },
  {
    traceId: "t1",
    spanId: "call",
    parentSpanId: "root",
    name: "answer",
    startTimeUnixNano: "1763806800100000500",
    endTimeUnixNano: "1763806800600500000",
    status: { code: 2, message: "rate limited" },
    attributes: {
      "session.id": "s",
      "langfuse.observation.type": "generation",
      "langfuse.observation.model.name": "gpt-4o",
      "langfuse.observation.usage_details": '{"input":10,"output":5}',
      "langfuse.observation.cost_details": '{"total":0.5}',
      "langfuse.observation.completion_start_time": "2025-11-22T10:20:00.200Z",
      "langfuse.observation.metadata.attempt": 1,
    },
  },
];

const SUMMARY = {
  id: "s",
  firstMessage: "Where is my order?",
  userIds: ["u"],
  traceCount: 1,
  observationCount: 2,
  startedAt: "2025-11-22T10:20:00.000000Z",
  endedAt: "2025-11-22T10:20:01.000000Z",
  durationMs: 1000,
  models: ["gpt-4o"],
  tokens: { input: 10, output: 5, total: 15 },
  totalCost: 0.5,
  errorCount: 1,
  tags: [],
  environments: ["default"],
  scores: [
    { name: "helpful", dataType: "BOOLEAN", count: 1, mean: 1 },
    { name: "helpful", dataType: "NUMERIC", count: 1, mean: 0 },
    {
      name: "tone",
      dataType: "CATEGORICAL",
      count: 1,
      categories: [{ value: "warm", count: 1 }],
    },
  ],
  isBookmarked: false,
};

async function studioWithTurn() {
  const studio = await openStudio();
  await post(studio, OTLP_PATH, otlpJson(...TURN));
  for (const score of [
    { id: "1", traceId: "t1", name: "helpful", value: 1, dataType: "BOOLEAN" },
    { id: "2", sessionId: "s", name: "helpful", value: 0 },
    { id: "3", traceId: "t1", observationId: "call", name: "tone", value: "warm" },
  ]) {
    await post(studio, "/api/public/scores", JSON.stringify(score));
  }
  return studio;
}

describe("GET /api/studio/sessions", () => {
  it("sums up each session", async () => {
    const studio = await studioWithTurn();
    expect((await get(studio, "/api/studio/sessions")).json).toEqual({
      data: [SUMMARY],
      totalCount: 1,
    });
  });

  it("is ordered by last activity and goes on with the cursor", async () => {
    const studio = await openStudio();
    for (const second of [1, 3, 2]) {
      const span = {
        traceId: `t${second}`,
        endTimeUnixNano: `176380680${second}000000000`,
        attributes: { "session.id": `s${second}` },
      };
      await post(studio, OTLP_PATH, otlpJson(span));
    }
    const first = (await get(studio, "/api/studio/sessions?limit=2")).json as SessionList;
    expect(first.data.map(({ id }) => id)).toEqual(["s3", "s2"]);
    expect(first.totalCount).toBe(3);
    const second = await get(studio, `/api/studio/sessions?limit=2&cursor=${first.nextCursor}`);
    expect((second.json as SessionList).data.map(({ id }) => id)).toEqual(["s1"]);
    expect((second.json as SessionList).nextCursor).toBeUndefined();
  });
});

describe("GET /api/studio/sessions/{id}", () => {
  it("gives the whole conversation", async () => {
    const studio = await studioWithTurn();
    const { json } = await get(studio, "/api/studio/sessions/s");
    const score = {
      comment: null,
      source: "API",
      configId: null,
      timestamp: expect.stringMatching(/^\d{4}-.*\d{6}Z$/),
    };
    expect(json).toEqual({
      session: SUMMARY,
      scores: [
        {
          ...score,
          id: "2",
          name: "helpful",
          dataType: "NUMERIC",
          value: 0,
          traceId: null,
          observationId: null,
          sessionId: "s",
        },
      ],
      turns: [
        {
          traceId: "t1",
          sessionId: "s",
          name: "chat",
          userId: "u",
          tags: [],
          environment: "default",
          version: null,
          release: null,
          metadata: { plan: "pro" },
          startedAt: "2025-11-22T10:20:00.000000Z",
          endedAt: "2025-11-22T10:20:01.000000Z",
          durationMs: 1000,
          input: [{ role: "user", content: "Where is my order?" }],
          output: "On its way.",
          level: "DEFAULT",
          statusMessage: null,
          tokens: { input: 10, output: 5, total: 15 },
          totalCost: 0.5,
          errorCount: 1,
          scores: [
            {
              ...score,
              id: "1",
              name: "helpful",
              dataType: "BOOLEAN",
              value: true,
              traceId: "t1",
              observationId: null,
              sessionId: null,
            },
            {
              ...score,
              id: "3",
              name: "tone",
              dataType: "CATEGORICAL",
              value: "warm",
              traceId: "t1",
              observationId: "call",
              sessionId: null,
            },
          ],
          observations: [
            expect.objectContaining({ id: "root", parentId: null, startOffsetMs: 0 }),
            {
              id: "call",
              parentId: "root",
              type: "generation",
              name: "answer",
              startedAt: "2025-11-22T10:20:00.100000Z",
              startOffsetMs: 100,
              durationMs: 500.5,
              timeToFirstTokenMs: 100,
              level: "ERROR",
              statusMessage: "rate limited",
              model: "gpt-4o",
              modelParameters: {},
              usageDetails: { input: 10, output: 5, total: 15 },
              costDetails: { total: 0.5 },
              tokens: { input: 10, output: 5, total: 15 },
              totalCost: 0.5,
              promptName: null,
              promptVersion: null,
              input: null,
              output: null,
              metadata: { attempt: 1 },
              exceptions: [],
            },
          ],
        },
      ],
    });
  });

  it("answers 404 for an unknown session", async () => {
    const studio = await openStudio();
    expect(await get(studio, "/api/studio/sessions/nope")).toMatchObject({
      status: 404,
      json: { message: "No session with this id" },
    });
  });
});

describe("an id that URLs take for a step between folders", () => {
  it.each([".", ".."])("%s is found by the path that paths.ts gives for it", async (id) => {
    const studio = await openStudio();
    const span = { traceId: id, attributes: { "session.id": id } };
    await post(studio, OTLP_PATH, otlpJson(span));
    expect((await get(studio, sessionApiPath(id))).json).toMatchObject({ session: { id } });
    expect((await get(studio, traceApiPath(id))).json).toMatchObject({ traceId: id });
  });

  it.each(["session", "trace"])("has to be given to /api/studio/%s", async (kind) => {
    const studio = await openStudio();
    expect((await get(studio, `/api/studio/${kind}`)).status).toBe(400);
    expect((await get(studio, `/api/studio/${kind}?id=`)).status).toBe(400);
    expect((await get(studio, `/api/studio/${kind}?id=nope`)).status).toBe(404);
  });
});

describe("GET /api/studio/traces", () => {
  it("lists the traces without a session, newest first, page by page", async () => {
    const studio = await studioWithTurn();
    const spans = ["a", "b", "c"].map((traceId, index) => ({
      traceId,
      startTimeUnixNano: `176380690${index}000000000`,
      endTimeUnixNano: `176380690${index}250000000`,
      attributes: { "langfuse.observation.input": `question ${traceId}` },
    }));
    await post(studio, OTLP_PATH, otlpJson(...spans));
    const first = (await get(studio, "/api/studio/traces?limit=2")).json as TraceList;
    expect(first.totalCount).toBe(3);
    expect(first.data.map(({ id }) => id)).toEqual(["c", "b"]);
    const second = await get(studio, `/api/studio/traces?limit=2&cursor=${first.nextCursor}`);
    expect(second.json).toEqual({
      totalCount: 3,
      data: [
        {
          id: "a",
          name: "observation",
          firstMessage: "question a",
          userId: null,
          startedAt: "2025-11-22T10:21:40.000000Z",
          durationMs: 250,
          observationCount: 1,
          models: [],
          tokens: { input: 0, output: 0, total: 0 },
          totalCost: null,
          errorCount: 0,
        },
      ],
    });
  });
});

describe("GET /api/studio/traces/{id}", () => {
  it("takes input and output of the earliest top observation while the root is missing", async () => {
    const studio = await openStudio();
    const child = {
      spanId: "child",
      parentSpanId: "root",
      attributes: { "langfuse.observation.input": "inner" },
    };
    await post(studio, OTLP_PATH, otlpJson(child));
    expect((await get(studio, "/api/studio/traces/t")).json).toMatchObject({ input: "inner" });

    const root = { spanId: "root", attributes: { "langfuse.observation.input": "outer" } };
    await post(studio, OTLP_PATH, otlpJson(root));
    expect((await get(studio, "/api/studio/traces/t")).json).toMatchObject({ input: "outer" });
  });

  it("answers 404 for an unknown trace", async () => {
    const studio = await openStudio();
    expect((await get(studio, "/api/studio/traces/nope")).status).toBe(404);
  });
});

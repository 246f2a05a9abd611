import { describe, expect, it } from "vitest";
import { version } from "../../../package.json";
import type {
  PublicObservationV2List,
  PublicSessionList,
} from "../../../src/studio/api/public-types";
import type { Studio } from "../../../src/studio/server";
import { get, OTLP_PATH, openStudio, post } from "../server/running-studio";
import { type JsonSpan, otlpJson } from "../server/spans";

const ROOT: JsonSpan = {
  traceId: "t1",
  spanId: "root",
  name: "chat",
  attributes: {
    "session.id": "s",
    "user.id": "u",
    "langfuse.trace.tags": "a,b",
    "langfuse.trace.metadata.plan": "pro",
    "langfuse.trace.public": true,
    "langfuse.release": "r1",
    "langfuse.version": "v1",
    "langfuse.environment": "prod",
    "langfuse.observation.input": '{"question":"why?"}',
    "langfuse.observation.output": "because",
    "langfuse.internal.is_app_root": true,
  },
};

const CALL: JsonSpan = {
  traceId: "t1",
  spanId: "call",
  parentSpanId: "root",
  name: "answer",
  startTimeUnixNano: "1763806800100000000",
  endTimeUnixNano: "1763806800900000000",
  attributes: {
    "session.id": "s",
    "langfuse.environment": "prod",
    "langfuse.observation.type": "generation",
    "langfuse.observation.model.name": "gpt-4o",
    "langfuse.observation.model.parameters": '{"temperature":0.5}',
    "langfuse.observation.usage_details": '{"input":10,"output":5}',
    "langfuse.observation.cost_details": '{"input":0.25,"output":0.5}',
    "langfuse.observation.completion_start_time": '"2025-11-22T10:20:00.350Z"',
    "langfuse.observation.prompt.name": "support",
    "langfuse.observation.prompt.version": 3,
    "langfuse.observation.metadata.attempt": 1,
    "langfuse.observation.input": "[1]",
  },
};

async function studioWith(...spans: readonly JsonSpan[]): Promise<Studio> {
  const studio = await openStudio();
  expect((await post(studio, OTLP_PATH, otlpJson(...spans))).status).toBe(200);
  return studio;
}

const TRACE = {
  id: "t1",
  externalId: null,
  timestamp: "2025-11-22T10:20:00.000Z",
  name: "chat",
  userId: "u",
  metadata: { plan: "pro" },
  release: "r1",
  version: "v1",
  projectId: "playhead",
  environment: "prod",
  public: true,
  bookmarked: false,
  tags: ["a", "b"],
  input: { question: "why?" },
  output: "because",
  sessionId: "s",
  createdAt: "2025-11-22T10:20:00.000Z",
  updatedAt: "2025-11-22T10:20:01.000Z",
};

describe("GET /api/public/health and /projects", () => {
  it("say that the studio is up, and name its one project", async () => {
    const studio = await openStudio();
    expect((await get(studio, "/api/public/health")).json).toEqual({ status: "OK", version });
    expect((await get(studio, "/api/public/projects")).json).toEqual({
      data: [
        {
          id: "playhead",
          name: "playhead",
          organization: { id: "playhead", name: "playhead" },
          metadata: {},
        },
      ],
    });
  });
});

describe("GET /api/public/sessions", () => {
  const sessions = [0, 1, 2].map(
    (index): JsonSpan => ({
      traceId: `t${index}`,
      startTimeUnixNano: `17638068${index}0000000000`,
      endTimeUnixNano: `17638068${index}5000000000`,
      attributes: {
        "session.id": `s${index}`,
        "langfuse.environment": index === 0 ? "dev" : "prod",
      },
    }),
  );
  const ids = ({ json }: { json: unknown }) => (json as PublicSessionList).data.map(({ id }) => id);

  it("lists sessions, newest first, page by page", async () => {
    const studio = await studioWith(...sessions);
    expect((await get(studio, "/api/public/sessions?limit=2")).json).toEqual({
      data: [
        {
          id: "s2",
          createdAt: "2025-11-22T10:20:20.000Z",
          projectId: "playhead",
          environment: "prod",
        },
        {
          id: "s1",
          createdAt: "2025-11-22T10:20:10.000Z",
          projectId: "playhead",
          environment: "prod",
        },
      ],
      meta: { page: 1, limit: 2, totalItems: 3, totalPages: 2 },
    });
    expect(ids(await get(studio, "/api/public/sessions?limit=2&page=2"))).toEqual(["s0"]);
    expect(ids(await get(studio, "/api/public/sessions?page=3"))).toEqual([]);
  });

  it("filters by start and by any of several environments", async () => {
    const studio = await studioWith(...sessions);
    const list = async (query: string) => ids(await get(studio, `/api/public/sessions?${query}`));
    expect(await list("environment=dev")).toEqual(["s0"]);
    expect(await list("environment=dev&environment=prod")).toEqual(["s2", "s1", "s0"]);
    expect(await list("fromTimestamp=2025-11-22T10:20:10.000Z")).toEqual(["s2", "s1"]);
    expect(await list("toTimestamp=2025-11-22T12:20:10%2B02:00")).toEqual(["s0"]);
  });

  it("gives a session with its traces, oldest first", async () => {
    const studio = await studioWith(
      {
        traceId: "later",
        startTimeUnixNano: "1763806900000000000",
        endTimeUnixNano: "1763806900000000000",
        attributes: { "session.id": "s" },
      },
      ROOT,
      CALL,
    );
    const { json } = await get(studio, "/api/public/sessions/s");
    expect(json).toEqual({
      id: "s",
      createdAt: "2025-11-22T10:20:00.000Z",
      projectId: "playhead",
      environment: "default",
      traces: [TRACE, expect.objectContaining({ id: "later" })],
    });
  });

  it("finds a session whose id needs escaping", async () => {
    const id = "a/b c?d%é";
    const studio = await studioWith({ attributes: { "session.id": id } });
    const { json } = await get(studio, `/api/public/sessions/${encodeURIComponent(id)}`);
    expect(json).toMatchObject({ id });
  });

  it("does not know a session that nothing names", async () => {
    const studio = await openStudio();
    expect(await get(studio, "/api/public/sessions/nope")).toMatchObject({
      status: 404,
      json: { message: "Session not found within authorized project" },
    });
  });
});

describe("GET /api/public/traces/{id}", () => {
  it("gives a trace with observations and scores", async () => {
    const studio = await studioWith(ROOT, CALL);
    const score = {
      id: "i",
      traceId: "t1",
      observationId: "call",
      name: "ok",
      value: 1,
      dataType: "BOOLEAN",
    };
    await post(studio, "/api/public/scores", JSON.stringify(score));
    const { json } = await get(studio, "/api/public/traces/t1");
    expect(json).toMatchObject({
      ...TRACE,
      htmlPath: "/project/playhead/traces/t1",
      latency: 1,
      totalCost: 0.75,
      scores: [{ ...score, stringValue: "True", source: "API", projectId: "playhead" }],
      observations: [
        { id: "root", type: "SPAN", parentObservationId: null },
        {
          id: "call",
          traceId: "t1",
          type: "GENERATION",
          name: "answer",
          startTime: "2025-11-22T10:20:00.100Z",
          endTime: "2025-11-22T10:20:00.900Z",
          completionStartTime: "2025-11-22T10:20:00.350Z",
          parentObservationId: "root",
          input: [1],
          output: null,
          model: "gpt-4o",
          modelParameters: { temperature: 0.5 },
          usage: { unit: "TOKENS", input: 10, output: 5, total: 15 },
          usageDetails: { input: 10, output: 5, total: 15 },
          costDetails: { input: 0.25, output: 0.5, total: 0.75 },
          calculatedInputCost: 0.25,
          calculatedOutputCost: 0.5,
          calculatedTotalCost: 0.75,
          promptName: "support",
          promptVersion: 3,
          latency: 0.8,
          timeToFirstToken: 0.25,
          metadata: {
            attempt: 1,
            resourceAttributes: { "service.name": "shop" },
            scope: { name: "langfuse-sdk", version: "5.11.1", attributes: {} },
          },
        },
      ],
    });
  });

  it("does not know a trace without observations", async () => {
    const studio = await openStudio();
    expect((await get(studio, "/api/public/traces/nope")).status).toBe(404);
  });
});

describe("GET /api/public/v2/observations", () => {
  const rows = async (studio: Studio, query = "") => {
    const { json } = await get(studio, `/api/public/v2/observations?${query}`);
    return (json as PublicObservationV2List).data;
  };

  it("gives core and basic fields, newest first", async () => {
    const studio = await studioWith(ROOT, CALL);
    expect((await rows(studio))[1]).toEqual({
      id: "root",
      traceId: "t1",
      startTime: "2025-11-22T10:20:00.000Z",
      endTime: "2025-11-22T10:20:01.000Z",
      projectId: "playhead",
      parentObservationId: null,
      type: "SPAN",
      modelId: null,
      inputPrice: null,
      outputPrice: null,
      totalPrice: null,
      name: "chat",
      level: "DEFAULT",
      statusMessage: null,
      version: "v1",
      environment: "prod",
      bookmarked: false,
      public: true,
      userId: "u",
      sessionId: "s",
      isRootObservation: true,
    });
  });

  it.each([
    ["core", {}],
    ["io", { input: "[1]", output: null }],
    [
      "time",
      {
        completionStartTime: "2025-11-22T10:20:00.350Z",
        createdAt: "2025-11-22T10:20:00.100Z",
        updatedAt: "2025-11-22T10:20:00.900Z",
      },
    ],
    ["model", { model: "gpt-4o", internalModelId: null, modelParameters: { temperature: 0.5 } }],
    [
      "usage",
      {
        usageDetails: { input: 10, output: 5, total: 15 },
        costDetails: { input: 0.25, output: 0.5, total: 0.75 },
        totalCost: 0.75,
        usagePricingTierName: null,
      },
    ],
    ["prompt", { promptId: null, promptName: "support", promptVersion: 3 }],
    ["metrics", { latency: 0.8, timeToFirstToken: 0.25 }],
    ["trace_context", { tags: [], release: null, traceName: null }],
  ])("gives exactly the fields of the group %s", async (group, expected) => {
    const studio = await studioWith(CALL);
    const { id, traceId, startTime, endTime, projectId, parentObservationId, type, ...rest } =
      (await rows(studio, `fields=${group}`))[0] ?? {};
    const prices = { modelId: null, inputPrice: null, outputPrice: null, totalPrice: null };
    expect(rest).toEqual({ ...prices, ...expected });
    expect([id, traceId, startTime, endTime, projectId, parentObservationId, type]).toEqual([
      "call",
      "t1",
      "2025-11-22T10:20:00.100Z",
      "2025-11-22T10:20:00.900Z",
      "playhead",
      "root",
      "GENERATION",
    ]);
  });

  it.each([
    ["sessionId=s", ["call", "root"]],
    ["sessionId=other", []],
    ["userId=u", ["root"]],
    ["type=GENERATION", ["call"]],
    ["type=generation", ["call"]],
    ["name=chat", ["root"]],
    ["level=ERROR", []],
    ["traceId=t1&version=v1", ["root"]],
    ["parentObservationId=root", ["call"]],
    ["parentObservationId=", ["root"]],
    ["isRootObservation=true", ["root"]],
    ["isRootObservation=false", ["call"]],
    ["environment=dev&environment=prod", ["call", "root"]],
    ["fromStartTime=2025-11-22T10:20:00.100Z", ["call"]],
    ["toStartTime=2025-11-22T10:20:00.100Z", ["root"]],
    ["name=", ["call", "root"]],
    ["unknown=1", ["call", "root"]],
  ])("filters by %s", async (query, expected) => {
    const studio = await studioWith(ROOT, CALL);
    expect((await rows(studio, query)).map(({ id }) => id)).toEqual(expected);
  });

  it("goes on with the cursor, to the end", async () => {
    const studio = await studioWith(ROOT, CALL);
    const first = (await get(studio, "/api/public/v2/observations?limit=1"))
      .json as PublicObservationV2List;
    expect(first.data.map(({ id }) => id)).toEqual(["call"]);
    const query = `limit=1&cursor=${encodeURIComponent(first.meta.cursor ?? "")}`;
    const second = await get(studio, `/api/public/v2/observations?${query}`);
    expect(second.json).toMatchObject({ data: [{ id: "root" }], meta: {} });
    expect((second.json as PublicObservationV2List).meta.cursor).toBeUndefined();
  });
});

it.each([
  ["/api/public/sessions?limit=101", "limit"],
  ["/api/public/sessions?limit=0", "limit"],
  ["/api/public/sessions?page=x", "page"],
  ["/api/public/sessions?page=1&page=2", "page"],
  ["/api/public/sessions?fromTimestamp=yesterday", "fromTimestamp"],
  ["/api/public/v2/observations?limit=1001", "limit"],
  ["/api/public/v2/observations?fields=core,nope", "fields"],
  ["/api/public/v2/observations?type=NOPE", "type"],
  ["/api/public/v2/observations?level=loud", "level"],
  ["/api/public/v2/observations?isRootObservation=1", "isRootObservation"],
  ["/api/public/v2/observations?cursor=nope", "cursor"],
  ["/api/public/v2/observations?filter={}", "filter"],
  ["/api/public/v2/observations?parseIoAsJson=true", "parseIoAsJson"],
  ["/api/studio/traces?cursor=x", "cursor"],
])("answers 400 to %s and names the parameter", async (path, parameter) => {
  const studio = await openStudio();
  const answer = await get(studio, path);
  expect(answer.status).toBe(400);
  const { message, error } = answer.json as { message: string; error: { path: string[] }[] };
  expect(message).toBe("Invalid request data");
  expect(error.map(({ path: [name] }) => name)).toEqual([parameter]);
});

import { expect } from "vitest";
import type { ContractRow } from "../contract-row";

const META = { page: 1, limit: 50, totalItems: 3, totalPages: 1 };

const SESSION = {
  id: "s",
  createdAt: "2025-11-22T10:20:00.000Z",
  projectId: "playhead",
  environment: "dev",
};

const unset = {
  externalId: null,
  metadata: {},
  projectId: "playhead",
  public: false,
  bookmarked: false,
  release: null,
  version: null,
  input: null,
  output: null,
};

const T1 = {
  ...unset,
  id: "t1",
  timestamp: "2025-11-22T10:20:00.000Z",
  name: "chat",
  userId: "u",
  metadata: { plan: "pro" },
  release: "r1",
  version: "v1",
  environment: "prod",
  public: true,
  tags: ["a", "b"],
  input: { question: "why?" },
  output: "because",
  sessionId: "s",
  createdAt: "2025-11-22T10:20:00.000Z",
  updatedAt: "2025-11-22T10:20:01.000Z",
};
const T2 = {
  ...unset,
  id: "t2",
  timestamp: "2025-11-22T10:30:00.000Z",
  name: "find",
  userId: "w",
  release: "r2",
  environment: "dev",
  tags: ["a"],
  output: "Nothing found",
  sessionId: "s",
  createdAt: "2025-11-22T10:30:00.000Z",
  updatedAt: "2025-11-22T10:30:03.000Z",
};
const T3 = {
  ...unset,
  id: "t3",
  timestamp: "2025-11-22T10:40:00.000Z",
  name: "ping",
  userId: null,
  environment: "default",
  tags: [],
  sessionId: null,
  createdAt: "2025-11-22T10:40:00.000Z",
  updatedAt: "2025-11-22T10:40:00.000Z",
};

const listed = {
  t1: {
    ...T1,
    htmlPath: "/project/playhead/traces/t1",
    latency: 1,
    totalCost: 0.75,
    observations: ["root", "call"],
    scores: ["number", "boolean"],
  },
  t2: {
    ...T2,
    htmlPath: "/project/playhead/traces/t2",
    latency: 3,
    totalCost: 0,
    observations: ["search"],
    scores: ["category", "correction"],
  },
  t3: {
    ...T3,
    htmlPath: "/project/playhead/traces/t3",
    latency: 0,
    totalCost: 0,
    observations: ["ping"],
    scores: [],
  },
};

const filter = (...conditions: readonly object[]): string =>
  `filter=${encodeURIComponent(JSON.stringify(conditions))}`;

const gives = (path: string, query: string, ids: readonly string[]): ContractRow => ({
  section: "5",
  rule: `GET ${path}?${decodeURIComponent(query)} gives ${ids.join(", ") || "nothing"}`,
  request: `GET /api/public/${path}?${query}`,
  status: 200,
  ids,
});

const refuses = (path: string, query: string, problems: readonly string[]): ContractRow => ({
  section: "5",
  rule: `GET ${path}?${decodeURIComponent(query)} is refused`,
  request: `GET /api/public/${path}?${query}`,
  status: 400,
  problems,
});

/** What remains of a trace in the list when only these groups are asked for. */
const withGroups = (groups: string, part: object): ContractRow => ({
  section: "5",
  rule: `traces with the fields ${groups} leave the others empty`,
  request: `GET /api/public/traces?name=chat&fields=${groups}`,
  status: 200,
  body: {
    data: [
      {
        ...listed.t1,
        input: null,
        output: null,
        metadata: {},
        observations: [],
        scores: [],
        latency: -1,
        totalCost: -1,
        ...part,
      },
    ],
    meta: { ...META, totalItems: 1 },
  },
});

const SESSIONS: readonly ContractRow[] = [
  {
    section: "5",
    rule: "sessions are listed with their first environment",
    request: "GET /api/public/sessions",
    status: 200,
    body: { data: [SESSION], meta: { ...META, totalItems: 1 } },
  },
  gives("sessions", "limit=1&page=2", []),
  gives("sessions", "environment=prod", ["s"]),
  gives("sessions", "environment=default", []),
  gives("sessions", "environment=default&environment=dev", ["s"]),
  gives("sessions", "fromTimestamp=2025-11-22T10:20:00Z", ["s"]),
  gives("sessions", "fromTimestamp=2025-11-22T10:20:00.001Z", []),
  gives("sessions", "toTimestamp=2025-11-22T10:20:00Z", []),
  gives("sessions", "fromTimestamp=2025-11-22T12:20:00%2B02:00&other=1", ["s"]),
  refuses("sessions", "limit=101", ["limit"]),
  refuses("sessions", "page=0", ["page"]),
  refuses("sessions", "fromTimestamp=today", ["fromTimestamp"]),
  {
    section: "1",
    rule: "what is wrong with a parameter is said in Langfuse's words",
    request: "GET /api/public/sessions?limit=101&page=x",
    status: 400,
    body: {
      message: "Invalid request data",
      error: [
        {
          expected: "number",
          code: "invalid_type",
          received: "NaN",
          path: ["page"],
          message: "Invalid input: expected number, received NaN",
        },
        {
          origin: "number",
          code: "too_big",
          maximum: 100,
          inclusive: true,
          path: ["limit"],
          message: "Too big: expected number to be <=100",
        },
      ],
    },
  },
  {
    section: "5",
    rule: "a session has all of its traces, oldest first",
    request: "GET /api/public/sessions/s",
    status: 200,
    body: { ...SESSION, traces: [T1, T2] },
  },
  {
    section: "5",
    rule: "a session that nothing names is not found",
    request: "GET /api/public/sessions/nope",
    status: 404,
    body: {
      message: "Session not found within authorized project",
      error: "LangfuseNotFoundError",
    },
  },
];

const TRACES: readonly ContractRow[] = [
  {
    section: "5",
    rule: "traces are listed newest first, with ids of what is in them",
    request: "GET /api/public/traces",
    status: 200,
    body: { data: [listed.t3, listed.t2, listed.t1], meta: META },
  },
  {
    section: "5",
    rule: "traces are listed by pages",
    request: "GET /api/public/traces?limit=2&page=2",
    status: 200,
    body: { data: [listed.t1], meta: { page: 2, limit: 2, totalItems: 3, totalPages: 2 } },
  },
  withGroups("core", {}),
  withGroups("core,io", { input: T1.input, output: T1.output, metadata: T1.metadata }),
  withGroups("observations,scores", {
    observations: ["root", "call"],
    scores: ["number", "boolean"],
  }),
  withGroups("metrics", { latency: 1, totalCost: 0.75 }),
  gives("traces", "userId=u", ["t1"]),
  gives("traces", "name=find", ["t2"]),
  gives("traces", "sessionId=s", ["t2", "t1"]),
  gives("traces", "tags=a", ["t2", "t1"]),
  gives("traces", "tags=a&tags=b", ["t1"]),
  gives("traces", "environment=dev&environment=default", ["t3", "t2"]),
  gives("traces", "version=v1", ["t1"]),
  gives("traces", "release=r2", ["t2"]),
  gives("traces", "fromTimestamp=2025-11-22T10:30:00Z", ["t3", "t2"]),
  gives("traces", "toTimestamp=2025-11-22T10:30:00Z", ["t1"]),
  gives("traces", "orderBy=timestamp.asc", ["t1", "t2", "t3"]),
  gives("traces", "orderBy=name.asc", ["t1", "t2", "t3"]),
  gives("traces", "orderBy=userId.desc", ["t2", "t1", "t3"]),
  gives("traces", "orderBy=public.desc", ["t1", "t3", "t2"]),
  gives("traces", "name=&orderBy=id.desc", ["t3", "t2", "t1"]),
  refuses("traces", "orderBy=cost.asc", ["orderBy"]),
  refuses("traces", "orderBy=name.up", ["orderBy"]),
  refuses("traces", "limit=101", ["limit"]),
  refuses("traces", "fields=core,nope", ["fields"]),
  refuses("traces", filter({ type: "string", column: "nope", operator: "=", value: "" }), [
    "filter",
  ]),
];

const string = (column: string, operator: string, value: string): object => ({
  type: "string",
  column,
  operator,
  value,
});

const FILTERS: readonly ContractRow[] = [
  [["t2"], string("name", "=", "find")],
  [["t2", "t1"], string("sessionId", "=", "s")],
  [["t1"], { type: "datetime", column: "timestamp", operator: "<", value: "2025-11-22T10:30:00Z" }],
  [["t1"], { type: "number", column: "totalCost", operator: ">=", value: 0.75 }],
  [["t1"], { type: "number", column: "tokens", operator: "=", value: 15 }],
  [["t1"], { type: "number", column: "inputCost", operator: ">", value: 0 }],
  [["t2"], { type: "number", column: "latency", operator: ">", value: 1 }],
  [["t2"], { type: "number", column: "errorCount", operator: ">", value: 0 }],
  [["t1"], { type: "number", column: "defaultCount", operator: ">=", value: 2 }],
  [["t2"], string("level", "=", "ERROR")],
  [["t1"], { type: "arrayOptions", column: "tags", operator: "all of", value: ["a", "b"] }],
  [["t2", "t1"], { type: "arrayOptions", column: "tags", operator: "any of", value: ["a", "x"] }],
  [["t3"], { type: "arrayOptions", column: "tags", operator: "none of", value: ["a"] }],
  [["t1"], { type: "stringObject", column: "metadata", key: "plan", operator: "=", value: "pro" }],
  [["t1"], { type: "boolean", column: "public", operator: "=", value: true }],
  [[], { type: "boolean", column: "bookmarked", operator: "<>", value: false }],
  [["t3"], { type: "null", column: "userId", operator: "is null" }],
].map(([ids, condition]) =>
  gives("traces", `userId=nobody&${filter(condition as object)}`, ids as string[]),
);

const ONE_TRACE: readonly ContractRow[] = [
  {
    section: "5",
    rule: "a trace has its observations and scores, whole",
    request: "GET /api/public/traces/t2",
    status: 200,
    body: {
      ...listed.t2,
      observations: [
        {
          id: "search",
          traceId: "t2",
          projectId: "playhead",
          type: "TOOL",
          name: "search",
          startTime: "2025-11-22T10:30:00.000Z",
          endTime: "2025-11-22T10:30:03.000Z",
          completionStartTime: null,
          parentObservationId: null,
          level: "ERROR",
          statusMessage: "no hits",
          version: null,
          environment: "dev",
          input: null,
          output: "Nothing found",
          metadata: expect.objectContaining({
            scope: { name: "langfuse-sdk", version: "5.11.1", attributes: {} },
          }),
          model: null,
          modelId: null,
          modelParameters: {},
          usage: { unit: "TOKENS", input: 0, output: 0, total: 0 },
          usageDetails: {},
          costDetails: {},
          inputPrice: null,
          outputPrice: null,
          totalPrice: null,
          calculatedInputCost: null,
          calculatedOutputCost: null,
          calculatedTotalCost: null,
          promptId: null,
          promptName: null,
          promptVersion: null,
          latency: 3,
          timeToFirstToken: null,
          createdAt: "2025-11-22T10:30:00.000Z",
          updatedAt: "2025-11-22T10:30:03.000Z",
        },
      ],
      scores: [
        expect.objectContaining({ id: "category", stringValue: "good" }),
        expect.objectContaining({ id: "correction", stringValue: "better" }),
      ],
    },
  },
  {
    section: "5",
    rule: "a trace leaves empty what is not asked for",
    request: "GET /api/public/traces/t1?fields=core,metrics",
    status: 200,
    body: { ...listed.t1, input: null, output: null, metadata: {}, observations: [], scores: [] },
  },
  {
    section: "5",
    rule: "a trace that is not there is not found",
    request: "GET /api/public/traces/nope",
    status: 404,
    body: {
      message: "Trace nope not found within authorized project",
      error: "LangfuseNotFoundError",
    },
  },
];

export const SESSION_AND_TRACE_ROWS: readonly ContractRow[] = [
  ...SESSIONS,
  ...TRACES,
  ...FILTERS,
  ...ONE_TRACE,
];

import { expect } from "vitest";
import type { ContractRow } from "../contract-row";

const V1 = "/api/public/observations";
const V2 = "/api/public/v2/observations";

const CALL = {
  id: "call",
  traceId: "t1",
  projectId: "playhead",
  type: "GENERATION",
  name: "answer",
  startTime: "2025-11-22T10:20:00.100Z",
  endTime: "2025-11-22T10:20:00.900Z",
  completionStartTime: "2025-11-22T10:20:00.350Z",
  parentObservationId: "root",
  level: "DEFAULT",
  statusMessage: null,
  version: null,
  environment: "prod",
  input: [1],
  output: null,
  metadata: expect.objectContaining({ attempt: 1, note: "n".repeat(201) }),
  model: "gpt-4o",
  modelId: null,
  modelParameters: { temperature: 0.5 },
  usage: { unit: "TOKENS", input: 10, output: 5, total: 15 },
  usageDetails: { input: 10, output: 5, total: 15 },
  costDetails: { input: 0.25, output: 0.5, total: 0.75 },
  inputPrice: null,
  outputPrice: null,
  totalPrice: null,
  calculatedInputCost: 0.25,
  calculatedOutputCost: 0.5,
  calculatedTotalCost: 0.75,
  promptId: null,
  promptName: "support",
  promptVersion: 3,
  latency: 0.8,
  timeToFirstToken: 0.25,
  createdAt: "2025-11-22T10:20:00.100Z",
  updatedAt: "2025-11-22T10:20:00.900Z",
};

/** What the second version always shows. */
const CORE = {
  id: "call",
  traceId: "t1",
  startTime: CALL.startTime,
  endTime: CALL.endTime,
  projectId: "playhead",
  parentObservationId: "root",
  type: "GENERATION",
  modelId: null,
  inputPrice: null,
  outputPrice: null,
  totalPrice: null,
};

const ALL = ["ping", "search", "call", "root"];

const filter = (...conditions: readonly object[]): string =>
  `filter=${encodeURIComponent(JSON.stringify(conditions))}`;

const gives = (version: string, query: string, ids: readonly string[]): ContractRow => ({
  section: "5",
  rule: `GET ${version}?${decodeURIComponent(query)} gives ${ids.join(", ") || "nothing"}`,
  request: `GET ${version}?${query}`,
  status: 200,
  ids,
});

const refuses = (version: string, query: string, problem: string): ContractRow => ({
  section: "5",
  rule: `GET ${version}?${decodeURIComponent(query)} is refused`,
  request: `GET ${version}?${query}`,
  status: 400,
  problems: [problem],
});

/** Exactly what a group of fields adds. */
const group = (name: string, fields: object): ContractRow => ({
  section: "5",
  rule: `the fields ${name} are these`,
  request: `GET ${V2}?name=answer&fields=${name}`,
  status: 200,
  body: { data: [{ ...CORE, ...fields }], meta: {} },
});

const NUMBERED: readonly ContractRow[] = [
  {
    section: "5",
    rule: "version 1 shows all of an observation, by pages",
    request: `GET ${V1}?limit=2&page=2&traceId=`,
    status: 200,
    body: {
      data: [CALL, expect.objectContaining({ id: "root" })],
      meta: { page: 2, limit: 2, totalItems: 4, totalPages: 2 },
    },
  },
  {
    section: "5",
    rule: "version 1 shows an observation by its id",
    request: `GET ${V1}/call`,
    status: 200,
    body: CALL,
  },
  {
    section: "5",
    rule: "version 1 finds no observation that is not there",
    request: `GET ${V1}/nope`,
    status: 404,
    body: {
      message: "Observation not found within authorized project",
      error: "LangfuseNotFoundError",
    },
  },
  gives(V1, "userId=u", ["call", "root"]),
  gives(V1, "userId=nobody", []),
  refuses(V1, "limit=101", "limit"),
];

/** Filters that both versions have. */
const SHARED: readonly ContractRow[] = [V1, V2].flatMap((version) => [
  gives(version, "type=GENERATION", ["call"]),
  gives(version, "type=TOOL&level=ERROR", ["search"]),
  gives(version, "name=ping", ["ping"]),
  gives(version, "traceId=t1", ["call", "root"]),
  gives(version, "version=v1", ["root"]),
  gives(version, "parentObservationId=root", ["call"]),
  gives(version, "environment=dev&environment=default", ["ping", "search"]),
  gives(version, "fromStartTime=2025-11-22T10:30:00Z", ["ping", "search"]),
  gives(version, "toStartTime=2025-11-22T10:20:00.100Z", ["root"]),
  refuses(version, "level=loud", "level"),
  refuses(version, "type=OTHER", "type"),
  refuses(version, "fromStartTime=now", "fromStartTime"),
  refuses(version, "filter=%5B%7B%7D%5D", "filter"),
]);

const BY_CURSOR: readonly ContractRow[] = [
  {
    section: "5",
    rule: "version 2 shows core and basic fields unless others are asked for",
    request: `GET ${V2}?name=answer`,
    status: 200,
    body: {
      data: [
        {
          ...CORE,
          name: "answer",
          level: "DEFAULT",
          statusMessage: null,
          version: null,
          environment: "prod",
          bookmarked: false,
          public: false,
          userId: null,
          sessionId: "s",
          isRootObservation: false,
        },
      ],
      meta: {},
    },
  },
  group("core", {}),
  group("time", {
    completionStartTime: CALL.completionStartTime,
    createdAt: CALL.createdAt,
    updatedAt: CALL.updatedAt,
  }),
  group("io", { input: "[1]", output: null }),
  group("metadata", {
    metadata: {
      attempt: 1,
      note: "n".repeat(200),
      resourceAttributes: { "service.name": "shop" },
      scope: { name: "langfuse-sdk", version: "5.11.1", attributes: {} },
    },
  }),
  group("metadata&expandMetadata=note", {
    metadata: expect.objectContaining({ note: "n".repeat(201) }),
  }),
  group("model", { model: "gpt-4o", internalModelId: null, modelParameters: { temperature: 0.5 } }),
  group("usage", {
    usageDetails: CALL.usageDetails,
    costDetails: CALL.costDetails,
    totalCost: 0.75,
    usagePricingTierName: null,
  }),
  group("prompt", { promptId: null, promptName: "support", promptVersion: 3 }),
  group("metrics", { latency: 0.8, timeToFirstToken: 0.25 }),
  group("trace_context", { tags: [], release: null, traceName: null }),
  gives(V2, "limit=1000", ALL),
  gives(V2, "sessionId=s", ["search", "call", "root"]),
  gives(V2, "userId=u", ["root"]),
  gives(V2, "parentObservationId=", ["ping", "search", "root"]),
  gives(V2, "isRootObservation=true", ["ping", "search", "root"]),
  gives(V2, "isRootObservation=false", ["call"]),
  gives(V2, "unknown=1", ALL),
  refuses(V2, "limit=1001", "limit"),
  refuses(V2, "fields=core,nope", "fields"),
  refuses(V2, "cursor=nope", "cursor"),
  refuses(V2, "parseIoAsJson=true", "parseIoAsJson"),
  refuses(V2, "isRootObservation=1", "isRootObservation"),
];

const string = (column: string, operator: string, value: string): object => ({
  type: "string",
  column,
  operator,
  value,
});
const number = (column: string, operator: string, value: number): object => ({
  type: "number",
  column,
  operator,
  value,
});
const metadata = (type: string, key: string, operator: string, value: unknown): object => ({
  type,
  column: "metadata",
  key,
  operator,
  value,
});

const CONDITIONS: readonly (readonly [readonly object[], readonly string[]])[] = [
  [[], ALL],
  [[string("type", "=", "GENERATION")], ["call"]],
  [[string("name", "contains", "ear")], ["search"]],
  [[string("name", "does not contain", "a")], ["ping"]],
  [[string("statusMessage", "does not contain", "hits")], ["ping", "call", "root"]],
  [[string("name", "starts with", "a")], ["call"]],
  [[string("name", "ends with", "ing")], ["ping"]],
  [[string("name", "starts with", "%")], []],
  [[string("output", "matches", "NOTHING")], ["search"]],
  [[string("sessionId", "=", "s"), string("level", "=", "ERROR")], ["search"]],
  [[number("latency", ">=", 1)], ["search", "root"]],
  [[number("timeToFirstToken", "<", 1)], ["call"]],
  [[number("tokensPerSecond", ">", 6)], ["call"]],
  [[number("totalTokens", "=", 15)], ["call"]],
  [[number("inputCost", "<=", 0.25)], ["call"]],
  [[number("promptVersion", "=", 3)], ["call"]],
  [
    [{ type: "datetime", column: "endTime", operator: ">", value: "2025-11-22T10:30:00Z" }],
    ["ping", "search"],
  ],
  [
    [{ type: "stringOptions", column: "type", operator: "any of", value: ["TOOL", "EVENT"] }],
    ["ping", "search"],
  ],
  [
    [{ type: "stringOptions", column: "model", operator: "none of", value: ["gpt-4o"] }],
    ["ping", "search", "root"],
  ],
  [[{ type: "stringOptions", column: "model", operator: "any of", value: [] }], []],
  [[{ type: "arrayOptions", column: "tags", operator: "any of", value: ["b"] }], ["root"]],
  [[{ type: "boolean", column: "isRootObservation", operator: "=", value: false }], ["call"]],
  [[{ type: "null", column: "model", operator: "is not null" }], ["call"]],
  [[metadata("stringObject", "plan", "=", "pro")], ["root"]],
  [[metadata("stringObject", "note", "starts with", "nn")], ["call"]],
  [[metadata("numberObject", "attempt", ">=", 1)], ["call"]],
  [[metadata("categoryOptions", "plan", "any of", ["pro", "free"])], ["root"]],
  [[metadata("stringObject", "it's", "=", "'; DROP TABLE scores; --")], []],
];

const FILTERS = CONDITIONS.map(([conditions, ids]) =>
  gives(V2, `${conditions.length === 0 ? "" : "name=nobody&"}${filter(...conditions)}`, ids),
);

/** Conditions that cannot be asked. */
const REFUSED = [
  string("nope", "=", ""),
  string("toString", "=", ""),
  string("startTime", "=", ""),
  string("name", "like", ""),
  number("latency", "<>", 1),
  { type: "null", column: "metadata", operator: "is null" },
  { type: "stringObject", column: "metadata", operator: "=", value: "x" },
  { type: "datetime", column: "startTime", operator: ">", value: "today" },
].map((condition) => refuses(V2, filter(condition), "filter"));

export const OBSERVATION_ROWS: readonly ContractRow[] = [
  ...NUMBERED,
  ...SHARED,
  ...BY_CURSOR,
  ...FILTERS,
  gives(V1, filter(string("traceName", "=", "find")), ["search"]),
  ...REFUSED,
];

import { expect } from "vitest";
import type { ContractRow } from "../contract-row";
import { UUID } from "../seed";

const V1 = "/api/public/scores";
const V2 = "/api/public/v2/scores";
const V3 = "/api/public/v3/scores";
const NOT_FOUND = {
  message: "Score not found within authorized project",
  error: "LangfuseNotFoundError",
};

const at = (minute: number): { timestamp: string; createdAt: string; updatedAt: string } => {
  const time = `2025-11-22T10:${minute}:00.000Z`;
  return { timestamp: time, createdAt: time, updatedAt: time };
};

const unset = {
  observationId: null,
  projectId: "playhead",
  source: "API",
  comment: null,
  metadata: {},
  authorUserId: null,
  configId: null,
  queueId: null,
};

const NUMBER = {
  ...unset,
  ...at(21),
  id: "number",
  traceId: "t1",
  environment: "prod",
  name: "quality",
  dataType: "NUMERIC",
  value: 0.5,
  comment: "fine",
  metadata: { grader: "x" },
};
const BOOLEAN = {
  ...unset,
  ...at(22),
  id: "boolean",
  traceId: "t1",
  observationId: "call",
  environment: "prod",
  name: "ok",
  dataType: "BOOLEAN",
  value: 1,
  stringValue: "True",
};
const CATEGORY = {
  ...unset,
  ...at(23),
  id: "category",
  traceId: "t2",
  environment: "dev",
  name: "mood",
  dataType: "CATEGORICAL",
  value: 0,
  stringValue: "good",
  queueId: "q",
};
const TEXT = {
  ...unset,
  ...at(24),
  id: "text",
  traceId: null,
  environment: "default",
  name: "summary",
  dataType: "TEXT",
  stringValue: "well said",
};
const CORRECTION = {
  ...unset,
  ...at(25),
  id: "correction",
  traceId: "t2",
  environment: "default",
  name: "output",
  dataType: "CORRECTION",
  value: 0,
  stringValue: "better",
};

const T1 = { userId: "u", tags: ["a", "b"], environment: "prod", sessionId: "s" };
const T2 = { userId: "w", tags: ["a"], environment: "dev", sessionId: "s" };

const ofTrace = { sessionId: null, datasetRunId: null };

/** What the third version always shows. */
const core = (id: string, name: string, minute: number, environment: string): object => ({
  ...at(minute),
  id,
  projectId: "playhead",
  name,
  source: "API",
  environment,
});

const filter = (...conditions: readonly object[]): string =>
  `filter=${encodeURIComponent(JSON.stringify(conditions))}`;

/** Which scores a query gives, for one of the versions. */
const gives = (version: string, query: string, ids: readonly string[]): ContractRow => ({
  section: "4",
  rule: `GET ${version}?${decodeURIComponent(query)} gives ${ids.join(", ") || "nothing"}`,
  request: `GET ${version}?${query}`,
  status: 200,
  ids,
});

const refuses = (version: string, query: string, problems: readonly string[]): ContractRow => ({
  section: "4",
  rule: `GET ${version}?${decodeURIComponent(query)} is refused`,
  request: `GET ${version}?${query}`,
  status: 400,
  problems,
});

const posts = (
  rule: string,
  send: object,
  result: Pick<ContractRow, "status" | "body" | "problems" | "afterwards">,
): ContractRow => ({ section: "4", rule, request: "POST /api/public/scores", send, ...result });

/** What the second version shows of a score that was just created. */
const shows = (part: object): Pick<ContractRow, "status" | "body" | "afterwards"> => ({
  status: 200,
  body: { id: "new" },
  afterwards: { request: `GET ${V2}/new`, status: 200, part },
});

const CREATION: readonly ContractRow[] = [
  posts(
    "a score without an id gets one",
    { traceId: "t1", name: "n", value: 1 },
    {
      status: 200,
      body: { id: expect.stringMatching(UUID) },
    },
  ),
  posts(
    "a number without a type is NUMERIC",
    { id: "new", traceId: "t1", name: "n", value: 1.5 },
    shows({ dataType: "NUMERIC", value: 1.5 }),
  ),
  posts(
    "a text without a type is CATEGORICAL",
    { id: "new", traceId: "t1", name: "n", value: "v" },
    shows({ dataType: "CATEGORICAL", value: 0, stringValue: "v" }),
  ),
  posts(
    "a BOOLEAN score is kept as a number and as a word",
    { id: "new", traceId: "t1", name: "n", value: 0, dataType: "BOOLEAN" },
    shows({ value: 0, stringValue: "False" }),
  ),
  posts(
    "the name of a correction is output",
    { id: "new", traceId: "t1", name: "n", value: "v", dataType: "CORRECTION" },
    shows({ name: "output", value: 0, stringValue: "v" }),
  ),
  posts(
    "an id that is there is written over",
    { id: "number", traceId: "t1", name: "quality", value: 2 },
    {
      status: 200,
      body: { id: "number" },
      afterwards: { request: `GET ${V2}/number`, status: 200, part: { value: 2 } },
    },
  ),
  posts(
    "an environment is default unless it is given",
    { id: "new", sessionId: "s", name: "n", value: 1 },
    shows({ environment: "default", sessionId: "s", traceId: null }),
  ),
  posts(
    "an environment is written as everywhere",
    { id: "new", sessionId: "s", name: "n", value: 1, environment: "langfuse-Prod" },
    shows({ environment: "prod" }),
  ),
  posts(
    "a score of source ANNOTATION names a config",
    { traceId: "t1", name: "n", value: 1, source: "ANNOTATION" },
    { status: 400, problems: ["configId"] },
  ),
  posts(
    "a score of source ANNOTATION with a config is taken",
    {
      id: "new",
      traceId: "t1",
      name: "mood",
      value: "good",
      source: "ANNOTATION",
      configId: "{config}",
    },
    shows({ source: "ANNOTATION", stringValue: "good" }),
  ),
  posts(
    "a config is one that there is",
    { traceId: "t1", name: "n", value: 1, configId: "c" },
    { status: 400, problems: ["configId"] },
  ),
  posts(
    "a category has the number that its config gives it",
    { id: "new", traceId: "t1", name: "mood", value: "good", configId: "{config}" },
    shows({ dataType: "CATEGORICAL", value: 1, stringValue: "good" }),
  ),
  posts(
    "source EVAL is not for this route",
    { traceId: "t1", name: "n", value: 1, source: "EVAL" },
    { status: 400, problems: ["source"] },
  ),
  posts(
    "a BOOLEAN score is 0 or 1",
    { traceId: "t1", name: "n", value: 2, dataType: "BOOLEAN" },
    { status: 400, problems: ["value"] },
  ),
  posts(
    "a NUMERIC score is a number",
    { traceId: "t1", name: "n", value: "1", dataType: "NUMERIC" },
    { status: 400, problems: ["value"] },
  ),
  posts(
    "a CATEGORICAL score is a text",
    { traceId: "t1", name: "n", value: 1, dataType: "CATEGORICAL" },
    { status: 400, problems: ["value"] },
  ),
  posts("a score has a target", { name: "n", value: 1 }, { status: 400, problems: ["traceId"] }),
  posts(
    "a score has one target only",
    { traceId: "t1", sessionId: "s", name: "n", value: 1 },
    { status: 400, problems: ["traceId"] },
  ),
  posts(
    "an observation is named with its trace",
    { observationId: "call", sessionId: "s", name: "n", value: 1 },
    { status: 400, problems: ["observationId"] },
  ),
  posts(
    "a score has a name and a value",
    { traceId: "t1", name: "" },
    { status: 400, problems: ["name", "value"] },
  ),
];

const VERSION_1: readonly ContractRow[] = [
  {
    section: "4",
    rule: "version 1 shows scores of traces and observations with what is known of the trace",
    request: `GET ${V1}`,
    status: 200,
    body: {
      data: [
        { ...CATEGORY, trace: T2 },
        { ...BOOLEAN, trace: T1 },
        { ...NUMBER, trace: T1 },
      ],
      meta: { page: 1, limit: 50, totalItems: 3, totalPages: 1 },
    },
  },
  {
    section: "4",
    rule: "version 1 shows a score by its id",
    request: `GET ${V1}/boolean`,
    status: 200,
    body: BOOLEAN,
  },
  ...["text", "correction", "nope"].map(
    (id): ContractRow => ({
      section: "4",
      rule: `version 1 knows no score ${id}`,
      request: `GET ${V1}/${id}`,
      status: 404,
      body: NOT_FOUND,
    }),
  ),
  gives(V1, "sessionId=s", []),
  gives(V1, "dataType=CORRECTION", []),
  gives(V1, "dataType=BOOLEAN", ["boolean"]),
];

const VERSION_2: readonly ContractRow[] = [
  {
    section: "4",
    rule: "version 2 shows scores of sessions and runs as well, page by page",
    request: `GET ${V2}?limit=4`,
    status: 200,
    body: {
      data: [
        {
          ...unset,
          ...at(26),
          ...ofTrace,
          id: "run",
          traceId: null,
          datasetRunId: "run-1",
          environment: "default",
          name: "quality",
          dataType: "NUMERIC",
          value: 3,
          trace: null,
        },
        { ...CORRECTION, ...ofTrace, trace: T2 },
        { ...TEXT, ...ofTrace, sessionId: "s", trace: null },
        { ...CATEGORY, ...ofTrace, trace: T2 },
      ],
      meta: { page: 1, limit: 4, totalItems: 6, totalPages: 2 },
    },
  },
  {
    section: "4",
    rule: "version 2 leaves the trace out when only the score is asked for",
    request: `GET ${V2}?fields=score&scoreIds=number`,
    status: 200,
    body: {
      data: [{ ...NUMBER, ...ofTrace }],
      meta: { page: 1, limit: 50, totalItems: 1, totalPages: 1 },
    },
  },
  {
    section: "4",
    rule: "version 2 shows a score by its id",
    request: `GET ${V2}/text`,
    status: 200,
    body: { ...TEXT, ...ofTrace, sessionId: "s" },
  },
  {
    section: "4",
    rule: "version 2 knows no score that is not there",
    request: `GET ${V2}/nope`,
    status: 404,
    body: NOT_FOUND,
  },
  gives(V2, "limit=4&page=2", ["boolean", "number"]),
  gives(V2, "limit=4&page=3", []),
  gives(V2, "userId=u", ["boolean", "number"]),
  gives(V2, "name=quality", ["run", "number"]),
  gives(V2, "source=API&dataType=NUMERIC", ["run", "number"]),
  gives(V2, "source=EVAL", []),
  gives(V2, "environment=prod&environment=dev", ["category", "boolean", "number"]),
  gives(V2, "environment=dev", ["category"]),
  gives(V2, "queueId=q", ["category"]),
  gives(V2, "configId=c", []),
  gives(V2, "traceId=t2", ["correction", "category"]),
  gives(V2, "sessionId=s", ["text"]),
  gives(V2, "datasetRunId=run-1", ["run"]),
  gives(V2, "observationId=call,other", ["boolean"]),
  gives(V2, "scoreIds=number,text,nope", ["text", "number"]),
  gives(V2, "traceTags=a&traceTags=b", ["boolean", "number"]),
  gives(V2, "operator=%3E%3D&value=1", ["run", "boolean"]),
  gives(V2, "operator=!=&value=0&dataType=NUMERIC", ["run", "number"]),
  gives(V2, "fromTimestamp=2025-11-22T10:25:00Z", ["run", "correction"]),
  gives(V2, "toTimestamp=2025-11-22T10:22:00Z", ["number"]),
  gives(
    V2,
    filter({ type: "stringObject", column: "metadata", key: "grader", operator: "=", value: "x" }),
    ["number"],
  ),
  gives(
    V2,
    `name=quality&${filter({ type: "string", column: "name", operator: "=", value: "mood" })}`,
    ["category"],
  ),
  refuses(V2, "limit=101", ["limit"]),
  refuses(V2, "dataType=OTHER", ["dataType"]),
  refuses(V2, "fields=score&userId=u", ["fields"]),
  refuses(V2, "operator=like", ["operator"]),
  refuses(V2, "value=high", ["value"]),
  refuses(V2, "filter=%7B", ["filter"]),
];

const VERSION_3: readonly ContractRow[] = [
  {
    section: "4",
    rule: "version 3 shows values as what they are",
    request: `GET ${V3}`,
    status: 200,
    body: {
      data: [
        { ...core("run", "quality", 26, "default"), dataType: "NUMERIC", value: 3 },
        { ...core("correction", "output", 25, "default"), dataType: "CORRECTION", value: "better" },
        { ...core("text", "summary", 24, "default"), dataType: "TEXT", value: "well said" },
        { ...core("category", "mood", 23, "dev"), dataType: "CATEGORICAL", value: "good" },
        { ...core("boolean", "ok", 22, "prod"), dataType: "BOOLEAN", value: true },
        { ...core("number", "quality", 21, "prod"), dataType: "NUMERIC", value: 0.5 },
      ],
      meta: { limit: 50 },
    },
  },
  {
    section: "4",
    rule: "version 3 shows the groups that are asked for",
    request: `GET ${V3}?id=boolean,category&fields=details,subject,annotation`,
    status: 200,
    body: {
      data: [
        {
          ...core("category", "mood", 23, "dev"),
          dataType: "CATEGORICAL",
          value: "good",
          comment: null,
          configId: null,
          metadata: {},
          subject: { kind: "trace", id: "t2" },
          authorUserId: null,
          queueId: "q",
        },
        {
          ...core("boolean", "ok", 22, "prod"),
          dataType: "BOOLEAN",
          value: true,
          comment: null,
          configId: null,
          metadata: {},
          subject: { kind: "observation", id: "call", traceId: "t1" },
          authorUserId: null,
          queueId: null,
        },
      ],
      meta: { limit: 50 },
    },
  },
  {
    section: "4",
    rule: "version 3 names sessions and experiments as subjects",
    request: `GET ${V3}?id=text,run&fields=core,subject`,
    status: 200,
    part: {
      data: [
        { id: "run", subject: { kind: "experiment", id: "run-1" } },
        { id: "text", subject: { kind: "session", id: "s" } },
      ],
    },
  },
  gives(V3, "id=number,nope", ["number"]),
  gives(V3, "name=quality,mood", ["run", "category", "number"]),
  gives(V3, "source=api&dataType=numeric,boolean", ["run", "boolean", "number"]),
  gives(V3, "source=EVAL", []),
  gives(V3, "environment=prod,dev", ["category", "boolean", "number"]),
  gives(V3, "queueId=q,r", ["category"]),
  gives(V3, "configId=c", []),
  gives(V3, "authorUserId=ann", []),
  gives(V3, "dataType=NUMERIC&value=3,4", ["run"]),
  gives(V3, "dataType=BOOLEAN&value=true", ["boolean"]),
  gives(V3, "dataType=BOOLEAN&value=false", []),
  gives(V3, "dataType=CATEGORICAL&value=good,bad", ["category"]),
  gives(V3, "dataType=NUMERIC&valueMin=0.5&valueMax=1", ["number"]),
  gives(V3, "traceId=t1,t2", ["correction", "category", "boolean", "number"]),
  gives(V3, "traceId=t1&observationId=call", ["boolean"]),
  gives(V3, "sessionId=s", ["text"]),
  gives(V3, "experimentId=run-1", ["run"]),
  gives(V3, "fromTimestamp=2025-11-22T10:25:00Z", ["run", "correction"]),
  gives(V3, "toTimestamp=2025-11-22T10:22:00Z", ["number"]),
  refuses(V3, "limit=101", ["limit"]),
  refuses(V3, "cursor=nope", ["cursor"]),
  refuses(V3, "fields=core,nope", ["fields"]),
  refuses(V3, "traceId=t1&sessionId=s", ["sessionId"]),
  refuses(V3, "traceId=t1&experimentId=e", ["experimentId"]),
  refuses(V3, "observationId=call", ["observationId"]),
  refuses(V3, "value=1", ["value"]),
  refuses(V3, "value=1&dataType=NUMERIC,BOOLEAN", ["value"]),
  refuses(V3, "value=1&dataType=TEXT", ["value"]),
  refuses(V3, "value=yes&dataType=BOOLEAN", ["value"]),
  refuses(V3, "value=high&dataType=NUMERIC", ["value"]),
  refuses(V3, "valueMin=1", ["valueMin"]),
  refuses(V3, "valueMax=1&dataType=BOOLEAN", ["valueMax"]),
  {
    section: "4",
    rule: "version 3 knows no other parameters",
    request: `GET ${V3}?page=1`,
    status: 400,
    part: { error: [{ code: "unrecognized_keys", keys: ["page"] }] },
  },
];

export const SCORE_ROWS: readonly ContractRow[] = [
  ...CREATION,
  ...VERSION_1,
  ...VERSION_2,
  ...VERSION_3,
];

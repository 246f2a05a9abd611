import { createHash } from "node:crypto";
import { otlpJson } from "../studio/server/spans";

export const KEYS = { publicKey: "pk-lf-1", secretKey: "sk-lf-1" };

export const basic = (credentials: string): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(credentials).toString("base64")}`,
});

/** Nanoseconds of 2025-11-22 10:`minute`:00 UTC and so many milliseconds later. */
const at = (minute: number, ms = 0): string =>
  String((BigInt(Date.UTC(2025, 10, 22, 10, minute)) + BigInt(ms)) * 1_000_000n);

/**
 * Two traces of the session `s`, and one without a session:
 * `t1` (user u, tags a and b, environment prod): `root`, and in it the generation `call`
 * `t2` (user w, tag a, environment dev): `search`, which failed
 * `t3` (environment default): the event `ping`
 */
export const SPANS = otlpJson(
  {
    traceId: "t1",
    spanId: "root",
    name: "chat",
    startTimeUnixNano: at(20),
    endTimeUnixNano: at(20, 1_000),
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
  },
  {
    traceId: "t1",
    spanId: "call",
    parentSpanId: "root",
    name: "answer",
    startTimeUnixNano: at(20, 100),
    endTimeUnixNano: at(20, 900),
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
      "langfuse.observation.metadata.note": "n".repeat(201),
      "langfuse.observation.input": "[1]",
    },
  },
  {
    traceId: "t2",
    spanId: "search",
    name: "search",
    startTimeUnixNano: at(30),
    endTimeUnixNano: at(30, 3_000),
    attributes: {
      "session.id": "s",
      "user.id": "w",
      "langfuse.trace.tags": "a",
      "langfuse.trace.name": "find",
      "langfuse.release": "r2",
      "langfuse.environment": "dev",
      "langfuse.observation.type": "tool",
      "langfuse.observation.output": "Nothing found",
    },
    status: { code: 2, message: "no hits" },
  },
  {
    traceId: "t3",
    spanId: "ping",
    name: "ping",
    startTimeUnixNano: at(40),
    endTimeUnixNano: at(40),
    attributes: { "langfuse.observation.type": "event" },
  },
);

const minute = (count: number): string => `2025-11-22T10:${count}:00.000Z`;

/** One of each data type and each target. */
export const SCORES: readonly object[] = [
  {
    id: "number",
    traceId: "t1",
    name: "quality",
    value: 0.5,
    dataType: "NUMERIC",
    comment: "fine",
    metadata: { grader: "x" },
    environment: "prod",
    timestamp: minute(21),
  },
  {
    id: "boolean",
    traceId: "t1",
    observationId: "call",
    name: "ok",
    value: 1,
    dataType: "BOOLEAN",
    environment: "prod",
    timestamp: minute(22),
  },
  {
    id: "category",
    traceId: "t2",
    name: "mood",
    value: "good",
    dataType: "CATEGORICAL",
    environment: "dev",
    queueId: "q",
    timestamp: minute(23),
  },
  {
    id: "text",
    sessionId: "s",
    name: "summary",
    value: "well said",
    dataType: "TEXT",
    timestamp: minute(24),
  },
  {
    id: "correction",
    traceId: "t2",
    name: "output",
    value: "better",
    dataType: "CORRECTION",
    timestamp: minute(25),
  },
  {
    id: "run",
    datasetRunId: "run-1",
    name: "quality",
    value: 3,
    dataType: "NUMERIC",
    timestamp: minute(26),
  },
];

export const COMMENT = {
  projectId: "playhead",
  objectType: "TRACE",
  objectId: "t1",
  content: "**Look** at this",
  authorUserId: "ann",
};

export const CONFIG = {
  name: "mood",
  dataType: "CATEGORICAL",
  categories: [
    { label: "bad", value: 0 },
    { label: "good", value: 1 },
  ],
  description: "How it went",
};

export const MEDIA_CONTENT = Buffer.from("not really a picture");

export const MEDIA = {
  contentType: "image/png",
  contentLength: MEDIA_CONTENT.length,
  sha256Hash: createHash("sha256").update(MEDIA_CONTENT).digest("base64"),
  traceId: "t1",
  observationId: "call",
  field: "input",
};

export const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

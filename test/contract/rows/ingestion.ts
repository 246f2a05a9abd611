import { expect } from "vitest";
import type { ContractRow } from "../contract-row";

const TIME = "2025-11-22T10:00:00.000Z";
const score = (id: string, body: object): object => ({
  id,
  type: "score-create",
  timestamp: TIME,
  body,
});

const post = { section: "2", request: "POST /api/public/ingestion" } as const;

export const INGESTION_ROWS: readonly ContractRow[] = [
  {
    ...post,
    rule: "a request without a batch is refused as a whole",
    send: {},
    status: 400,
    body: {
      message: "Invalid request data",
      errors: ["Invalid input: expected array, received undefined"],
    },
  },
  {
    ...post,
    rule: "an empty batch is answered with empty lists",
    send: { batch: [] },
    status: 207,
    body: { successes: [], errors: [] },
  },
  {
    ...post,
    rule: "ids of the answer are those of the envelopes",
    send: { batch: [score("envelope", { id: "s1", traceId: "t3", name: "liked", value: 1 })] },
    status: 207,
    body: { successes: [{ id: "envelope", status: 201 }], errors: [] },
    afterwards: { request: "GET /api/public/v3/scores?traceId=t3", status: 200, ids: ["s1"] },
  },
  {
    ...post,
    rule: "a category has the number that its config gives it",
    send: {
      batch: [
        score("s", { id: "s1", traceId: "t3", name: "mood", value: "good", configId: "{config}" }),
      ],
    },
    status: 207,
    afterwards: {
      request: "GET /api/public/v2/scores/s1",
      status: 200,
      part: { dataType: "CATEGORICAL", value: 1, stringValue: "good" },
    },
  },
  {
    ...post,
    rule: "one bad event costs the others nothing",
    send: {
      batch: [
        score("good", { id: "s1", traceId: "t3", name: "liked", value: 1 }),
        score("bad", { id: "s2", traceId: "t3", name: "", value: 1 }),
      ],
    },
    status: 207,
    body: {
      successes: [{ id: "good", status: 201 }],
      errors: [
        {
          id: "bad",
          status: 400,
          message: "Invalid request data",
          error: expect.stringContaining('"path":["name"]'),
        },
      ],
    },
    afterwards: { request: "GET /api/public/v3/scores?traceId=t3", status: 200, ids: ["s1"] },
  },
  {
    ...post,
    rule: "an event without an id is answered as unknown",
    send: { batch: [{ type: "score-create", timestamp: TIME, body: {} }] },
    status: 207,
    body: {
      successes: [],
      errors: [
        {
          id: "unknown",
          status: 400,
          message: "Invalid request data",
          error: expect.stringContaining('"path":["id"]'),
        },
      ],
    },
  },
  {
    ...post,
    rule: "an envelope's time has a zone",
    send: {
      batch: [{ id: "e", type: "score-create", timestamp: "2025-11-22T10:00:00", body: {} }],
    },
    status: 207,
    part: { successes: [], errors: [{ id: "e", status: 400 }] },
  },
  {
    ...post,
    rule: "log lines of clients yield neither success nor error",
    send: { batch: [{ id: "e", type: "sdk-log", timestamp: TIME, body: { log: "hello" } }] },
    status: 207,
    body: { successes: [], errors: [] },
  },
  {
    ...post,
    rule: "a score may be of source EVAL",
    send: {
      batch: [score("e", { id: "s1", traceId: "t3", name: "judged", value: 0.5, source: "EVAL" })],
    },
    status: 207,
    body: { successes: [{ id: "e", status: 201 }], errors: [] },
    afterwards: { request: "GET /api/public/v3/scores?source=eval", status: 200, ids: ["s1"] },
  },
];

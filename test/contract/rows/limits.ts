import { otlpJson } from "../../studio/server/spans";
import type { ContractRow } from "../contract-row";
import { COMMENT } from "../seed";

const score = { traceId: "t1", name: "n", value: 1 };
const postScore = { section: "10", request: "POST /api/public/scores" } as const;
const postComment = { section: "10", request: "POST /api/public/comments" } as const;
const LONGEST_ID = "i".repeat(800);

export const LIMIT_ROWS: readonly ContractRow[] = [
  {
    ...postScore,
    rule: "an id has up to 800 characters",
    send: { ...score, id: LONGEST_ID },
    status: 200,
    body: { id: LONGEST_ID },
  },
  {
    ...postScore,
    rule: "an id has no more than 800 characters",
    send: { ...score, id: `${LONGEST_ID}i` },
    status: 400,
    problems: ["id"],
  },
  {
    ...postScore,
    rule: "an id has no carriage return",
    send: { ...score, id: "a\rb" },
    status: 400,
    problems: ["id"],
  },
  {
    ...postScore,
    rule: "the text of a score has up to 500 characters",
    send: { ...score, id: "long", dataType: "TEXT", value: "v".repeat(500) },
    status: 200,
    body: { id: "long" },
  },
  {
    ...postScore,
    rule: "the text of a score has no more than 500 characters",
    send: { ...score, dataType: "TEXT", value: "v".repeat(501) },
    status: 400,
    problems: ["value"],
  },
  {
    ...postComment,
    rule: "a comment has up to 5000 characters",
    send: { ...COMMENT, content: "c".repeat(5_000) },
    status: 200,
  },
  {
    ...postComment,
    rule: "a comment has no more than 5000 characters",
    send: { ...COMMENT, content: "c".repeat(5_001) },
    status: 400,
    problems: ["content"],
  },
  {
    ...postComment,
    rule: "a comment has at least one character that is no space",
    send: { ...COMMENT, content: "  " },
    status: 400,
    problems: ["content"],
  },
  {
    section: "10",
    rule: "ids of sessions and users have no limit",
    request: "POST /api/public/otel/v1/traces",
    send: otlpJson({
      traceId: "t9",
      attributes: { "session.id": "s".repeat(2_000), "user.id": "u".repeat(2_000) },
    }),
    status: 200,
    afterwards: {
      request: `GET /api/public/sessions/${"s".repeat(2_000)}`,
      status: 200,
      part: { traces: [{ id: "t9", userId: "u".repeat(2_000) }] },
    },
  },
];

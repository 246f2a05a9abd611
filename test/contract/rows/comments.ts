import { expect } from "vitest";
import type { ContractRow } from "../contract-row";
import { COMMENT, ISO_TIME, UUID } from "../seed";

const ROW = {
  id: expect.stringMatching(UUID),
  projectId: "playhead",
  createdAt: expect.stringMatching(ISO_TIME),
  updatedAt: expect.stringMatching(ISO_TIME),
  objectType: "TRACE",
  objectId: "t1",
  content: "**Look** at this",
  authorUserId: "ann",
};
const ONE = { page: 1, limit: 50, totalItems: 1, totalPages: 1 };
const NONE = { page: 1, limit: 50, totalItems: 0, totalPages: 0 };

const post = { section: "5", request: "POST /api/public/comments" } as const;
const created = { status: 200, body: { id: expect.stringMatching(UUID) } } as const;

export const COMMENT_ROWS: readonly ContractRow[] = [
  {
    ...post,
    rule: "a comment on a session is answered with its id, and read back",
    send: { ...COMMENT, objectType: "SESSION", objectId: "s", authorUserId: null },
    ...created,
    afterwards: {
      request: "GET /api/public/comments?objectType=SESSION&objectId=s",
      status: 200,
      body: {
        data: [{ ...ROW, objectType: "SESSION", objectId: "s", authorUserId: null }],
        meta: ONE,
      },
    },
  },
  {
    ...post,
    rule: "a comment on an observation is read back",
    send: { ...COMMENT, objectType: "OBSERVATION", objectId: "call" },
    ...created,
    afterwards: {
      request: "GET /api/public/comments?objectType=OBSERVATION&objectId=call",
      status: 200,
      body: { data: [{ ...ROW, objectType: "OBSERVATION", objectId: "call" }], meta: ONE },
    },
  },
  {
    ...post,
    rule: "the spaces around a comment do not count",
    send: { ...COMMENT, content: "\n hi \n", objectId: "t2" },
    ...created,
    afterwards: {
      request: "GET /api/public/comments?objectType=TRACE&objectId=t2",
      status: 200,
      body: { data: [{ ...ROW, content: "hi", objectId: "t2" }], meta: ONE },
    },
  },
  ...(["TRACE", "OBSERVATION", "SESSION", "PROMPT"] as const).map(
    (objectType): ContractRow => ({
      ...post,
      rule: `a comment on a ${objectType} that is not there is refused`,
      send: { ...COMMENT, objectType, objectId: "nope" },
      status: 404,
      body: {
        message: `No ${objectType.toLowerCase()} with id nope in this project`,
        error: "LangfuseNotFoundError",
      },
    }),
  ),
  {
    ...post,
    rule: "a comment names what it is about, by one of four types",
    send: { projectId: "playhead", content: "x", objectType: "TREE" },
    status: 400,
    problems: ["objectId", "objectType"],
  },
  {
    ...post,
    rule: "a comment has no field that is not known",
    send: { ...COMMENT, mood: "good" },
    status: 400,
    body: {
      message: "Invalid request data",
      error: [
        {
          code: "unrecognized_keys",
          keys: ["mood"],
          path: [],
          message: 'Unrecognized key: "mood"',
        },
      ],
    },
  },
  {
    section: "5",
    rule: "a comment is read by its id",
    request: "GET /api/public/comments/{comment}",
    status: 200,
    body: ROW,
  },
  {
    section: "5",
    rule: "a comment that is not there is not found",
    request: "GET /api/public/comments/nope",
    status: 404,
    body: {
      message: "Comment not found within authorized project",
      error: "LangfuseNotFoundError",
    },
  },
  {
    section: "5",
    rule: "comments are listed by pages",
    request: "GET /api/public/comments?page=1&limit=1",
    status: 200,
    body: { data: [ROW], meta: { page: 1, limit: 1, totalItems: 1, totalPages: 1 } },
  },
  ...[
    "page=2",
    "objectType=SESSION",
    "objectType=TRACE&objectId=t2",
    "authorUserId=bob",
    "toTimestamp=2025-11-22T10:00:00Z",
  ].map(
    (query): ContractRow => ({
      section: "5",
      rule: `comments of ${query} are none`,
      request: `GET /api/public/comments?${query}`,
      status: 200,
      ids: [],
      ...(query === "page=2" ? {} : { body: { data: [], meta: NONE } }),
    }),
  ),
  {
    section: "5",
    rule: "comments on an object are asked for with its type",
    request: "GET /api/public/comments?objectId=t1",
    status: 400,
    problems: ["objectType"],
  },
  {
    section: "5",
    rule: "comments are asked for by no other parameter",
    request: "GET /api/public/comments?objekt=t1",
    status: 400,
    part: { error: [{ code: "unrecognized_keys", keys: ["objekt"] }] },
  },
];

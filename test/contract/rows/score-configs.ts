import { expect } from "vitest";
import type { ContractRow } from "../contract-row";
import { CONFIG, ISO_TIME, UUID } from "../seed";

const ROW = {
  ...CONFIG,
  id: expect.stringMatching(UUID),
  projectId: "playhead",
  createdAt: expect.stringMatching(ISO_TIME),
  updatedAt: expect.stringMatching(ISO_TIME),
  isArchived: false,
  minValue: null,
  maxValue: null,
};
const NOT_FOUND = {
  message: "Score config not found within authorized project",
  error: "LangfuseNotFoundError",
};

const post = { section: "4", request: "POST /api/public/score-configs" } as const;
const patch = { section: "4", request: "PATCH /api/public/score-configs/{config}" } as const;

export const SCORE_CONFIG_ROWS: readonly ContractRow[] = [
  {
    ...post,
    rule: "a NUMERIC config has bounds",
    send: { name: "quality", dataType: "NUMERIC", minValue: 0, maxValue: 1 },
    status: 200,
    body: {
      ...ROW,
      name: "quality",
      dataType: "NUMERIC",
      minValue: 0,
      maxValue: 1,
      categories: null,
      description: null,
    },
  },
  {
    ...post,
    rule: "a BOOLEAN config gets its two categories",
    send: { name: "ok", dataType: "BOOLEAN" },
    status: 200,
    part: {
      dataType: "BOOLEAN",
      categories: [
        { label: "True", value: 1 },
        { label: "False", value: 0 },
      ],
    },
  },
  {
    ...post,
    rule: "a BOOLEAN config is given no categories",
    send: { name: "ok", dataType: "BOOLEAN", categories: [{ label: "True", value: 1 }] },
    status: 400,
    problems: ["categories"],
  },
  {
    ...post,
    rule: "the upper bound lies above the lower one",
    send: { name: "quality", dataType: "NUMERIC", minValue: 1, maxValue: 1 },
    status: 400,
    problems: ["maxValue"],
  },
  {
    ...post,
    rule: "each category has another label and another value",
    send: {
      name: "mood",
      dataType: "CATEGORICAL",
      categories: [
        { label: "good", value: 1 },
        { label: "good", value: 1 },
      ],
    },
    status: 400,
    problems: ["categories", "categories"],
  },
  {
    ...post,
    rule: "a name has up to 35 characters",
    send: { name: "n".repeat(36), dataType: "NUMERIC" },
    status: 400,
    problems: ["name"],
  },
  {
    section: "4",
    rule: "configs are listed by pages",
    request: "GET /api/public/score-configs?limit=1",
    status: 200,
    body: { data: [ROW], meta: { page: 1, limit: 1, totalItems: 1, totalPages: 1 } },
  },
  {
    section: "4",
    rule: "a config is read by its id",
    request: "GET /api/public/score-configs/{config}",
    status: 200,
    body: ROW,
  },
  {
    section: "4",
    rule: "a config that is not there is not found",
    request: "GET /api/public/score-configs/nope",
    status: 404,
    body: NOT_FOUND,
  },
  {
    ...patch,
    rule: "a change keeps what it does not name",
    send: { isArchived: true },
    status: 200,
    body: { ...ROW, isArchived: true },
    afterwards: {
      request: "GET /api/public/score-configs/{config}",
      status: 200,
      body: { ...ROW, isArchived: true },
    },
  },
  {
    ...patch,
    rule: "a change is held to the same rules",
    send: { minValue: 1 },
    status: 400,
    problems: ["minValue"],
  },
  {
    section: "4",
    rule: "what is not there is not changed",
    request: "PATCH /api/public/score-configs/nope",
    send: { isArchived: true },
    status: 404,
    body: NOT_FOUND,
  },
];

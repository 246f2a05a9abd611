import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openDatabase } from "../../../src/studio/store/open-database";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import type { Store } from "../../../src/studio/store/store";
import { observationOf, START_US, scoreOf } from "./records";

let folder: string;
let path: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-totals-"));
  path = join(folder, "studio.db");
  store = await openSqliteStore(path);
});
afterEach(async () => {
  store.close();
  await rm(folder, { recursive: true });
});

function put(...observations: Parameters<typeof observationOf>[0][]): void {
  store.putObservations(observations.map((one) => observationOf({ sessionId: "s", ...one })));
}

/** Writes past the store: what it reads again shows, what it adds up does not. */
async function tamper(sql: string): Promise<void> {
  const database = await openDatabase(path);
  database.exec(sql);
  database.close();
}

it("a span more is added to its session without reading the session's other turns", async () => {
  put(...Array.from({ length: 1_000 }, (_, turn) => ({ traceId: `t${turn}`, totalTokens: 1 })));
  await tamper("UPDATE traces SET total_tokens = 500, user_id = 'x' WHERE id = 't1'");
  put({ traceId: "t2", id: "more", totalTokens: 3, userId: "ann" });
  expect(store.getSession("s")).toMatchObject({
    traceCount: 1_000,
    observationCount: 1_001,
    totalTokens: 1_003,
    userIds: ["ann"],
  });
});

it("turns are kept whose tokens have no sum: too many to count, in both directions", () => {
  put({ id: "1", inputTokens: Number.POSITIVE_INFINITY });
  put({ id: "2", inputTokens: Number.NEGATIVE_INFINITY, totalTokens: Number.NEGATIVE_INFINITY });
  put({ traceId: "other", totalTokens: Number.POSITIVE_INFINITY });
  expect(store.observationsOfTrace("other")).toHaveLength(1);
  expect(store.getSession("s")).toMatchObject({
    traceCount: 2,
    observationCount: 3,
    inputTokens: 0,
    totalTokens: 0,
  });
});

it("a score more is added to its session without reading the session's other scores", async () => {
  put({});
  store.putScore(scoreOf({ id: "1", sessionId: "s", value: 0 }));
  await tamper("DROP TRIGGER scores_changed; UPDATE scores SET value = 100 WHERE id = '1'");
  store.putScore(scoreOf({ id: "2", sessionId: "s", value: 1 }));
  expect(store.getSession("s")?.scores).toEqual([
    {
      ...{ name: "quality", dataType: "NUMERIC", count: 2, mean: 0.5 },
      distribution: { min: 1, max: 100, bins: [1, 0, 0, 0, 0, 0, 0, 1] }, // read when asked for
    },
  ]);
});

it("the first start and the last end are found anew when the turns that had them leave", () => {
  put(
    { traceId: "first", startUs: START_US - 9, endUs: START_US },
    { traceId: "middle", startUs: START_US, endUs: START_US + 1 },
    { traceId: "last", startUs: START_US, endUs: START_US + 9 },
  );
  for (const traceId of ["first", "last"]) {
    put({ traceId, sessionId: "other", id: "later", startUs: START_US + 2, endUs: START_US + 3 });
  }
  expect(store.getSession("s")).toMatchObject({ startUs: START_US, endUs: START_US + 1 });
});

it("a value is listed as long as one turn has it", () => {
  put({ traceId: "1", tags: ["x"], model: "m" }, { traceId: "2", tags: ["x", "y"], model: "m" });
  const move = (traceId: string) =>
    put({ traceId, sessionId: "other", id: "later", startUs: START_US + 1 });
  move("2");
  expect(store.getSession("s")).toMatchObject({ tags: ["x"], models: ["m"] });
  expect(store.getSession("other")).toMatchObject({ tags: ["x", "y"], models: ["m"] });
  expect(store.sessionFacets({}).tags).toEqual([
    { value: "x", count: 2 },
    { value: "y", count: 1 },
  ]);
  move("1");
  expect(store.getSession("s")).toBeUndefined();
  expect(store.sessionFacets({}).tags).toEqual([
    { value: "x", count: 1 },
    { value: "y", count: 1 },
  ]);
});

it("a cost is not known until one turn has one, and adds up to what it reads as", () => {
  put({ traceId: "1" });
  put({ traceId: "2" });
  expect(store.getSession("s")?.totalCost).toBeNull();
  for (const [index, totalCost] of [0.1, 0.2, 0.7].entries())
    put({ traceId: `c${index}`, totalCost });
  expect(store.getSession("s")?.totalCost).toBe(1);
  expect(store.findSessions({ sort: "cost", order: "asc", limit: 1, minCost: 1 }).totalCount).toBe(
    1,
  );
});

it("sums too large to be exact are those of what is there", () => {
  put({ traceId: "large", totalTokens: 1e300, totalCost: 1e300 });
  put({ traceId: "small", totalTokens: 5, totalCost: 5 });
  put({
    traceId: "large",
    sessionId: "other",
    id: "later",
    startUs: START_US + 1,
  });
  expect(store.getSession("s")).toMatchObject({ totalTokens: 5, totalCost: 5 });
});

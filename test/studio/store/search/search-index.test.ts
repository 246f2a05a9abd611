import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, onTestFinished } from "vitest";
import { openDatabase } from "../../../../src/studio/store/open-database";
import { openSqliteStore } from "../../../../src/studio/store/sqlite-store";
import type { Store } from "../../../../src/studio/store/store";
import { observationOf, START_US } from "../records";

let folder: string;
let path: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-index-"));
  path = join(folder, "studio.db");
  store = await openSqliteStore(path);
});
afterEach(async () => {
  store.close();
  await rm(folder, { recursive: true });
});

function put(overrides: Parameters<typeof observationOf>[0]): void {
  store.putObservations([observationOf({ sessionId: "s", ...overrides })]);
}

/** Steps until there is nothing left to do. */
function catchUp(maxLength: number): number {
  let steps = 1;
  while (store.search.step(maxLength)) steps++;
  return steps;
}

it("reads what has come of a turn together, however many come at the same time", async () => {
  for (const id of ["1", "2", "3", "4"]) {
    for (let turn = 0; turn < 20; turn++)
      put({ traceId: `t${turn}`, id, input: "word ".repeat(99) });
  }
  catchUp(2_500);
  const database = await openDatabase(path);
  onTestFinished(() => database.close());
  const docs = database.prepare("SELECT observation_ids AS ids FROM search_docs").all();
  expect(docs.map(({ ids }) => ids)).toEqual(Array.from({ length: 20 }, () => '["1","2","3","4"]'));
});

it("takes many changed turns in a step, and reads what is new in the same one", async () => {
  const database = await openDatabase(path);
  onTestFinished(() => database.close());
  const count = (table: string, where = "true"): unknown =>
    database.prepare(`SELECT count(*) AS count FROM ${table} WHERE ${where}`).get()?.["count"];
  const ids = Array.from({ length: 300 }, (_, index) => `t${index}`);
  const turnsEnd = (endUs: number): void => {
    store.putObservations(
      ids.map((traceId) => observationOf({ traceId, sessionId: "s", input: "word", endUs })),
    );
  };
  turnsEnd(START_US + 1);
  catchUp(40_000);
  turnsEnd(START_US + 2);
  put({ traceId: "new", input: "fresh" });
  expect(count("search_stale")).toBe(300);
  store.search.step(20_000);
  expect(count("search_stale")).toBeLessThan(280);
  expect(count("search_docs", "trace_id = 'new'")).toBe(1);
  expect(catchUp(20_000)).toBeLessThan(30);
});

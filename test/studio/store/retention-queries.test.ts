import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { BUSY_TIMEOUT_MS, configure, openDatabase } from "../../../src/studio/store/open-database";
import { createRetentionQueries, type Target } from "../../../src/studio/store/retention-queries";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import type { Store } from "../../../src/studio/store/store";
import { observationOf, START_US } from "./records";

let folder: string;
let path: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-retention-"));
  path = join(folder, "studio.db");
  store = await openSqliteStore(path);
});
afterEach(async () => {
  store.close();
  await rm(folder, { recursive: true });
});

it("gives the longest idle first, page by page, sessions and traces alike", () => {
  store.putObservations([
    observationOf({ traceId: "1", sessionId: "newer", endUs: START_US + 40 }),
    observationOf({ traceId: "2", sessionId: "older", endUs: START_US + 10 }),
    observationOf({ traceId: "3", endUs: START_US + 20 }),
    observationOf({ traceId: "4", endUs: START_US + 20 }),
    observationOf({ traceId: "5", sessionId: "same", endUs: START_US + 20 }),
    observationOf({ traceId: "6", sessionId: "recent", endUs: START_US + 50 }),
    // The last turn counts, not the first.
    observationOf({ traceId: "7", sessionId: "older", endUs: START_US + 30 }),
  ]);
  const found: Target[] = [];
  while (true) {
    const query = { idleSinceUs: START_US + 50, after: found.at(-1), limit: 2 };
    const page = store.retention.idle(query);
    if (page.length === 0) break;
    found.push(...page);
  }
  expect(found.map(({ kind, id, endUs }) => [kind, id, endUs - START_US])).toEqual([
    ["session", "same", 20],
    ["trace", "3", 20],
    ["trace", "4", 20],
    ["session", "older", 30],
    ["session", "newer", 40],
  ]);
});

it("gives the room of what was deleted back to the file system", async () => {
  const ids = Array.from({ length: 500 }, (_, index) => String(index));
  store.putObservations(ids.map((id) => observationOf({ id, input: "x".repeat(10_000) })));
  store.retention.emptyLog();
  const usedBefore = store.retention.usedBytes();
  const sizeBefore = (await stat(path)).size;
  expect(usedBefore).toBe(sizeBefore);

  for (const _step of store.deletion.trace("t"));
  expect(store.retention.usedBytes()).toBeLessThan(usedBefore / 10);
  let calls = 1;
  while (store.retention.shrink(500)) calls++;
  store.retention.emptyLog();
  expect(calls).toBeGreaterThan(1);
  expect((await stat(path)).size).toBe(store.retention.usedBytes());
});

it("waits as long as before for other writers after the log could not be emptied", async () => {
  const database = await openDatabase(path);
  configure(database);
  const retention = createRetentionQueries(database);
  const timeout = () => database.prepare("PRAGMA busy_timeout").get()?.["timeout"];
  database.exec("BEGIN IMMEDIATE"); // nothing can be written back meanwhile
  expect(() => retention.emptyLog()).toThrow("locked");
  database.exec("ROLLBACK");
  expect(timeout()).toBe(BUSY_TIMEOUT_MS);
  database.close();
});

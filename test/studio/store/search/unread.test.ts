import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import {
  type Database,
  openDatabase,
  type SqlRow,
} from "../../../../src/studio/store/open-database";
import type { ObservationRecord } from "../../../../src/studio/store/records";
import { createSearchIndex } from "../../../../src/studio/store/search/search-index";
import { createSessionSearch } from "../../../../src/studio/store/search/session-search";
import { openSqliteStore } from "../../../../src/studio/store/sqlite-store";
import { observationOf } from "../records";

/** A search of what the index has not read, and the inputs that SQLite has given to it. */
async function searchOf(observations: readonly Partial<ObservationRecord>[]) {
  const folder = await mkdtemp(join(tmpdir(), "playhead-unread-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "studio.db");
  const store = await openSqliteStore(path);
  store.putObservations(
    observations.map((overrides, index) =>
      observationOf({ id: String(index), traceId: String(index), sessionId: "s", ...overrides }),
    ),
  );
  store.close();
  const database = await openDatabase(path);
  onTestFinished(() => database.close());
  const readInputs: unknown[] = [];
  const note = (row: SqlRow | undefined): void => {
    if (row !== undefined && "input" in row) readInputs.push(row["input"]);
  };
  const watched: Database = {
    exec: (sql) => database.exec(sql),
    close: () => database.close(),
    prepare(sql) {
      const statement = database.prepare(sql);
      return {
        run: (...values) => statement.run(...values),
        get(...values) {
          const row = statement.get(...values);
          note(row);
          return row;
        },
        all(...values) {
          const rows = statement.all(...values);
          for (const row of rows) note(row);
          return rows;
        },
      };
    },
  };
  const search = createSessionSearch(watched, createSearchIndex(database));
  return { search, readInputs };
}

it("reads no more rows of what the index has not read than it looks through", async () => {
  const text = "word ".repeat(2_000);
  const rows = Array.from({ length: 300 }, () => ({ input: text, output: text }));
  const { search, readInputs } = await searchOf(rows);
  expect(search.find("word")?.count).toBe(1);
  // 16,000 characters of each, and a million in all.
  expect(readInputs).toHaveLength(63);
});

it("stops reading at 32 MiB of texts, however little of each it looks through", async () => {
  const rows = Array.from({ length: 9 }, () => ({ output: "x".repeat(5_000_000) }));
  const { search, readInputs } = await searchOf([{ input: "needle" }, ...rows]);
  expect(search.find("needle")?.count).toBe(0);
  expect(readInputs).toHaveLength(7);
});

it("reads the newest first", async () => {
  const { search, readInputs } = await searchOf([{ input: "old" }, { input: "new" }]);
  expect(search.find("new")?.count).toBe(1);
  expect(readInputs).toEqual(["new", "old"]);
});

import { beforeEach, expect, it, onTestFinished } from "vitest";
import { inTransaction } from "../../../src/studio/store/in-transaction";
import { createKeyStore } from "../../../src/studio/store/key-store";
import { type Database, openDatabase } from "../../../src/studio/store/open-database";
import { migrate } from "../../../src/studio/store/schema";
import { createSearchIndex } from "../../../src/studio/store/search/search-index";

let database: Database;
beforeEach(async () => {
  database = await opened();
});

async function opened(): Promise<Database> {
  const memory = await openDatabase(":memory:");
  onTestFinished(() => memory.close());
  return memory;
}

const insert = (): void => database.exec("INSERT INTO kept VALUES (1)");
const kept = () => database.prepare("SELECT value FROM kept").all();

it("keeps what the work wrote, and gives what it returns", () => {
  database.exec("CREATE TABLE kept (value)");
  expect(inTransaction(database, () => [insert(), "done"][1])).toBe("done");
  expect(inTransaction(database, kept)).toHaveLength(1);
});

it("keeps nothing where the work throws", () => {
  database.exec("CREATE TABLE kept (value)");
  const error = new Error("half way");
  expect(() =>
    inTransaction(database, () => {
      insert();
      throw error;
    }),
  ).toThrow(error);
  expect(inTransaction(database, kept)).toEqual([]);
});

/** From here on the database grows by so many pages and no more. */
function limitDisk(pages: number): void {
  const pageCount = Number(database.prepare("PRAGMA page_count").get()?.["page_count"]);
  database.exec(`PRAGMA max_page_count = ${pageCount + pages}`);
}

const FULL = "database or disk is full";

it.each([
  [
    "a pair of keys",
    () => {
      limitDisk(0);
      createKeyStore(database).put(
        { publicKey: "pk", secretHash: "h".repeat(100_000), isForLoopback: false },
        1,
      );
    },
  ],
  [
    "a step of the search",
    () => {
      const index = createSearchIndex(database);
      // Takes back everything at once, as a full disk does.
      database.exec(`INSERT INTO search_stale VALUES ('gone', '');
        CREATE TRIGGER refusal BEFORE DELETE ON search_stale
        BEGIN SELECT RAISE(ROLLBACK, '${FULL}'); END`);
      index.step();
    },
  ],
])(
  "tells that the disk is full for %s, though SQLite has rolled back by itself",
  (_name, write) => {
    migrate(database);
    expect(write).toThrow(FULL);
  },
);

it("tells that the disk is full for a migration, wherever in it that is", async () => {
  let pages = 1;
  for (; pages < 100; pages++) {
    database = await opened();
    limitDisk(pages);
    try {
      migrate(database);
      break;
    } catch (error) {
      expect(error).toMatchObject({ message: expect.stringContaining(FULL) });
    }
  }
  // So many pages were too few, and in some of the places SQLite takes back the whole transaction.
  expect(pages).toBeGreaterThan(50);
});

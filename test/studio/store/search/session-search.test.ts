import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../../../src/studio/store/open-database";
import { openSqliteStore } from "../../../../src/studio/store/sqlite-store";
import type { Store } from "../../../../src/studio/store/store";
import { observationOf, START_US } from "../records";

let folder: string;
let path: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-search-"));
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
function catchUp(maxLength?: number): number {
  let steps = 1;
  while (store.search.step(maxLength)) steps++;
  return steps;
}

function find(search: string, from = store): string[] {
  return from
    .findSessions({ sort: "id", order: "asc", limit: 100, search })
    .rows.map(({ session }) => session.id);
}

function matchOf(search: string) {
  const [row] = store.findSessions({ sort: "id", order: "asc", limit: 1, search }).rows;
  return row === undefined ? undefined : { match: row.match, matchTraceId: row.matchTraceId };
}

/** Whether the index is asked or, before it has read anything, the rows themselves. */
describe.each([
  ["with the index caught up", () => void catchUp()],
  ["before the index has read anything", () => {}],
])("a search %s", (_name, settle) => {
  it.each([
    ["id", "chat"],
    ["user", "ann@exam"],
    ["tag", "billing"],
    ["traceId", "feed00"],
    ["traceName", "checkout"],
    ["observationId", "abcd"],
    ["name", "lookup"],
    ["model", "gpt-4"],
    ["input", "paris weather"],
    ["output", "sunny"],
    ["statusMessage", "timeout"],
    ["metadata", "shard"],
  ])("finds a session by its %s and shows where it stands", (field, search) => {
    put({
      sessionId: "chat-77",
      traceId: "feed0042",
      id: "abcd1234",
      userId: "ann@example.com",
      tags: ["billing"],
      traceName: "checkout",
      name: "lookup",
      model: "gpt-4o",
      input: '[{"role":"user","content":"weather in\\nParis?"}]',
      output: "It is sunny there",
      statusMessage: "A timeout came",
      metadata: { shard: 7 },
    });
    put({ sessionId: "other", traceId: "0815", id: "99", name: "else" });
    settle();
    expect(find(search)).toEqual(["chat-77"]);
    const found = matchOf(search);
    expect(found?.match?.field).toBe(field);
    expect(found?.matchTraceId).toBe("feed0042");
    const [first] = search.split(/\W/);
    expect(found?.match?.snippet.toLowerCase()).toContain(first);
  });

  it("wants all words in one turn, in any order, the last one from its beginning", () => {
    put({ sessionId: "both", traceId: "1", input: "alpha", output: "beta" });
    put({ sessionId: "apart", traceId: "2", input: "alpha" });
    put({ sessionId: "apart", traceId: "3", input: "beta" });
    settle();
    expect(find("beta alpha")).toEqual(["both"]);
    expect(find("alpha be")).toEqual(["both"]);
    expect(find("be alpha")).toEqual([]);
    expect(find("alpha")).toEqual(["apart", "both"]);
  });

  it("is narrowed by filters and counted with them", () => {
    for (const id of ["a", "b", "c"]) {
      put({ sessionId: id, traceId: id, input: "word", environment: id === "c" ? "dev" : "prod" });
    }
    settle();
    const page = store.findSessions({
      sort: "activity",
      order: "desc",
      limit: 1,
      search: "word",
      environments: ["prod"],
    });
    expect(page.totalCount).toBe(2);
    expect(page.nextCursor).toBeDefined();
    expect(store.sessionFacets({ search: "word" }).environments).toEqual([
      { value: "prod", count: 2 },
      { value: "dev", count: 1 },
    ]);
  });

  it("does not narrow the list while no word is typed", () => {
    put({ sessionId: "a" });
    settle();
    expect(find(" ")).toEqual(["a"]);
    expect(find('"*')).toEqual(["a"]);
  });

  it("takes operators, quotes and broken text for words", () => {
    put({ input: "NOT near OR" });
    settle();
    expect(find("NOT NEAR")).toEqual(["s"]);
    for (const search of [
      '"',
      "a* OR",
      "text:x",
      "^a",
      "(",
      "{a b}:c",
      "\ud800",
      "-",
      "a\0b",
      "\u{1e4d0}\u{1e4d1}",
    ]) {
      expect(() => find(search)).not.toThrow();
    }
  });

  it("shows the newest of several turns", () => {
    put({ traceId: "old", input: "word" });
    settle();
    put({ traceId: "new", startUs: START_US + 5, input: "word again" });
    settle();
    expect(matchOf("word")).toEqual({
      matchTraceId: "new",
      match: { field: "input", snippet: "word again" },
    });
  });

  it("finds the text that an observation has now, not the one it had", () => {
    put({ output: "first" });
    settle();
    put({ output: "second", endUs: START_US + 9_000_000 });
    settle();
    expect(find("second")).toEqual(["s"]);
    expect(find("first")).toEqual([]);
  });

  it("follows a turn that gets its session late, and one that changes it", () => {
    store.putObservations([observationOf({ sessionId: null, input: "word" })]);
    settle();
    expect(find("word")).toEqual([]);
    put({ id: "root", sessionId: "late", startUs: START_US + 1 });
    settle();
    expect(find("word")).toEqual(["late"]);
    put({ id: "more", sessionId: "later", startUs: START_US + 2 });
    settle();
    expect(find("word")).toEqual(["later"]);
  });
});

describe("the search index", () => {
  it("goes on where it was when the file is opened again", async () => {
    for (let index = 0; index < 50; index++) {
      put({ traceId: `t${index}`, sessionId: `s${index}`, input: `word${index} `.repeat(50) });
    }
    expect(store.search.step(2_000)).toBe(true);
    store.close();
    store = await openSqliteStore(path);
    expect(catchUp(2_000)).toBeGreaterThan(5);
    for (const index of [0, 7, 25, 49])
      expect(find(`word${index}x`.slice(0, -1))).toContain(`s${index}`);
    expect(store.search.step()).toBe(false);
  });

  it("reads a text of megabytes in steps, and finds its beginning, its middle and its end", () => {
    const filler = "lorem ipsum dolor ".repeat(60_000);
    put({ output: `start0 ${filler} middle0 ${filler} end0`, name: "large" });
    expect(catchUp(20_000)).toBeGreaterThan(30);
    expect(find("start0")).toEqual(["s"]);
    expect(find("middle0 start0")).toEqual([]); // all words in one piece of a turn of that size
    expect(find("middle0")).toEqual(["s"]);
    expect(find("end0")).toEqual(["s"]);
    expect(matchOf("end0")?.matchTraceId).toBe("t");
  });

  it("reads a change that comes while a large text is half read", () => {
    put({ output: "old0 ".repeat(20_000) });
    expect(store.search.step(10_000)).toBe(true);
    put({ output: "new0", endUs: START_US + 9_000_000 });
    catchUp();
    expect(find("old0")).toEqual([]);
    expect(find("new0")).toEqual(["s"]);
  });

  it("finds words together that came with different observations of a turn", () => {
    put({ id: "child", parentId: "root", input: "penguin" });
    catchUp();
    put({ id: "second", parentId: "root", input: "walrus" });
    catchUp();
    put({ id: "root", output: "lantern", userId: "alice", tags: ["vip"] });
    catchUp();
    expect(find("penguin walrus lantern")).toEqual(["s"]);
    expect(find("walrus vip alice")).toEqual(["s"]);
    expect(find("walrus bob")).toEqual([]);
    expect(matchOf("lantern")?.match).toEqual({ field: "output", snippet: "lantern" });
  });

  it("finds words together that steps have read apart, up to the length of a document", () => {
    const filler = "lorem ipsum ".repeat(400);
    put({ id: "1", input: `start0 ${filler}`, output: `middle0 ${filler}` });
    put({ id: "2", parentId: "1", input: "end0" });
    expect(catchUp(2_000)).toBeGreaterThan(2);
    expect(find("start0 middle0 end0")).toEqual(["s"]);
    put({ id: "3", parentId: "1", input: `${filler} ${filler} after0` });
    catchUp(2_000);
    put({ id: "4", parentId: "1", input: "last0" });
    catchUp(2_000);
    expect(find("start0 middle0 end0")).toEqual(["s"]);
    expect(find("after0")).toEqual(["s"]);
    expect(find("last0")).toEqual(["s"]);
    expect(find("start0 after0")).toEqual([]);
  });

  it("forgets what is deleted from the tables", async () => {
    put({ sessionId: "a", traceId: "gone", input: "word" });
    put({ sessionId: "a", traceId: "kept", input: "other" });
    catchUp();
    const database = await openDatabase(path);
    database.exec("DELETE FROM observations WHERE trace_id = 'gone'");
    database.close();
    catchUp();
    expect(find("word")).toEqual([]);
    expect(find("other")).toEqual(["a"]);
  });

  it("is filled by two that have the file open, each thing once", async () => {
    const other = await openSqliteStore(path);
    for (let index = 0; index < 20; index++) {
      put({ traceId: `t${index}`, sessionId: `s${index}`, input: "word" });
    }
    while (store.search.step(500) || other.search.step(500));
    expect(find("word")).toHaveLength(20);
    expect(find("word", other)).toHaveLength(20);
    other.close();
    const database = await openDatabase(path);
    const docs = database.prepare("SELECT count(*) AS count FROM search_docs").get();
    expect(docs?.["count"]).toBe(20);
    database.close();
  });

  it("does not keep the texts a second time", async () => {
    const word = "unmistakablecontent";
    put({ input: `${word} here` });
    catchUp();
    store.close();
    const database = await openDatabase(path);
    const rows = database.prepare("SELECT text FROM search_texts").all();
    expect(rows).toEqual([{ text: null }]);
    database.close();
    store = await openSqliteStore(path);
    expect(find(word)).toEqual(["s"]);
  });
});

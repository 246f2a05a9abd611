import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../../src/studio/store/open-database";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import type { Store } from "../../../src/studio/store/store";
import { observationOf, scoreOf } from "./records";

let folder: string;
let path: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-group-"));
  path = join(folder, "studio.db");
  store = await openSqliteStore(path);
});
afterEach(async () => {
  store.close();
  await rm(folder, { recursive: true });
});

const put = (id: string) => () =>
  void store.putObservations([observationOf({ id, traceId: id, sessionId: "s" })]);

/** Makes SQLite refuse observations of that name, as a defect or a full disk would. */
async function refuse(name: string, how: "ABORT" | "ROLLBACK"): Promise<void> {
  const other = await openDatabase(path);
  other.exec(`CREATE TRIGGER refusal BEFORE INSERT ON observations WHEN NEW.name = '${name}'
    BEGIN SELECT RAISE(${how}, 'refused'); END`);
  other.close();
}

describe("a group of writes", () => {
  it("is told as one change, with the sessions of all writes", () => {
    const outcome = store.writeTogether([
      put("a"),
      put("b"),
      () => void store.putScore(scoreOf({ sessionId: "other" })),
    ]);
    expect(outcome).toEqual({
      change: { sessionIds: ["other", "s"], traceIds: ["a", "b"] },
      errors: [undefined, undefined, undefined],
    });
    expect(store.getSession("s")?.traceCount).toBe(2);
  });

  it("sums up a score that came before its trace in the same group", () => {
    store.writeTogether([() => void store.putScore(scoreOf({ traceId: "a" })), put("a")]);
    expect(store.getSession("s")?.scores).toMatchObject([{ name: "quality", count: 1 }]);
  });

  it("keeps nothing of a write that throws, and all of the others", () => {
    const error = new Error("half way");
    const outcome = store.writeTogether([
      put("a"),
      () => {
        put("b")();
        throw error;
      },
      put("c"),
    ]);
    expect(outcome.errors).toEqual([undefined, error, undefined]);
    expect(outcome.change.traceIds).toEqual(["a", "c"]);
    expect(store.getTrace("b")).toBeUndefined();
    expect(store.getSession("s")?.traceCount).toBe(2);
  });

  it.each(["ABORT", "ROLLBACK"] as const)(
    "keeps the others when the database refuses one with %s",
    async (how) => {
      await refuse("poison", how);
      const outcome = store.writeTogether([
        put("a"),
        () => void store.putObservations([observationOf({ traceId: "b", name: "poison" })]),
        put("c"),
      ]);
      expect(outcome.errors).toEqual([
        undefined,
        expect.objectContaining({ message: expect.stringContaining("refused") }),
        undefined,
      ]);
      expect([...outcome.change.traceIds].sort()).toEqual(["a", "c"]);
      expect(store.getTrace("b")).toBeUndefined();
      expect(store.getSession("s")?.traceCount).toBe(2);
      put("d")();
      expect(store.getTrace("d")).toBeDefined();
    },
  );

  it("says nothing changed when all of it was there before", () => {
    store.writeTogether([put("a"), put("b")]);
    expect(store.writeTogether([put("b"), put("a")]).change).toEqual({
      sessionIds: [],
      traceIds: [],
    });
  });
});

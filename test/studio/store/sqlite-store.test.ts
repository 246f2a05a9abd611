import { chmod, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../../src/studio/store/open-database";
import type { ObservationRecord } from "../../../src/studio/store/records";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import { observationOf, START_US, scoreOf } from "./records";
import { snapshotOf } from "./snapshot";
import { describeStore } from "./store-contract";

describeStore("SQLite in memory", () => openSqliteStore(":memory:"));

describe("SQLite in a file", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "playhead-store-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("keeps everything for the next one who opens it", async () => {
    const path = join(folder, "studio.db");
    const first = await openSqliteStore(path);
    first.putObservations([observationOf({ sessionId: "s" })]);
    first.putScore(scoreOf({ traceId: "t" }));
    const before = snapshotOf(first);
    first.close();

    const second = await openSqliteStore(path);
    expect(snapshotOf(second)).toEqual(before);
    second.close();
  });

  it("is created with its folders, for the owner alone", async () => {
    const path = join(folder, "a", "b", "studio.db");
    (await openSqliteStore(path)).close();
    if (process.platform === "win32") return; // has no modes
    expect((await stat(join(folder, "a", "b"))).mode & 0o777).toBe(0o700);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("leaves the mode of a file that is already there", async () => {
    const path = join(folder, "studio.db");
    (await openSqliteStore(path)).close();
    await chmod(path, 0o640);
    (await openSqliteStore(path)).close();
    if (process.platform !== "win32") expect((await stat(path)).mode & 0o777).toBe(0o640);
  });

  it("can be written by two at a time", async () => {
    const path = join(folder, "studio.db");
    const one = await openSqliteStore(path);
    const two = await openSqliteStore(path);
    one.putObservations([observationOf({ id: "1" })]);
    two.putObservations([observationOf({ id: "2" })]);
    expect(one.getTrace("t")?.observationCount).toBe(2);
    one.close();
    two.close();
  });

  it("of an earlier version is brought forward with all that is in it", async () => {
    const path = join(folder, "studio.db");
    const earlier = await openDatabase(path);
    earlier.exec(await readFile(new URL("schema-2.sql", import.meta.url), "utf8"));
    earlier.close();
    const store = await openSqliteStore(path);
    while (store.search.step());
    const { rows } = store.findSessions({ sort: "cost", order: "desc", limit: 10, search: "aga" });
    expect(rows).toEqual([
      {
        session: store.getSession("s"),
        match: { field: "input", snippet: "hello again" },
        matchTraceId: "t2",
      },
    ]);
    expect(store.getSession("s")).toEqual({
      id: "s",
      firstMessage: "hello there",
      traceCount: 2,
      userIds: ["ann"],
      tags: ["x", "y"],
      environments: ["prod"],
      scores: [
        {
          ...{ name: "helpful", dataType: "NUMERIC", count: 2, mean: 0.75 },
          distribution: { min: 0.5, max: 1, bins: [1, 0, 0, 0, 0, 0, 0, 1] },
        },
        {
          name: "verdict",
          dataType: "CATEGORICAL",
          count: 1,
          categories: [{ value: "good", count: 1 }],
        },
      ],
      isBookmarked: false,
      observationCount: 2,
      errorCount: 1,
      inputTokens: 4,
      outputTokens: 5,
      totalTokens: 9,
      totalCost: 0.3,
      models: ["m1", "m2"],
      startUs: 1000,
      endUs: 5000,
    });
    expect(store.sessionFacets({ tags: ["y"], scores: [{ name: "helpful" }] })).toEqual({
      users: [{ value: "ann", count: 1 }],
      tags: [
        { value: "x", count: 1 },
        { value: "y", count: 1 },
      ],
      models: [
        { value: "m1", count: 1 },
        { value: "m2", count: 1 },
      ],
      environments: [{ value: "prod", count: 1 }],
      scoreNames: [
        { value: "helpful", count: 1 },
        { value: "verdict", count: 1 },
      ],
    });
    store.close();
  });

  it("is refused when a newer version wrote it", async () => {
    const path = join(folder, "studio.db");
    const database = await openDatabase(path);
    database.exec("PRAGMA user_version = 99");
    database.close();
    await expect(openSqliteStore(path)).rejects.toThrow("schema version 99");
  });

  it.each([
    ["ALTER TABLE scores DROP COLUMN config_id", "it lacks the column scores.config_id"],
    ["DROP TABLE sessions", "it lacks the column sessions.seq"],
    ["ALTER TABLE traces ADD COLUMN old TEXT", "it has an unknown column traces.old"],
  ])("is refused when another version made it: %s", async (change, difference) => {
    const path = join(folder, "studio.db");
    (await openSqliteStore(path)).close();
    const database = await openDatabase(path);
    database.exec(change);
    database.close();
    await expect(openSqliteStore(path)).rejects.toMatchObject({
      name: "SchemaMismatchError",
      message: `one made by another version of playhead (${difference})`,
    });
  });

  it("is refused, and left as it is, when it belongs to another program", async () => {
    const path = join(folder, "other.db");
    const other = await openDatabase(path);
    other.exec("CREATE TABLE notes (text TEXT)");
    other.close();
    const before = await readFile(path);
    await expect(openSqliteStore(path)).rejects.toMatchObject({ name: "ForeignDatabaseError" });
    expect(await readFile(path)).toEqual(before);
    expect(await readdir(folder)).toEqual(["other.db"]);
  });
});

describe("any order", () => {
  const observation = fc.record({
    traceId: fc.constantFrom("t1", "t2", "t3"),
    id: fc.constantFrom("a", "b", "c", "d"),
    parentId: fc.constantFrom(null, "a", "b", "x"),
    isAppRoot: fc.boolean(),
    startUs: fc.integer({ min: START_US, max: START_US + 3 }),
    endUs: fc.integer({ min: START_US + 3, max: START_US + 5 }),
    level: fc.constantFrom("DEFAULT" as const, "ERROR" as const),
    model: fc.constantFrom(null, "m1", "m2"),
    totalTokens: fc.nat(100),
    totalCost: fc.constantFrom(null, 0.1, 0.25, 0.7),
    sessionId: fc.constantFrom(null, "s1", "s2"),
    userId: fc.constantFrom(null, "u1", "u2"),
    tags: fc.constantFrom([], ["x"], ["y", "z"]),
    environment: fc.constantFrom("default", "prod"),
    input: fc.constantFrom(null, "hello", '{"question":"why"}'),
  });
  const score = fc.record({
    id: fc.uuid(),
    traceId: fc.constantFrom("t1", "t2"),
    value: fc.constantFrom(0, 0.1, 0.7, 1),
  });

  /** Batches of the same things, in another order, some of them twice. */
  const arrivals = fc
    .tuple(
      fc.array(observation, { minLength: 1, maxLength: 12 }),
      fc.uniqueArray(score, { maxLength: 3, selector: ({ id }) => id }),
    )
    .chain(([observations, scores]) => {
      const steps = [...observations.map(observationOf), ...scores.map(scoreOf)];
      return fc.record({
        steps: fc.constant(steps),
        permuted: fc.shuffledSubarray(steps, { minLength: steps.length }),
        repeated: fc.subarray(steps),
        batchSize: fc.integer({ min: 1, max: 5 }),
      });
    });

  it("of batches, and any repetition, gives the same store", async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async ({ steps, permuted, repeated, batchSize }) => {
        const one = await storeOf(steps, steps.length);
        const other = await storeOf([...permuted, ...repeated], batchSize);
        expect(other).toEqual(one);
      }),
      { numRuns: 200 },
    );
  });

  type Step = ObservationRecord | ReturnType<typeof scoreOf>;

  async function storeOf(steps: readonly Step[], batchSize: number) {
    const store = await openSqliteStore(":memory:");
    for (let start = 0; start < steps.length; start += batchSize) {
      const batch = steps.slice(start, start + batchSize);
      store.putObservations(batch.filter((step) => "startUs" in step));
      for (const step of batch) if (!("startUs" in step)) store.putScore(step);
    }
    const snapshot = snapshotOf(store);
    store.close();
    return snapshot;
  }
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SESSION_SORTS, type SessionSort } from "../../../src/studio/api/session-sorts";
import { InvalidCursorError } from "../../../src/studio/store/cursor";
import type { SessionFilter } from "../../../src/studio/store/session-filter";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import type { Store } from "../../../src/studio/store/store";
import { observationOf, START_US, scoreOf } from "./records";

const SECOND_US = 1_000_000;

let store: Store;
beforeEach(async () => {
  store = await openSqliteStore(":memory:");
});
afterEach(() => store.close());

/** One observation, a trace and a session of its own unless said otherwise. */
function put(sessionId: string, overrides: Parameters<typeof observationOf>[0] = {}): void {
  store.putObservations([
    observationOf({ sessionId, traceId: `trace of ${sessionId}`, ...overrides }),
  ]);
}

function idsOf(filter: SessionFilter, sort: SessionSort = "id"): string[] {
  const page = store.findSessions({ sort, order: "asc", limit: 1_000, ...filter });
  expect(page.totalCount).toBe(page.rows.length);
  return page.rows.map(({ session }) => session.id);
}

describe("a list of sessions", () => {
  /** Each column has values that come twice. */
  function putVaried(): void {
    for (const [index, id] of ["d", "a", "f", "c", "b", "e"].entries()) {
      const half = Math.floor(index / 2);
      put(id, {
        startUs: START_US - half * SECOND_US,
        endUs: START_US + (index % 3) * SECOND_US + SECOND_US,
        totalTokens: half * 10,
        totalCost: half === 0 ? null : half / 4,
        level: half === 1 ? "ERROR" : "DEFAULT",
      });
      for (let more = 0; more < half; more++) {
        put(id, { traceId: `${id} ${more}`, startUs: START_US, endUs: START_US + 1 });
      }
    }
  }

  const sortedValue: Record<SessionSort, (session: { [key: string]: unknown }) => unknown> = {
    activity: (session) => session["endUs"],
    start: (session) => session["startUs"],
    duration: (session) => Number(session["endUs"]) - Number(session["startUs"]),
    turns: (session) => session["traceCount"],
    tokens: (session) => session["totalTokens"],
    cost: (session) => session["totalCost"] ?? -1,
    errors: (session) => session["errorCount"],
    observations: (session) => session["observationCount"],
    id: (session) => session["id"],
  };

  it.each(SESSION_SORTS.flatMap((sort) => [[sort, "asc"] as const, [sort, "desc"] as const]))(
    "comes in the order of %s %s, of equal ones by id, whatever the size of a page",
    (sort, order) => {
      putVaried();
      const all = store
        .findSessions({ sort, order, limit: 100 })
        .rows.map(({ session }) => session);
      const key = (session: (typeof all)[number]) => sortedValue[sort]({ ...session });
      const sign = order === "asc" ? 1 : -1;
      const expected = all.toSorted((a, b) => {
        const [x, y] = [key(a) as number, key(b) as number]; // or texts, which compare as well
        return sign * (x === y ? (a.id < b.id ? -1 : 1) : x < y ? -1 : 1);
      });
      expect(all).toHaveLength(6);
      expect(all).toEqual(expected);

      for (const limit of [1, 2, 4]) {
        const ids: string[] = [];
        let cursor: string | undefined;
        do {
          const page = store.findSessions({ sort, order, limit, cursor });
          expect(page.totalCount).toBe(6);
          expect(page.rows.length).toBeLessThanOrEqual(limit);
          ids.push(...page.rows.map(({ session }) => session.id));
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        expect(ids).toEqual(all.map(({ id }) => id));
      }
    },
  );

  it("goes on behind the last row when newer sessions arrive between two pages", () => {
    for (const [index, id] of ["a", "b", "c", "d"].entries()) {
      put(id, { startUs: START_US + index * SECOND_US });
    }
    const query = { sort: "activity", order: "desc", limit: 2 } as const;
    const first = store.findSessions(query);
    put("new", { startUs: START_US + 60 * SECOND_US });
    put("d", { id: "more", startUs: START_US + 90 * SECOND_US });
    const second = store.findSessions({ ...query, cursor: first.nextCursor });
    expect(first.rows.map(({ session }) => session.id)).toEqual(["d", "c"]);
    expect(second.rows.map(({ session }) => session.id)).toEqual(["b", "a"]);
  });

  it("refuses the cursor of another sort or order, and one that is none", () => {
    for (const id of ["a", "b"]) put(id);
    const { nextCursor } = store.findSessions({ sort: "cost", order: "desc", limit: 1 });
    expect(nextCursor).toBeDefined();
    for (const query of [
      { sort: "turns", order: "desc", cursor: nextCursor },
      { sort: "cost", order: "asc", cursor: nextCursor },
      { sort: "cost", order: "desc", cursor: "e30" },
      { sort: "cost", order: "desc", cursor: "%" },
    ] as const) {
      expect(() => store.findSessions({ limit: 1, ...query })).toThrow(InvalidCursorError);
    }
  });

  it("is the same for few and for thousands of sessions that a filter leaves", () => {
    const ids = Array.from({ length: 2_500 }, (_, index) => `s${String(index).padStart(4, "0")}`);
    store.putObservations(
      ids.map((id, index) =>
        observationOf({
          traceId: id,
          sessionId: id,
          environment: index < 2_400 ? "many" : "few",
          totalTokens: index % 7,
        }),
      ),
    );
    for (const [environment, from, to] of [
      ["many", 0, 2_400],
      ["few", 2_400, 2_500],
    ] as const) {
      const query = { sort: "tokens", order: "desc", environments: [environment] } as const;
      const expected = ids
        .slice(from, to)
        .map((id, index) => ({ id, tokens: (from + index) % 7 }))
        .sort((a, b) => b.tokens - a.tokens || (a.id < b.id ? 1 : -1))
        .map(({ id }) => id);
      const first = store.findSessions({ ...query, limit: 60 });
      const second = store.findSessions({ ...query, limit: 60, cursor: first.nextCursor });
      expect(first.totalCount).toBe(to - from);
      expect([...first.rows, ...second.rows].map(({ session }) => session.id)).toEqual(
        expected.slice(0, 120),
      );
      expect(store.sessionFacets({ environments: [environment] }).environments).toEqual([
        { value: "many", count: 2_400 },
        { value: "few", count: 100 },
      ]);
      expect(store.sessionFacets({ minTokens: 0, environments: [environment] }).tags).toEqual([]);
    }
  });
});

describe("a filter of sessions", () => {
  it("takes the last activity from a time on and before another", () => {
    put("a", { startUs: START_US, endUs: START_US + 10 });
    put("b", { startUs: START_US, endUs: START_US + 20 });
    expect(idsOf({ fromUs: START_US + 10, toUs: START_US + 20 })).toEqual(["a"]);
    expect(idsOf({ fromUs: START_US + 11 })).toEqual(["b"]);
  });

  it("takes any of the users, tags, models and environments, and all of the filters", () => {
    put("a", { userId: "ann", tags: ["x", "y"], model: "m1", environment: "prod" });
    put("b", { userId: "bob", tags: ["y"], model: "m2", environment: "prod" });
    put("c", { userId: "cy", tags: [], model: null, environment: "dev" });
    expect(idsOf({ users: ["ann", "cy"] })).toEqual(["a", "c"]);
    expect(idsOf({ tags: ["x", "none"] })).toEqual(["a"]);
    expect(idsOf({ tags: ["y"] })).toEqual(["a", "b"]);
    expect(idsOf({ models: ["m2"] })).toEqual(["b"]);
    expect(idsOf({ environments: ["prod"], users: ["bob", "cy"] })).toEqual(["b"]);
    expect(idsOf({ users: ["' OR 1 = 1 --"] })).toEqual([]);
    expect(idsOf({ users: [], tags: [] })).toEqual(["a", "b", "c"]);
  });

  it("takes least turns, cost, tokens and duration, errors or none", () => {
    put("a", { totalCost: 0.1, totalTokens: 5, level: "ERROR" });
    put("a", { traceId: "more", totalCost: 0.2, totalTokens: 5 });
    put("b", { endUs: START_US + 90 * SECOND_US, totalCost: null });
    expect(idsOf({ minTurns: 2 })).toEqual(["a"]);
    expect(idsOf({ minCost: 0.3 })).toEqual(["a"]);
    expect(idsOf({ minCost: 0.31 })).toEqual([]);
    expect(idsOf({ minCost: 0 })).toEqual(["a"]);
    expect(idsOf({ minTokens: 10 })).toEqual(["a"]);
    expect(idsOf({ minDurationMs: 90_000 })).toEqual(["b"]);
    expect(idsOf({ hasErrors: true })).toEqual(["a"]);
    expect(idsOf({ hasErrors: false })).toEqual(["b"]);
  });

  it("takes any of the scores: by name, by mean, by category", () => {
    for (const id of ["a", "b", "c"]) put(id);
    store.putScore(scoreOf({ id: "1", sessionId: "a", name: "helpful", value: 0.6 }));
    store.putScore(scoreOf({ id: "2", traceId: "trace of a", name: "helpful", value: 1 }));
    store.putScore(scoreOf({ id: "3", sessionId: "b", name: "helpful", value: 0.1 }));
    store.putScore(
      scoreOf({
        id: "4",
        sessionId: "c",
        name: "verdict",
        dataType: "CATEGORICAL",
        value: 0,
        stringValue: "good",
      }),
    );
    const by = (operator: ">=" | "<=" | "=", number: number | undefined, text: string) => ({
      operator,
      number,
      text,
    });
    expect(idsOf({ scores: [{ name: "helpful" }] })).toEqual(["a", "b"]);
    expect(idsOf({ scores: [{ name: "helpful", comparison: by(">=", 0.8, "0.8") }] })).toEqual([
      "a",
    ]);
    expect(idsOf({ scores: [{ name: "helpful", comparison: by("<=", 0.1, "0.1") }] })).toEqual([
      "b",
    ]);
    expect(idsOf({ scores: [{ name: "helpful", comparison: by("=", 0.8, ".8") }] })).toEqual(["a"]);
    expect(
      idsOf({
        scores: [
          { name: "verdict", comparison: by("=", undefined, "good") },
          { name: "helpful", comparison: by("<=", 0.5, "0.5") },
        ],
      }),
    ).toEqual(["b", "c"]);
    expect(idsOf({ scores: [{ name: "verdict", comparison: by("=", undefined, "bad") }] })).toEqual(
      [],
    );
    expect(idsOf({ scores: [{ name: "verdict", comparison: by(">=", 0, "0") }] })).toEqual([]);
  });
});

describe("facets", () => {
  it("count the sessions that all other filters leave, the most frequent first", () => {
    put("a", { userId: "ann", tags: ["x"], environment: "prod", model: "m1" });
    put("b", { userId: "bob", tags: ["x", "y"], environment: "prod", model: "m1" });
    put("c", { userId: "ann", tags: [], environment: "dev", model: "m2" });
    store.putScore(scoreOf({ sessionId: "b", name: "helpful" }));
    expect(store.sessionFacets({})).toEqual({
      users: [
        { value: "ann", count: 2 },
        { value: "bob", count: 1 },
      ],
      tags: [
        { value: "x", count: 2 },
        { value: "y", count: 1 },
      ],
      models: [
        { value: "m1", count: 2 },
        { value: "m2", count: 1 },
      ],
      environments: [
        { value: "prod", count: 2 },
        { value: "dev", count: 1 },
      ],
      scoreNames: [{ value: "helpful", count: 1 }],
    });
    expect(store.sessionFacets({ users: ["ann"], environments: ["prod"] })).toEqual({
      users: [
        { value: "ann", count: 1 },
        { value: "bob", count: 1 },
      ],
      tags: [{ value: "x", count: 1 }],
      models: [{ value: "m1", count: 1 }],
      environments: [
        { value: "dev", count: 1 },
        { value: "prod", count: 1 },
      ],
      scoreNames: [],
    });
  });

  it("give at most 100 values of each", () => {
    store.putObservations(
      Array.from({ length: 130 }, (_, index) =>
        observationOf({
          traceId: `t${index}`,
          sessionId: `s${index}`,
          userId: `u${String(index).padStart(3, "0")}`,
        }),
      ),
    );
    const { users } = store.sessionFacets({});
    expect(users).toHaveLength(100);
    expect(users.at(-1)).toEqual({ value: "u099", count: 1 });
  });

  it("forget the name of a score that went to another session", () => {
    put("old", { traceId: "t" });
    store.putScore(scoreOf({ traceId: "t", name: "helpful" }));
    put("new", { traceId: "t", id: "later", startUs: START_US + SECOND_US });
    put("old", { traceId: "other" });
    expect(store.sessionFacets({ scores: [{ name: "helpful" }] }).scoreNames).toEqual([
      { value: "helpful", count: 1 },
    ]);
    expect(idsOf({ scores: [{ name: "helpful" }] })).toEqual(["new"]);
  });
});

describe("the scores of a session", () => {
  it("are counted by category, the most frequent first", () => {
    put("s");
    for (const [index, value] of ["good", "bad", "good"].entries()) {
      store.putScore(
        scoreOf({
          id: String(index),
          sessionId: "s",
          name: "verdict",
          dataType: "CATEGORICAL",
          value: 0,
          stringValue: value,
        }),
      );
    }
    expect(store.getSession("s")?.scores).toEqual([
      {
        name: "verdict",
        dataType: "CATEGORICAL",
        count: 3,
        categories: [
          { value: "good", count: 2 },
          { value: "bad", count: 1 },
        ],
      },
    ]);
  });

  it("follow a score that changes its value, its name and its session", () => {
    put("one");
    put("two");
    const scores = (id: string) => store.getSession(id)?.scores;
    store.putScore(scoreOf({ id: "a", sessionId: "one", value: 0.1 }));
    store.putScore(scoreOf({ id: "b", sessionId: "one", value: 0.2 }));
    const quality = { name: "quality", dataType: "NUMERIC" };
    const from = (min: number, max: number) => ({
      ...{ ...quality, count: 2 },
      distribution: { min, max, bins: [1, 0, 0, 0, 0, 0, 0, 1] },
    });
    expect(scores("one")).toEqual([{ ...from(0.1, 0.2), mean: 0.15 }]);
    store.putScore(scoreOf({ id: "a", sessionId: "one", value: 0.4 }));
    expect(scores("one")).toEqual([{ ...from(0.2, 0.4), mean: 0.3 }]);
    store.putScore(scoreOf({ id: "a", sessionId: "one", name: "tone", value: 0.4 }));
    expect(scores("one")).toEqual([
      { ...quality, count: 1, mean: 0.2 },
      { name: "tone", dataType: "NUMERIC", count: 1, mean: 0.4 },
    ]);
    store.putScore(scoreOf({ id: "b", sessionId: "two", value: 0.2 }));
    store.putScore(scoreOf({ id: "a", sessionId: "two", value: 0.6 }));
    expect(scores("one")).toEqual([]);
    expect(scores("two")).toEqual([{ ...from(0.2, 0.6), mean: 0.4 }]);
  });

  it("stay writable when their values add up to more than a number holds", () => {
    put("s");
    for (const id of ["a", "b"]) store.putScore(scoreOf({ id, sessionId: "s", value: 1.7e308 }));
    for (const id of ["a", "b"]) store.putScore(scoreOf({ id, sessionId: "s", value: 1 }));
    expect(store.scoresOfSession("s").map(({ value }) => value)).toEqual([1, 1]);
    expect(store.getSession("s")?.scores).toHaveLength(1);
  });
});

describe("a bookmark", () => {
  const bookmarked = (): string[] => idsOf({ isBookmarked: true });

  it("is set and taken away, any number of times, and says what changed", () => {
    put("a");
    put("b");
    expect(store.setBookmark("a", true)).toEqual({ sessionIds: ["a"], traceIds: [] });
    store.setBookmark("a", true);
    expect(bookmarked()).toEqual(["a"]);
    expect(idsOf({ isBookmarked: false })).toEqual(["b"]);
    expect(store.getSession("a")?.isBookmarked).toBe(true);
    expect(store.getSession("b")?.isBookmarked).toBe(false);
    store.setBookmark("a", false);
    store.setBookmark("a", false);
    expect(bookmarked()).toEqual([]);
  });

  it("cannot be set on a session that is not there", () => {
    expect(store.setBookmark("none", true)).toBeUndefined();
    put("none");
    expect(bookmarked()).toEqual([]);
  });

  it("stays when observations come again, change, leave the session and come back", () => {
    put("s", { traceId: "t" });
    store.setBookmark("s", true);
    put("s", { traceId: "t" });
    put("s", { traceId: "t", id: "more" });
    put("s", { traceId: "t", endUs: START_US + 5 * SECOND_US });
    expect(bookmarked()).toEqual(["s"]);
    put("other", { traceId: "t", id: "later", startUs: START_US + 9 * SECOND_US });
    expect(bookmarked()).toEqual([]);
    put("s", { traceId: "t", id: "last", startUs: START_US + 10 * SECOND_US });
    expect(bookmarked()).toEqual(["s"]);
  });

  it("is there for the next one who opens the file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "playhead-bookmark-"));
    try {
      const path = join(folder, "studio.db");
      const first = await openSqliteStore(path);
      first.putObservations([observationOf({ sessionId: "s" })]);
      first.setBookmark("s", true);
      first.close();
      const second = await openSqliteStore(path);
      expect(second.getSession("s")?.isBookmarked).toBe(true);
      second.close();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InvalidCursorError } from "../../../src/studio/store/cursor";
import type { Store } from "../../../src/studio/store/store";
import { observationOf, START_US, scoreOf } from "./records";
import { snapshotOf } from "./snapshot";

/** What every implementation of `Store` must do. */
export function describeStore(name: string, open: () => Promise<Store>): void {
  describe(name, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    describe("observations", () => {
      it("gives back what was put in, to the last field", () => {
        const observation = observationOf({
          parentId: "p",
          isAppRoot: true,
          type: "generation",
          startNs: 789,
          completionStartUs: START_US + 5,
          level: "ERROR",
          statusMessage: "boom",
          model: "gpt-4o",
          modelParameters: { temperature: 0.5 },
          usageDetails: { input: 3, output: 2, total: 5 },
          costDetails: { total: 0.5 },
          inputTokens: 3,
          outputTokens: 2,
          totalTokens: 5,
          totalCost: 0.5,
          promptName: "prompt",
          promptVersion: 2,
          input: "in \u{1f600}",
          output: "",
          metadata: { nested: { list: [1, "two", null] } },
          origin: { scope: { name: "playhead" } },
          exceptions: [{ type: "Error", message: "m", stacktrace: null }],
          sessionId: "s",
          userId: "u",
          traceName: "trace",
          tags: ["a", "b"],
          isPublic: true,
          traceMetadata: { k: "v" },
          environment: "prod",
          release: "r",
          version: "v",
        });
        store.putObservations([observation]);
        expect(store.observationsOfTrace("t")).toEqual([observation]);
      });

      it("writes the replacement character for NUL, which ends a text in SQLite", () => {
        store.putObservations([
          observationOf({ traceId: "t\0", input: "a\0b", sessionId: "s\0", tags: ["x\0"] }),
        ]);
        store.putScore(scoreOf({ traceId: "t\0", comment: "c\0" }));
        expect(store.observationsOfTrace("t\ufffd")).toEqual([
          observationOf({
            traceId: "t\ufffd",
            input: "a\ufffdb",
            sessionId: "s\ufffd",
            tags: ["x\0"],
          }),
        ]);
        expect(store.getSession("s\ufffd")?.scores).toEqual([
          { name: "quality", dataType: "NUMERIC", count: 1, mean: 1 },
        ]);
      });

      it("keeps apart observations of two traces that share an id", () => {
        store.putObservations([observationOf({ traceId: "a" }), observationOf({ traceId: "b" })]);
        expect(store.listObservations({ limit: 10 }).rows).toHaveLength(2);
      });

      it("says that nothing changed when the same comes again", () => {
        const observations = [observationOf({ sessionId: "s" })];
        expect(store.putObservations(observations)).toEqual({ traceIds: ["t"], sessionIds: ["s"] });
        expect(store.putObservations(observations)).toEqual({ traceIds: [], sessionIds: [] });
      });

      it.each([
        ["ended later", { endUs: START_US + 1 }, { endUs: START_US + 2 }],
        ["sorts last when both ended together", { output: "a" }, { output: "b" }],
        ["has an output when the other has none", { output: null }, { output: "" }],
      ])("keeps the version that %s, whichever came first", async (_rule, loser, winner) => {
        const [a, b] = [observationOf(loser), observationOf(winner)];
        store.putObservations([a]);
        store.putObservations([b]);
        expect(store.observationsOfTrace("t")).toEqual([b]);

        const other = await open();
        other.putObservations([b, a]);
        expect(other.observationsOfTrace("t")).toEqual([b]);
        other.close();
      });

      it("orders siblings of one microsecond by their nanoseconds", () => {
        const ids = ["c", "a", "b"];
        store.putObservations(ids.map((id, startNs) => observationOf({ id, startNs })));
        expect(store.observationsOfTrace("t").map(({ id }) => id)).toEqual(ids);
      });

      it("takes nothing of a batch that fails", () => {
        const broken = observationOf({ id: "broken" });
        Object.defineProperty(broken, "metadata", {
          get: () => {
            throw new Error("unreadable");
          },
        });
        expect(() => store.putObservations([observationOf(), broken])).toThrow("unreadable");
        expect(snapshotOf(store).observations).toEqual([]);
        store.putObservations([observationOf()]);
        expect(snapshotOf(store).observations).toHaveLength(1);
      });
    });

    describe("trace summary", () => {
      it("sums up its observations", () => {
        store.putObservations([
          observationOf({ id: "root", name: "chat", totalCost: null, tags: ["b", "a"] }),
          observationOf({
            id: "1",
            parentId: "root",
            model: "m2",
            inputTokens: 3,
            outputTokens: 1,
            totalTokens: 4,
            totalCost: 0.5,
            startUs: START_US + 500_000,
            endUs: START_US + 3_000_000,
          }),
          observationOf({
            id: "2",
            parentId: "root",
            model: "m1",
            level: "ERROR",
            inputTokens: 1,
            totalTokens: 1,
            totalCost: 0.25,
            tags: ["c", "a"],
            isPublic: true,
          }),
        ]);
        expect(store.getTrace("t")).toEqual({
          id: "t",
          sessionId: null,
          name: "chat",
          userId: null,
          tags: ["a", "b", "c"],
          isPublic: true,
          environment: "default",
          release: null,
          version: null,
          rootId: "root",
          firstMessage: null,
          observationCount: 3,
          errorCount: 1,
          inputTokens: 4,
          outputTokens: 1,
          totalTokens: 5,
          totalCost: 0.75,
          models: ["m1", "m2"],
          startUs: START_US,
          endUs: START_US + 3_000_000,
        });
      });

      it("takes session, user, name, release and version from the latest observation that has them", () => {
        store.putObservations([
          observationOf({ id: "1", startUs: START_US + 2, sessionId: "new", userId: "new" }),
          observationOf({
            id: "2",
            startUs: START_US + 1,
            sessionId: "old",
            traceName: "named",
            release: "r",
            version: "v",
          }),
          observationOf({ id: "3", startUs: START_US + 3 }),
        ]);
        expect(store.getTrace("t")).toMatchObject({
          sessionId: "new",
          userId: "new",
          name: "named",
          release: "r",
          version: "v",
        });
      });

      it.each([
        [
          "the application's root over one without a parent",
          [{ id: "http" }, { id: "app", parentId: "http", isAppRoot: true }],
          "app",
        ],
        [
          "the earliest without a parent",
          [
            { id: "late", startUs: START_US + 5 },
            { id: "early" },
            { id: "child", parentId: "early", startUs: START_US - 5 },
          ],
          "early",
        ],
        [
          "the top of the earliest, while no root has arrived",
          [
            { id: "a", parentId: "gone", startUs: START_US + 5 },
            { id: "b", parentId: "a" },
          ],
          "a",
        ],
        [
          "the earliest in a circle of parents",
          [
            { id: "a", parentId: "b" },
            { id: "b", parentId: "a" },
          ],
          "a",
        ],
        ["itself for its own parent", [{ id: "a", parentId: "a" }], "a"],
      ])("lets %s speak for the trace", (_rule, observations, expected) => {
        store.putObservations(observations.map(observationOf));
        expect(store.getTrace("t")?.rootId).toBe(expected);
      });

      it("knows the first message once the root has arrived", () => {
        store.putObservations([observationOf({ id: "child", parentId: "root", input: "inner" })]);
        expect(store.getTrace("t")?.firstMessage).toBe("inner");
        store.putObservations([observationOf({ id: "root", input: '{"question":"outer?"}' })]);
        expect(store.getTrace("t")?.firstMessage).toBe("outer?");
      });

      it("is undefined for an unknown trace", () => {
        expect(store.getTrace("nope")).toBeUndefined();
      });
    });

    describe("session summary", () => {
      it("sums up its traces", () => {
        store.putObservations([
          observationOf({
            traceId: "t2",
            startUs: START_US + 10_000_000,
            sessionId: "s",
            userId: "u2",
            tags: ["y"],
            environment: "prod",
            model: "m",
            totalCost: 0.5,
            totalTokens: 4,
            input: "second",
          }),
          observationOf({
            traceId: "t1",
            sessionId: "s",
            userId: "u1",
            tags: ["x"],
            level: "ERROR",
            totalTokens: 3,
            input: "first",
          }),
          observationOf({ traceId: "t3", input: "no session" }),
        ]);
        expect(store.getSession("s")).toEqual({
          id: "s",
          firstMessage: "first",
          traceCount: 2,
          userIds: ["u1", "u2"],
          tags: ["x", "y"],
          environments: ["default", "prod"],
          scores: [],
          isBookmarked: false,
          observationCount: 2,
          errorCount: 1,
          inputTokens: 0,
          outputTokens: 0,
          totalTokens: 7,
          totalCost: 0.5,
          models: ["m"],
          startUs: START_US,
          endUs: START_US + 11_000_000,
        });
        expect(store.tracesOfSession("s").map(({ id }) => id)).toEqual(["t1", "t2"]);
        expect(store.listSessionlessTraces({ limit: 10 }).rows.map(({ id }) => id)).toEqual(["t3"]);
      });

      it("follows a trace that moves to another session, and forgets the one left empty", () => {
        store.putObservations([observationOf({ id: "1", sessionId: "old" })]);
        const change = store.putObservations([
          observationOf({ id: "2", sessionId: "new", startUs: START_US + 1 }),
        ]);
        expect([...change.sessionIds].sort()).toEqual(["new", "old"]);
        expect(store.getSession("old")).toBeUndefined();
        expect(store.getSession("new")?.observationCount).toBe(2);
      });

      it("counts a whole trace when only one of its observations names the session", () => {
        store.putObservations([observationOf({ id: "1" }), observationOf({ id: "2" })]);
        store.putObservations([observationOf({ id: "3", sessionId: "s" })]);
        expect(store.getSession("s")?.observationCount).toBe(3);
      });
    });

    describe("session list", () => {
      const sessions = [0, 1, 2, 3, 4].map((index) =>
        observationOf({
          traceId: `t${index}`,
          sessionId: `s${index}`,
          startUs: START_US + index * 10,
          // The oldest session is the one that was active last.
          endUs: START_US + 1_000_000 + (index === 0 ? 1_000 : index * 10),
          environment: index % 2 === 0 ? "even" : "odd",
        }),
      );

      it("is ordered by activity or by start, newest first", () => {
        store.putObservations(sessions);
        const ids = (orderBy: "activity" | "start") =>
          store.listSessions({ orderBy, limit: 10 }).rows.map(({ id }) => id);
        expect(ids("activity")).toEqual(["s0", "s4", "s3", "s2", "s1"]);
        expect(ids("start")).toEqual(["s4", "s3", "s2", "s1", "s0"]);
      });

      it("comes in pages that together hold every session once", () => {
        store.putObservations(sessions);
        const ids: string[] = [];
        let cursor: string | undefined;
        do {
          const page = store.listSessions({ orderBy: "activity", limit: 2, cursor });
          expect(page.totalCount).toBe(5);
          ids.push(...page.rows.map(({ id }) => id));
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        expect(ids).toEqual(["s0", "s4", "s3", "s2", "s1"]);
      });

      it("has no cursor when the last page is full", () => {
        store.putObservations(sessions);
        expect(store.listSessions({ orderBy: "start", limit: 5 }).nextCursor).toBeUndefined();
      });

      it("filters by environment and start, and counts what is left", () => {
        store.putObservations(sessions);
        const page = store.listSessions({
          orderBy: "start",
          limit: 1,
          offset: 1,
          environments: ["even", "unknown"],
          fromUs: START_US,
          toUs: START_US + 40,
        });
        expect(page.rows.map(({ id }) => id)).toEqual(["s0"]);
        expect(page.totalCount).toBe(2);
      });

      it.each(["", "nonsense", "e30"])("rejects the cursor %o", (cursor) => {
        expect(() => store.listSessions({ orderBy: "start", limit: 1, cursor })).toThrow(
          InvalidCursorError,
        );
      });
    });

    describe("observation list", () => {
      const observations = [
        observationOf({ id: "a", name: "one", level: "ERROR", userId: "u" }),
        observationOf({
          id: "b",
          parentId: "a",
          type: "generation",
          sessionId: "s",
          startUs: START_US + 1,
        }),
        observationOf({
          id: "c",
          parentId: "x",
          isAppRoot: true,
          version: "v",
          startUs: START_US + 2,
        }),
        observationOf({
          id: "d",
          traceId: "t2",
          parentId: "x",
          environment: "prod",
          startUs: START_US + 2,
        }),
      ];

      it.each([
        ["nothing", {}, ["d", "c", "b", "a"]],
        ["trace", { traceId: "t2" }, ["d"]],
        ["session", { sessionId: "s" }, ["b"]],
        ["user", { userId: "u" }, ["a"]],
        ["type", { type: "generation" as const }, ["b"]],
        ["name", { name: "one" }, ["a"]],
        ["level", { level: "ERROR" as const }, ["a"]],
        ["version", { version: "v" }, ["c"]],
        ["parent", { parentId: "x" }, ["d", "c"]],
        ["no parent", { parentId: null }, ["a"]],
        ["root", { isRoot: true }, ["c", "a"]],
        ["no root", { isRoot: false }, ["d", "b"]],
        ["environment", { environments: ["prod", "other"] }, ["d"]],
        ["start from", { fromUs: START_US + 1 }, ["d", "c", "b"]],
        ["start before", { toUs: START_US + 1 }, ["a"]],
      ])("filters by %s", (_field, filter, expected) => {
        store.putObservations(observations);
        const { rows } = store.listObservations({ limit: 10, ...filter });
        expect(rows.map(({ id }) => id)).toEqual(expected);
      });

      it("comes in pages that together hold every observation once", () => {
        store.putObservations(observations);
        const ids: string[] = [];
        let cursor: string | undefined;
        do {
          const page = store.listObservations({ limit: 1, cursor });
          ids.push(...page.rows.map(({ id }) => id));
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        expect(ids).toEqual(["d", "c", "b", "a"]);
      });
    });

    describe("scores", () => {
      it("gives back what was put in", () => {
        const score = scoreOf({
          traceId: "t",
          observationId: "o",
          dataType: "BOOLEAN",
          stringValue: "True",
          comment: "good",
          metadata: { by: "user" },
          configId: "c",
          queueId: "q",
        });
        store.putScore(score);
        expect(store.scoresOfTrace("t")).toEqual([score]);
      });

      it("replaces a score of the same id", () => {
        store.putScore(scoreOf({ traceId: "t", value: 1 }));
        store.putScore(scoreOf({ traceId: "t", value: 2 }));
        expect(store.scoresOfTrace("t").map(({ value }) => value)).toEqual([2]);
      });

      it("counts for the session of its trace, whether it came before or after the trace", () => {
        store.putScore(scoreOf({ id: "1", traceId: "t", value: 1 }));
        store.putObservations([observationOf({ sessionId: "s" })]);
        const change = store.putScore(scoreOf({ id: "2", traceId: "t", value: 0 }));
        store.putScore(scoreOf({ id: "3", sessionId: "s", name: "mood", dataType: "BOOLEAN" }));
        store.putScore(scoreOf({ id: "4", sessionId: "s", name: "text", dataType: "TEXT" }));
        expect(change).toEqual({ traceIds: ["t"], sessionIds: ["s"] });
        expect(store.getSession("s")?.scores).toEqual([
          { name: "mood", dataType: "BOOLEAN", count: 1, mean: 1 },
          {
            ...{ name: "quality", dataType: "NUMERIC", count: 2, mean: 0.5 },
            distribution: { min: 0, max: 1, bins: [1, 0, 0, 0, 0, 0, 0, 1] },
          },
        ]);
        expect(store.scoresOfSession("s").map(({ id }) => id)).toEqual(["3", "4"]);
      });

      it("moves to another session with its trace", () => {
        store.putObservations([observationOf({ id: "1", sessionId: "old" })]);
        store.putScore(scoreOf({ traceId: "t" }));
        store.putObservations([
          observationOf({ id: "2", sessionId: "new", startUs: START_US + 1 }),
        ]);
        expect(store.getSession("new")?.scores).toEqual([
          { name: "quality", dataType: "NUMERIC", count: 1, mean: 1 },
        ]);
      });
    });

    it("can be closed twice", () => {
      store.close();
      store.close();
    });
  });
}

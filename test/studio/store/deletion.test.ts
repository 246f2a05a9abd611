import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChangeEvent } from "../../../src/studio/api/types";
import { EVENT_FOLD } from "../../../src/studio/ingest/legacy/fold-events";
import { openDatabase } from "../../../src/studio/store/open-database";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import type { Store } from "../../../src/studio/store/store";
import { observationOf, START_US, scoreOf } from "./records";

let folder: string;
let path: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-delete-"));
  path = join(folder, "studio.db");
  store = await openSqliteStore(path);
});
afterEach(async () => {
  store.close();
  await rm(folder, { recursive: true });
});

const deleteTrace = (id: string): ChangeEvent[] => [...store.deletion.trace(id)];
const deleteSession = (id: string): ChangeEvent[] => [...store.deletion.session(id)];

/** Rows of each table that has any. */
async function filledTables(): Promise<Record<string, number>> {
  const database = await openDatabase(path);
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all()
      .map(({ name }) => String(name));
    const counts = tables.map((name) => {
      const row = database.prepare(`SELECT count(*) AS count FROM "${name}"`).get();
      return [name, Number(row?.["count"])] as const;
    });
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  } finally {
    database.close();
  }
}

function announce(id: string, traceId: string): void {
  store.media.announce(
    { id, hash: `hash of ${id}`, contentType: "image/png", contentLength: 3 },
    { traceId, observationId: "o", field: "input" },
  );
  store.media.putContent(id, Buffer.from("png"), START_US);
}

describe("deleting a trace", () => {
  it("takes its observations, scores and files, and its part of the session's sums", () => {
    store.putObservations([
      observationOf({ traceId: "a", sessionId: "s", totalTokens: 5 }),
      observationOf({ traceId: "b", sessionId: "s", totalTokens: 7 }),
    ]);
    store.putScore(scoreOf({ id: "1", traceId: "a" }));
    store.putScore(scoreOf({ id: "2", traceId: "b" }));
    announce("file", "a");
    expect(deleteTrace("a")).toEqual([{ sessionIds: ["s"], traceIds: ["a"] }]);
    expect(store.getTrace("a")).toBeUndefined();
    expect(store.observationsOfTrace("a")).toEqual([]);
    expect(store.scoresOfTrace("a")).toEqual([]);
    expect(store.media.get("file")).toBeUndefined();
    expect(store.getSession("s")).toMatchObject({
      traceCount: 1,
      totalTokens: 7,
      scores: [{ count: 1 }],
    });
  });

  it("ends its session when it was the last one of it", () => {
    store.putObservations([observationOf({ traceId: "a", sessionId: "s" })]);
    deleteTrace("a");
    expect(store.getSession("s")).toBeUndefined();
  });

  it("leaves files that another trace was announced for, or refers to in a text", () => {
    announce("shared", "a");
    announce("shared", "b");
    announce("quoted", "a");
    announce("own", "a");
    const quoted = "see @@@langfuseMedia:type=image/png|id=quoted|source=bytes@@@";
    store.putObservations([
      observationOf({ traceId: "a" }),
      observationOf({ traceId: "b", metadata: { picture: quoted } }),
    ]);
    deleteTrace("a");
    expect(store.media.contentOf("shared")).toBeDefined();
    expect(store.media.contentOf("quoted")).toBeDefined();
    expect(store.media.contentOf("own")).toBeUndefined();
    deleteTrace("b");
    expect(store.media.get("shared")).toBeUndefined();
    expect(store.media.get("quoted")).toBeUndefined();
  });

  it("goes on step by step in a large one, and keeps the sums right in between", () => {
    const count = 2_500;
    store.putObservations(
      Array.from({ length: count }, (_, index) =>
        observationOf({ id: String(index), sessionId: "s" }),
      ),
    );
    const counts: (number | undefined)[] = [];
    for (const _change of store.deletion.trace("t")) {
      counts.push(store.getTrace("t")?.observationCount);
      expect(store.getSession("s")?.observationCount).toBe(counts.at(-1));
    }
    expect(counts).toEqual([1_500, 500, undefined]);
  });

  it("takes so few large observations and files in a step that they are some 8 MiB", () => {
    const large = "x".repeat(3_000_000);
    store.putObservations(["1", "2", "3", "4"].map((id) => observationOf({ id, output: large })));
    const files = ["a", "b", "c"];
    for (const id of files) {
      const contentLength = 5_000_000;
      const file = { id, hash: id, contentType: "image/png", contentLength };
      store.media.announce(file, { traceId: "t", observationId: null, field: "input" });
      store.media.putContent(id, Buffer.alloc(contentLength), START_US);
    }
    const left: number[][] = [];
    for (const _change of store.deletion.trace("t")) {
      const fileCount = files.filter((id) => store.media.get(id) !== undefined).length;
      left.push([store.observationsOfTrace("t").length, fileCount]);
    }
    // Three of the one, then one of them with two of the other.
    expect(left).toEqual([
      [1, 3],
      [0, 1],
      [0, 0],
    ]);
  });

  it("leaves what arrives while it goes on: that is the trace anew", () => {
    const ids = Array.from({ length: 1_500 }, (_, index) => String(index));
    store.putObservations(ids.map((id) => observationOf({ id })));
    const steps = store.deletion.trace("t");
    steps.next();
    store.putObservations([observationOf({ id: "late" })]);
    while (!steps.next().done);
    expect(store.observationsOfTrace("t").map(({ id }) => id)).toEqual(["late"]);
    expect(store.getTrace("t")?.observationCount).toBe(1);
  });

  it("leaves the rows of another trace, which took the places of those deleted meanwhile", () => {
    const fill = (traceId: string): void => {
      const ids = Array.from({ length: 1_500 }, (_, index) => String(index));
      store.putObservations(ids.map((id) => observationOf({ traceId, id })));
    };
    fill("t");
    const steps = store.deletion.trace("t");
    steps.next();
    deleteTrace("t");
    fill("other");
    while (!steps.next().done);
    expect(store.observationsOfTrace("other")).toHaveLength(1_500);
    expect(store.getTrace("other")?.observationCount).toBe(1_500);
  });

  it("changes nothing where there is none", () => {
    store.putObservations([observationOf({ traceId: "a" })]);
    deleteTrace("unknown");
    expect(store.getTrace("a")).toBeDefined();
  });
});

describe("deleting a session", () => {
  it("leaves not one row of it in any table, and all of the others", async () => {
    const fill = (sessionId: string): void => {
      for (const turn of ["1", "2"]) {
        const traceId = `${sessionId}-${turn}`;
        store.putObservations([observationOf({ traceId, sessionId, input: "x".repeat(9_000) })]);
        store.putScore(scoreOf({ id: `of ${traceId}`, traceId }));
        announce(`file of ${traceId}`, traceId);
      }
      store.putScore(scoreOf({ id: `of ${sessionId}`, sessionId }));
    };
    const empty = await filledTables();
    fill("kept");
    const before = await filledTables();
    fill("gone");
    deleteSession("gone");
    // And that the index of the search has words to forget; see search-purge.test.ts.
    expect(await filledTables()).toEqual({ ...before, search_purge: 1 });
    expect(store.getSession("kept")).toMatchObject({ traceCount: 2, scores: [{ count: 3 }] });
    deleteSession("kept");
    expect(await filledTables()).toEqual({ ...empty, search_purge: 1 });
  });

  it("leaves not one letter of it in the file or its log", async () => {
    const secret = (text: string) => `The password of ${text} is hunter2.`;
    for (let round = 0; round < 60; round++) {
      const common = {
        traceId: `t${round}`,
        sessionId: round % 3 === 0 ? "gone" : `kept ${round}`,
      };
      const text = common.sessionId === "gone" ? secret(`round ${round}`) : "nothing to hide";
      const long = text.repeat(1 + (round % 7) * 200);
      store.putObservations([
        observationOf({ ...common, input: long, metadata: { text }, tags: [text] }),
        observationOf({ ...common, id: "2", statusMessage: text, output: long, userId: text }),
      ]);
      // A later version leaves an earlier one behind.
      store.putObservations([
        observationOf({ ...common, input: `${long} again`, endUs: START_US + 2_000_000 }),
      ]);
      store.putScore(scoreOf({ id: String(round), traceId: common.traceId, comment: text }));
    }
    store.media.announce(
      { id: "file", hash: "h", contentType: "text/plain", contentLength: 9 },
      { traceId: "t0", observationId: null, field: "input" },
    );
    store.media.putContent("file", Buffer.from(secret("a file").repeat(500)), START_US);
    deleteSession("gone");
    store.retention.emptyLog();
    for (const name of await readdir(folder)) {
      expect((await readFile(join(folder, name))).includes("hunter2"), name).toBe(false);
    }
    expect(store.getSession("kept 1")?.observationCount).toBe(2);
  });
});

it("deletes stray files in steps of some 8 MiB", () => {
  const contentLength = 5_000_000;
  const ids = ["a", "b", "c"];
  for (const id of ids) {
    const file = { id, hash: id, contentType: "image/png", contentLength };
    store.media.announce(file, { traceId: `of ${id}`, observationId: null, field: "input" });
    store.media.putContent(id, Buffer.alloc(contentLength), START_US);
  }
  const steps = store.deletion.strayMedia(START_US + 1);
  steps.next();
  const left = ids.filter((id) => store.media.get(id) !== undefined);
  expect(left).toHaveLength(1);
  // Its trace comes meanwhile: it is no stray any more.
  store.putObservations([observationOf({ traceId: `of ${left[0]}` })]);
  while (!steps.next().done);
  expect(ids.filter((id) => store.media.get(id) !== undefined)).toEqual(left);
});

describe("deleting updates whose observation never came", () => {
  it("takes so many in a step that their texts are some 8 MiB, or a thousand", () => {
    const putUpdates = (count: number, output: string): void => {
      const updates = Array.from({ length: count }, (_, index) => ({
        entity: "observation" as const,
        entityId: String(index),
        envelopeId: "e",
        timestampUs: START_US,
        type: "span-update",
        body: { output },
      }));
      store.putEvents(updates, EVENT_FOLD);
    };
    const stepCount = (): number => [...store.deletion.strayEvents(START_US + 1)].length;
    putUpdates(20, "x".repeat(1_000_000));
    expect(stepCount()).toBe(3); // 9, 9, 2
    putUpdates(2_500, "");
    expect(stepCount()).toBe(3);
    expect(stepCount()).toBe(0);
  });
});

describe("deleting a score", () => {
  it("takes it out of the session's sums, and says what changed", () => {
    store.putObservations([observationOf({ sessionId: "s" })]);
    store.putScore(scoreOf({ id: "1", traceId: "t" }));
    expect(store.deletion.score("1")).toEqual({ sessionIds: ["s"], traceIds: ["t"] });
    expect(store.getSession("s")?.scores).toEqual([]);
    expect(store.deletion.score("1")).toEqual({ sessionIds: [], traceIds: [] });
  });
});

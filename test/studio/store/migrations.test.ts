import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EVENT_FOLD } from "../../../src/studio/ingest/legacy/fold-events";
import { ADD_STUDIO_KEYS_ON_LOOPBACK } from "../../../src/studio/store/migrations/studio-keys";
import { openDatabase } from "../../../src/studio/store/open-database";
import { MIGRATIONS } from "../../../src/studio/store/schema";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import type { Store } from "../../../src/studio/store/store";
import { OLD_OBSERVATIONS, writeOldFile } from "./old-file";
import { observationOf, START_US, scoreOf } from "./records";

let folder: string;
let store: Store | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-migrations-"));
});
afterEach(async () => {
  store?.close();
  await rm(folder, { recursive: true });
});

async function openOldFile(version: number): Promise<Store> {
  const path = join(folder, "studio.db");
  await writeOldFile(path, version);
  store = await openSqliteStore(path);
  return store;
}

const ANY_SESSION = {
  sort: "activity",
  order: "desc",
  limit: 10,
} as const;

describe.each(MIGRATIONS.map((_, index) => index + 1))("a file of schema version %i", (version) => {
  it("holds what it held", async () => {
    const old = await openOldFile(version);
    const timeline = version < 8 ? {} : { streamTimeline: [0, 4] };
    const [turn, alone] = OLD_OBSERVATIONS;
    expect(old.observationsOfTrace("turn")).toEqual([{ ...turn, ...timeline }]);
    expect(old.observationsOfTrace("alone")).toEqual([alone]);
    expect(old.getSession("s")).toMatchObject({
      traceCount: 1,
      observationCount: 1,
      userIds: ["ann"],
      tags: ["vip"],
      models: ["gpt-4o"],
      totalTokens: 8,
      totalCost: 0.25,
      scores: [{ name: "quality", count: 1 }],
      isBookmarked: version >= 4,
    });
    expect(old.listSessionlessTraces({ limit: 9 }).rows.map(({ id }) => id)).toEqual(["alone"]);
    expect(old.scoresOfTrace("turn").map(({ id, value }) => [id, value])).toEqual([["score", 0.5]]);
    if (version >= 2) expect(old.media.contentOf("file")).toEqual(new Uint8Array([80, 78, 71]));
    const comments = old.comments.list({ limit: 9, offset: 0 }).rows;
    expect(comments.map(({ content }) => content)).toEqual(version < 6 ? [] : ["look"]);
    expect(old.scoreConfigs.get("config")?.name).toBe(version < 6 ? undefined : "quality");
    expect(old.keys.get()?.publicKey).toBe(version < 7 ? undefined : "pk");
    const isLoopbackNoted = version > MIGRATIONS.indexOf(ADD_STUDIO_KEYS_ON_LOOPBACK);
    expect(old.keys.get()?.isForLoopback).toBe(version < 7 ? undefined : isLoopbackNoted);
  });

  it("is searched, filtered and sorted", async () => {
    const old = await openOldFile(version);
    while (old.search.step());
    for (const filter of [
      { search: "before" },
      { users: ["ann"] },
      { tags: ["vip"] },
      { models: ["gpt-4o"] },
    ]) {
      const found = old.findSessions({ ...ANY_SESSION, ...filter });
      expect(
        found.rows.map(({ session }) => session.id),
        JSON.stringify(filter),
      ).toEqual(["s"]);
    }
    expect(old.findSessions({ ...ANY_SESSION, search: "nowhere" }).rows).toEqual([]);
  });

  it("goes on being written", async () => {
    const old = await openOldFile(version);
    old.putObservations([
      observationOf({
        traceId: "turn",
        id: "new",
        sessionId: "s",
        totalTokens: 2,
        totalCost: 0.5,
        input: "said after",
      }),
    ]);
    while (old.search.step());
    const found = old.findSessions({ ...ANY_SESSION, search: "after" });
    expect(found.rows.map(({ session }) => session.id)).toEqual(["s"]);
    old.putScore(scoreOf({ id: "second", traceId: "turn", value: 1.5 }));
    expect(old.getSession("s")).toMatchObject({
      observationCount: 2,
      totalTokens: 10,
      totalCost: 0.75,
      scores: [{ name: "quality", count: 2 }],
    });
    const update = {
      entity: "observation",
      entityId: "late",
      envelopeId: "f",
      timestampUs: START_US + 1,
      type: "span-update",
      body: { id: "late", traceId: "legacy", output: "and ended" },
    } as const;
    old.putEvents([update], EVENT_FOLD);
    expect(old.observationsOfTrace("legacy")).toMatchObject([
      { name: version < 5 ? "" : "said in parts", output: "and ended" },
    ]);
  });

  it("forgets what is deleted", async () => {
    const old = await openOldFile(version);
    for (const _change of old.deletion.session("s"));
    while (old.search.step());
    expect(old.getSession("s")).toBeUndefined();
    expect(old.observationsOfTrace("turn")).toEqual([]);
    expect(old.scoresOfTrace("turn")).toEqual([]);
    expect(old.comments.list({ limit: 9, offset: 0 }).rows).toEqual([]);
    if (version >= 2) expect(old.media.get("file")).toBeUndefined();
    expect(old.search.isPurged()).toBe(true);
    expect(old.observationsOfTrace("alone")).toHaveLength(1);
  });
});

it("a file opens whose scores have no sum: it starts at 0, as it does while scores come", async () => {
  const path = join(folder, "studio.db");
  await writeOldFile(path, 3);
  const database = await openDatabase(path);
  for (const [id, value] of [
    ["large", 1e300],
    ["small", -1e300],
  ] as const) {
    database
      .prepare(
        `INSERT INTO scores (
           id, name, data_type, value, source, environment, timestamp_us, counts_for_session_id
         ) VALUES (?, 'huge', 'NUMERIC', ?, 'API', 'default', 1, 's')`,
      )
      .run(id, value);
  }
  database.close();
  store = await openSqliteStore(path);
  const scores = store.getSession("s")?.scores ?? [];
  expect(scores.find(({ name }) => name === "huge")).toMatchObject({
    dataType: "NUMERIC",
    count: 2,
    mean: 0,
  });
});

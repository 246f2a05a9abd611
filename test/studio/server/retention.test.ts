import { describe, expect, it, onTestFinished } from "vitest";
import type { ChangeEvent } from "../../../src/studio/api/types";
import { EVENT_FOLD } from "../../../src/studio/ingest/legacy/fold-events";
import { startStudio } from "../../../src/studio/server";
import { createRecentIds } from "../../../src/studio/server/recent-ids";
import { createRetention, type RetentionOptions } from "../../../src/studio/server/retention";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import { observationOf, START_US } from "../store/records";

const DAY_MS = 86_400_000;
/** Thirty days after the observations of these tests ended, to the millisecond. */
const NOW_MS = START_US / 1_000 + 1_000 + 30 * DAY_MS;

async function retentionOf(options: Partial<RetentionOptions>) {
  const store = await openSqliteStore(":memory:");
  onTestFinished(() => store.close());
  const lines: string[] = [];
  const changes: ChangeEvent[] = [];
  const retention = createRetention({
    store,
    recent: createRecentIds(1_000, 10, () => 0),
    onChange: (change) => changes.push(change),
    report: (line) => lines.push(line),
    now: () => NOW_MS,
    ...options,
  });
  return { store, retention, lines, changes };
}

const seconds = (count: number): number => START_US + count * 1_000_000;

describe("keep", () => {
  it("deletes what was last active before then, tells it, and says it once", async () => {
    const { store, retention, lines, changes } = await retentionOf({ keepMs: 30 * DAY_MS });
    store.putObservations([
      observationOf({ traceId: "1", sessionId: "old", endUs: seconds(0) }),
      observationOf({ traceId: "2", sessionId: "old", endUs: seconds(0) }),
      observationOf({ traceId: "3", endUs: seconds(0) }),
      observationOf({ traceId: "4", sessionId: "new", endUs: seconds(0) }),
      observationOf({ traceId: "5", sessionId: "new", endUs: seconds(1) }),
    ]);
    await retention.run();
    await retention.run();
    expect(store.getSession("old")).toBeUndefined();
    expect(store.getTrace("3")).toBeUndefined();
    expect(store.getSession("new")?.traceCount).toBe(2);
    expect(lines).toEqual([
      "Deleted 1 session and 1 trace without a session: not active since 2025-11-22T10:20:01.000Z.",
    ]);
    expect(new Set(changes.flatMap(({ traceIds }) => traceIds))).toEqual(new Set(["1", "2", "3"]));
  });

  it("leaves what is written to, whatever its spans say about time", async () => {
    const recent = createRecentIds(600_000, 10, () => NOW_MS);
    const { store, retention } = await retentionOf({ keepMs: DAY_MS, recent });
    recent.note(store.putObservations([observationOf({ traceId: "1", sessionId: "skewed" })]));
    store.putObservations([observationOf({ traceId: "2", sessionId: "idle" })]);
    await retention.run();
    expect(store.getSession("skewed")).toBeDefined();
    expect(store.getSession("idle")).toBeUndefined();
  });

  it("deletes files that no trace refers to", async () => {
    const { store, retention } = await retentionOf({ keepMs: DAY_MS });
    const file = { id: "file", hash: "h", contentType: "text/plain", contentLength: 1 };
    store.media.announce(file, { traceId: "never came", observationId: null, field: "input" });
    store.media.putContent("file", Buffer.from("x"), START_US);
    await retention.run();
    expect(store.media.get("file")).toBeUndefined();
  });

  it("deletes older updates whose observation never came", async () => {
    const { store, retention } = await retentionOf({ keepMs: DAY_MS });
    const said = (entityId: string, type: string, timestampUs: number, body = {}) =>
      ({ entity: "observation", entityId, envelopeId: type, timestampUs, type, body }) as const;
    const dayAgoUs = (NOW_MS - DAY_MS) * 1_000;
    const output = { output: "said" };
    store.putEvents(
      [
        said("old", "span-update", dayAgoUs - 1, output),
        said("new", "span-update", dayAgoUs, output),
      ],
      EVENT_FOLD,
    );
    await retention.run();
    const creates = ["old", "new"].map((id) => said(id, "span-create", dayAgoUs, { traceId: id }));
    store.putEvents(creates, EVENT_FOLD);
    const outputOf = (traceId: string) =>
      store.observationsOfTrace(traceId).map((observation) => observation.output);
    expect(["old", "new"].map(outputOf)).toEqual([[null], ["said"]]);
  });
});

describe("maxSize", () => {
  const big = (traceId: string, overrides = {}) =>
    observationOf({ traceId, sessionId: traceId, input: "x".repeat(300_000), ...overrides });

  it("deletes the longest idle until a tenth is free, and no more", async () => {
    const { store, retention, lines } = await retentionOf({ maxBytes: 4_000_000 });
    const ids = Array.from({ length: 10 }, (_, index) => `s${index}`);
    store.putObservations(
      ids.map((id, index) => big(id, { endUs: seconds(index), output: "y".repeat(300_000) })),
    );
    await retention.run();
    expect(ids.filter((id) => store.getSession(id) !== undefined)).toEqual([
      "s5",
      "s6",
      "s7",
      "s8",
      "s9",
    ]);
    expect(store.retention.usedBytes()).toBeLessThan(3_600_000);
    expect(lines).toEqual(["Deleted 5 sessions, the longest idle: the file was larger than 4 MB."]);
    await retention.run();
    expect(lines).toHaveLength(1);
  });

  it("deletes updates whose observation never came before any session", async () => {
    const { store, retention, lines } = await retentionOf({ maxBytes: 2_000_000 });
    store.putObservations([big("session")]);
    store.putEvents(
      Array.from({ length: 10 }, (_, index) => ({
        entity: "observation",
        entityId: `never came ${index}`,
        envelopeId: "e",
        timestampUs: START_US,
        type: "span-update",
        body: { output: "x".repeat(300_000) },
      })),
      EVENT_FOLD,
    );
    await retention.run();
    expect(store.getSession("session")).toBeDefined();
    expect(store.retention.usedBytes()).toBeLessThan(1_000_000);
    expect(lines).toEqual([]);
  });

  it("leaves what is live, and says once that it is too much", async () => {
    const { store, retention, lines } = await retentionOf({ maxBytes: 1_000_000 });
    const live = (NOW_MS - 60_000) * 1_000;
    for (const id of ["a", "b", "c", "d"]) store.putObservations([big(id, { endUs: live })]);
    await retention.run();
    await retention.run();
    expect(store.listSessions({ orderBy: "start", limit: 9 }).totalCount).toBe(4);
    expect(lines).toEqual([
      expect.stringMatching(
        /^Expected a file of at most 1 MB, got 1\.\d MB: what is left is bookmarked, or was active in the last 10 minutes\.$/,
      ),
    ]);
  });

  it("deletes in the end what a clock far ahead has dated", async () => {
    const { store, retention } = await retentionOf({ maxBytes: 1_000_000 });
    const future = (NOW_MS + 365 * DAY_MS) * 1_000;
    store.putObservations(["a", "b", "c", "d"].map((id) => big(id, { endUs: future })));
    await retention.run();
    expect(store.retention.usedBytes()).toBeLessThan(1_000_000);
  });
});

describe("options", () => {
  it.each([
    ["keep", "30", "minutes, hours, days or weeks (90m, 12h, 30d, 4w)"],
    ["keep", "0d", "minutes, hours, days or weeks"],
    ["keep", "-1d", "minutes, hours, days or weeks"],
    ["keep", "30s", "minutes, hours, days or weeks"],
    ["maxSize", "2", "kB, MB or GB (500MB, 2GB), 1MB at least"],
    ["maxSize", "10kB", "1MB at least"],
    ["maxSize", "2TB", "kB, MB or GB"],
  ])("%s: %s is refused with what is expected", async (name, value, expected) => {
    const starting = startStudio({ port: 0, db: ":memory:", [name]: value });
    await expect(starting).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      message: expect.stringContaining(`Expected ${name} as a number of ${expected}`.slice(0, 30)),
    });
    await expect(starting).rejects.toThrow(expected);
    await expect(starting).rejects.toThrow(`got "${value}".`);
  });

  it.each([{ keep: "12h" }, { keep: "1.5d" }, { maxSize: "2GB" }, { maxSize: "500 mb" }])(
    "%o is taken",
    async (options) => {
      await (await startStudio({ port: 0, db: ":memory:", ...options })).close();
    },
  );
});

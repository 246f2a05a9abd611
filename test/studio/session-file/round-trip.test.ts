import fc from "fast-check";
import { expect, it } from "vitest";
import { OBSERVATION_LEVELS, OBSERVATION_TYPES } from "../../../src/attributes/observation-types";
import type { JsonObject } from "../../../src/studio/api/types";
import {
  type ObservationRecord,
  SCORE_DATA_TYPES,
  type ScoreRecord,
} from "../../../src/studio/store/records";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import type { Store } from "../../../src/studio/store/store";
import { HOSTILE_TEXTS } from "../safety/hostile-content";
import { mediaOf } from "../store/media";
import { observationOf, START_US, scoreOf } from "../store/records";
import { snapshotOf } from "../store/snapshot";
import { fileOf, importInto, partsOf } from "./session-file";

const SESSION = "chat 1";

const text = (): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...HOSTILE_TEXTS.map((one) => one.text)),
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.string({ unit: "grapheme", maxLength: 20 }),
  );
const nullable = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.option(arbitrary, { nil: null });
const objects = (): fc.Arbitrary<JsonObject> =>
  // As the store gives it back: JSON, with own names like `__proto__`.
  fc
    .array(fc.tuple(text(), fc.jsonValue()), { maxLength: 3 })
    .map((entries) => JSON.parse(JSON.stringify(Object.fromEntries(entries))) as JsonObject);
const counts = (): fc.Arbitrary<Record<string, number>> =>
  fc
    .array(fc.tuple(text(), fc.double({ noNaN: true })), { maxLength: 3 })
    .map((entries) => Object.fromEntries(entries));
const micros = (): fc.Arbitrary<number> => fc.integer({ min: START_US, max: START_US + 100_000 });
const amounts = (): fc.Arbitrary<number> => fc.double({ noNaN: true });

const observations = (): fc.Arbitrary<ObservationRecord> =>
  fc
    .record({
      traceId: fc.constantFrom("a", "b", "c"),
      id: fc.oneof(fc.constantFrom("1", "2", "3"), text()),
      parentId: nullable(fc.constantFrom("1", "2", "missing")),
      isAppRoot: fc.boolean(),
      type: fc.constantFrom(...OBSERVATION_TYPES),
      name: text(),
      startUs: micros(),
      startNs: fc.integer({ min: 0, max: 999 }),
      lengthUs: fc.integer({ min: 0, max: 5_000 }),
      completionStartUs: nullable(micros()),
      level: fc.constantFrom(...OBSERVATION_LEVELS),
      statusMessage: nullable(text()),
      model: nullable(text()),
      modelParameters: objects(),
      usageDetails: counts(),
      costDetails: counts(),
      inputTokens: amounts(),
      outputTokens: amounts(),
      totalTokens: amounts(),
      totalCost: nullable(amounts()),
      promptName: nullable(text()),
      promptVersion: nullable(fc.integer()),
      input: nullable(text()),
      output: nullable(text()),
      streamTimeline: fc.option(fc.array(fc.nat(), { maxLength: 4 }), { nil: undefined }),
      metadata: objects(),
      origin: objects(),
      exceptions: fc.array(
        fc.record({
          type: nullable(text()),
          message: nullable(text()),
          stacktrace: nullable(text()),
        }),
        { maxLength: 2 },
      ),
      userId: nullable(text()),
      traceName: nullable(text()),
      tags: fc.array(text(), { maxLength: 2 }),
      isPublic: fc.boolean(),
      traceMetadata: objects(),
      environment: text(),
      release: nullable(text()),
      version: nullable(text()),
    })
    .map(({ lengthUs, streamTimeline, ...fields }) => ({
      ...fields,
      ...(streamTimeline !== undefined && { streamTimeline }),
      endUs: fields.startUs + lengthUs,
      sessionId: SESSION,
    }));

const scores = (): fc.Arbitrary<ScoreRecord> =>
  fc
    .record({
      id: fc.uuid(),
      target: fc.constantFrom(
        { traceId: "a", observationId: "1", sessionId: null },
        { traceId: "b", observationId: null, sessionId: null },
        { traceId: null, observationId: null, sessionId: SESSION },
        { traceId: "c", observationId: null, sessionId: SESSION },
      ),
      name: text(),
      dataType: fc.constantFrom(...SCORE_DATA_TYPES),
      value: fc.double({ noNaN: true }),
      stringValue: nullable(text()),
      comment: nullable(text()),
      metadata: nullable(objects()),
      source: text(),
      environment: text(),
      configId: nullable(text()),
      queueId: nullable(text()),
      timestampUs: micros(),
      datasetRunId: nullable(text()),
    })
    .map(({ target, ...fields }) => ({ ...fields, ...target }));

interface Comment {
  readonly id: string;
  readonly target: readonly ["SESSION" | "TRACE" | "OBSERVATION", string];
  readonly content: string;
  readonly createdUs: number;
}

const comments = (): fc.Arbitrary<Comment> =>
  fc.record({
    id: fc.uuid(),
    target: fc.constantFrom<Comment["target"]>(
      ["SESSION", SESSION],
      ["TRACE", "a"],
      ["OBSERVATION", "1"],
    ),
    content: text().map((any) => any.replaceAll("\0", "")), // the store of comments takes none
    createdUs: micros(),
  });

interface Session {
  readonly observations: readonly ObservationRecord[];
  readonly scores: readonly ScoreRecord[];
  readonly comments: readonly Comment[];
  readonly files: readonly Uint8Array[];
  readonly isBookmarked: boolean;
}

const sessions = (): fc.Arbitrary<Session> =>
  fc.record({
    observations: fc.array(observations(), { minLength: 1, maxLength: 8 }),
    scores: fc.array(scores(), { maxLength: 4 }),
    comments: fc.array(comments(), { maxLength: 4 }),
    files: fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 3 }),
    isBookmarked: fc.boolean(),
  });

/** Traces that are there have their scores and comments; what names others is of no session. */
function fill(
  store: Store,
  { observations, scores, comments, files, isBookmarked }: Session,
): void {
  const [first] = observations;
  if (first === undefined) throw new Error("Expected at least one observation");
  store.putObservations(observations);
  for (const score of scores) store.putScore(score);
  for (const { target, ...comment } of comments) {
    const [objectType, objectId] = target;
    store.comments.add({ ...comment, objectType, objectId, authorUserId: null });
  }
  for (const [index, content] of files.entries()) {
    const media = mediaOf(content);
    const place = { traceId: first.traceId, observationId: index % 2 ? null : "1", field: "input" };
    store.media.announce(media, place);
    if (index !== 2) store.media.putContent(media.id, content, START_US + index);
  }
  store.setBookmark(SESSION, isBookmarked);
}

async function withStores(work: (one: Store, other: Store) => void): Promise<void> {
  const stores = await Promise.all([openSqliteStore(":memory:"), openSqliteStore(":memory:")]);
  try {
    work(...stores);
  } finally {
    for (const store of stores) store.close();
  }
}

/** What a store keeps of the session, by its own reads; as JSON, which has no negative zero. */
function keptBy(store: Store): string {
  const traces = store.tracesOfSession(SESSION);
  const media = store.archive.mediaOf(SESSION);
  return JSON.stringify({
    isBookmarked: store.getSession(SESSION)?.isBookmarked,
    observations: traces.map(({ id }) => store.observationsOfTrace(id)),
    scores: [...store.scoresOfSession(SESSION), ...store.outlines.scoresOfTraces(SESSION)],
    comments: store.archive.commentsOf(SESSION),
    media: media.map(({ id, places }) => [places, store.media.get(id), store.media.contentOf(id)]),
  });
}

it("gives the same bytes from the studio it was imported into, whatever was captured", async () => {
  await fc.assert(
    fc.asyncProperty(sessions(), (session) =>
      withStores((from, to) => {
        fill(from, session);
        const file = fileOf(from, SESSION);
        importInto(to, file);
        expect(fileOf(to, SESSION)).toBe(file);
        // The file might lack the same on both sides.
        expect(keptBy(to)).toBe(keptBy(from));
      }),
    ),
    { numRuns: 40, endOnFailure: true },
  );
}, 120_000);

it("gives the same bytes where it was imported in parts, however it was cut", async () => {
  const sizes = fc.record({
    partBytes: fc.integer({ min: 1, max: 4_000 }),
    maxSigns: fc.integer({ min: 1, max: 400 }),
    chunk: fc.integer({ min: 1, max: 3_000 }),
  });
  await fc.assert(
    fc.asyncProperty(sessions(), sizes, async (session, { partBytes, ...cuts }) => {
      const [from, to] = [await openSqliteStore(":memory:"), await openSqliteStore(":memory:")];
      fill(from, session);
      const file = fileOf(from, SESSION);
      for (const part of await partsOf(file, partBytes, cuts)) importInto(to, part);
      expect(fileOf(to, SESSION)).toBe(file);
      expect(keptBy(to)).toBe(keptBy(from));
      from.close();
      to.close();
    }),
    { numRuns: 40, endOnFailure: true },
  );
}, 120_000);

it("takes a trace along whose session changed on its way", async () => {
  await withStores((from, to) => {
    from.putObservations([
      observationOf({ traceId: "a", id: "1", sessionId: "before sign-in", startUs: START_US }),
      observationOf({ traceId: "a", id: "2", sessionId: SESSION, startUs: START_US + 1 }),
    ]);
    const file = fileOf(from, SESSION);
    importInto(to, file);
    expect(fileOf(to, SESSION)).toBe(file);
    expect(to.getSession("before sign-in")).toBeUndefined();
  });
});

it("changes nothing when it is imported a second time, or where it came from", async () => {
  await fc.assert(
    fc.asyncProperty(sessions(), (session) =>
      withStores((from, to) => {
        fill(from, session);
        const file = fileOf(from, SESSION);
        const before = snapshotOf(from);
        importInto(from, file);
        expect(snapshotOf(from)).toEqual(before);
        importInto(to, file);
        const once = snapshotOf(to);
        importInto(to, file);
        expect(snapshotOf(to)).toEqual(once);
        expect(fileOf(to, SESSION)).toBe(file);
      }),
    ),
    { numRuns: 20, endOnFailure: true },
  );
}, 120_000);

it("answers for an imported session as the studio it came from", async () => {
  await withStores((from, to) => {
    const input = "Will it rain?";
    from.putObservations([
      observationOf({ traceId: "a", id: "1", sessionId: SESSION, input, tags: ["x", "y"] }),
      observationOf({ traceId: "b", id: "1", sessionId: SESSION, userId: "u", level: "ERROR" }),
    ]);
    from.putScore(scoreOf({ id: "1", traceId: "a" }));
    from.putScore(scoreOf({ id: "2", sessionId: SESSION, dataType: "TEXT", stringValue: "good" }));
    from.setBookmark(SESSION, true);
    importInto(to, fileOf(from, SESSION));
    expect(snapshotOf(to)).toEqual(snapshotOf(from));
    expect(to.getSession(SESSION)?.isBookmarked).toBe(true);
    expect(to.scoresOfSession(SESSION)).toEqual(from.scoresOfSession(SESSION));
  });
});

it("keeps what is newer than the file, and what the file does not speak of", async () => {
  await withStores((from, to) => {
    const old = observationOf({ traceId: "a", id: "1", sessionId: SESSION, output: "old" });
    const other = observationOf({ traceId: "b", id: "1", sessionId: SESSION });
    from.putObservations([old]);
    to.putObservations([{ ...old, output: "new", endUs: old.endUs + 1 }, other]);
    to.setBookmark(SESSION, true);
    importInto(to, fileOf(from, SESSION));
    expect(to.observationsOfTrace("a").map(({ output }) => output)).toEqual(["new"]);
    expect(to.getTrace("b")?.sessionId).toBe(SESSION);
    expect(to.getSession(SESSION)?.isBookmarked).toBe(true);
  });
});

it("has a line for each trace, score, comment and file, so that it can be compared", async () => {
  await withStores((store) => {
    store.putObservations([
      observationOf({ traceId: "b", id: "1", sessionId: SESSION, startUs: START_US + 1 }),
      observationOf({ traceId: "a", id: "1", sessionId: SESSION }),
    ]);
    store.putScore(scoreOf({ id: "1", traceId: "a" }));
    const lines = fileOf(store, SESSION).split("\n");
    expect(lines[0]).toBe(
      '{"format":"playhead.session","version":1,"session":{"id":"chat 1","isBookmarked":false},',
    );
    expect(lines[1]).toBe('"traces":[');
    expect(lines[2]).toMatch(/^\{"id":"a",/);
    expect(lines[3]).toMatch(/^\{"id":"b",/);
    expect(lines[6]).toMatch(/^\{"id":"1","name":"quality",/);
    expect(lines.at(-1)).toBe("");
  });
});

import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BLOCKED, DELIVERED, PATIENT, RETRYABLE } from "../support/scripted-delivery";
import {
  createScriptedLane,
  idOf,
  type LaneSetup,
  type ScriptedLane,
} from "../support/scripted-lane";

let folder: string;
let dir: string;
let created: ScriptedLane[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "playhead-lane-"));
  dir = join(folder, "spans");
  created = [];
});

afterEach(() => {
  for (const { lane } of created) lane.close("over");
  rmSync(folder, { recursive: true, force: true });
});

function create(setup: Omit<LaneSetup, "dir"> = {}): ScriptedLane {
  const scripted = createScriptedLane({ dir, ...setup });
  created.push(scripted);
  return scripted;
}

/** A queue for two spans, batches of one, one at a time. */
const NARROW = {
  limits: { maxQueueBytes: 300, maxBatchItems: 1, concurrency: 1 },
};

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

async function attemptOf(scripted: ScriptedLane): Promise<ScriptedLane["open"][number]> {
  await expect.poll(() => scripted.open.length, { interval: 1 }).toBeGreaterThan(0);
  const [attempt] = scripted.open;
  if (attempt === undefined) throw new Error("Expected an attempt");
  return attempt;
}

/** Delivers until nothing is pending. @returns ids in the order they left */
async function deliverAll(scripted: ScriptedLane): Promise<string[]> {
  const ids: string[] = [];
  while (scripted.lane.account.counts.pending > 0) {
    const attempt = await attemptOf(scripted);
    ids.push(...attempt.ids);
    await attempt.answer(DELIVERED);
  }
  return ids;
}

/** A lane that has begun to read the one span that an earlier process left, and has nothing else. */
async function createWithBacklog(): Promise<ScriptedLane> {
  const before = create();
  before.offer(1);
  before.lane.close("over");
  const scripted = create();
  await scripted.lane.adopt();
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  expect(scripted.lane.account.counts.offered).toBe(0); // it is not there yet
  return scripted;
}

describe("a queue that is full", () => {
  it("overflows to disk, and what is there comes back, each span once, with the same bytes", async () => {
    const scripted = create(NARROW);
    const { lane, offer } = scripted;
    const bytes = range(1, 12)
      .map((number) => offer(number))
      .reduce((sum, length) => sum + length, 0);
    const { spooled, counts } = lane.stats();
    expect(counts).toMatchObject({ offered: 12, dropped: 0, pending: 12 });
    expect(spooled).toBeGreaterThanOrEqual(9);
    const ids = await deliverAll(scripted);
    expect(ids.slice().sort()).toEqual(range(1, 12).map(idOf));
    expect(ids.slice(12 - spooled)).toEqual(range(13 - spooled, 12).map(idOf)); // oldest first
    expect(lane.stats()).toMatchObject({
      counts: { delivered: 12, pending: 0 },
      bytes: { offered: bytes, delivered: bytes, pending: 0 },
      spooled: 0,
    });
    await expect.poll(() => readdirSync(dir)).toEqual([]);
  });

  it("drops only what the disk does not take either", async () => {
    const scripted = create({ ...NARROW, maxSpoolBytes: 1_024 });
    for (const number of range(1, 30)) scripted.offer(number);
    const { counts, spooled, reasons } = scripted.lane.stats();
    expect(spooled).toBeGreaterThan(0);
    expect(counts.dropped).toBeGreaterThan(0);
    expect(counts.pending).toBe(30 - counts.dropped);
    expect(reasons).toEqual({ "queue full": counts.dropped });
    await deliverAll(scripted);
    expect(scripted.lane.account.counts.delivered).toBe(30 - counts.dropped);
  });

  it("drops where nothing can be written, and says so", async () => {
    writeFileSync(dir, "a file where the folder should be");
    const scripted = create(NARROW);
    for (const number of range(1, 9)) scripted.offer(number);
    const { counts, spooled } = scripted.lane.stats();
    expect(spooled).toBe(0);
    expect(counts.dropped).toBe(9 - counts.pending);
    expect(counts.dropped).toBeGreaterThan(0);
    expect(scripted.lines[0]).toMatch(/^warn: \[playhead\] Cannot write to the spool in /);
  });
});

describe("drain", () => {
  it("waits for what is on disk, too", async () => {
    const scripted = create(NARROW);
    for (const number of range(1, 8)) scripted.offer(number);
    let isDrained = false;
    const drained = scripted.lane.drain(PATIENT).then((isSettled) => {
      isDrained = true;
      return isSettled;
    });
    for (let count = 1; count <= 7; count += 1) await (await attemptOf(scripted)).answer(DELIVERED);
    expect(isDrained).toBe(false);
    await (await attemptOf(scripted)).answer(DELIVERED);
    expect(await drained).toBe(true);
    expect(scripted.lane.stats()).toMatchObject({ counts: { delivered: 8 }, spooled: 0 });
  });

  it("waits for what is just being read from disk", async () => {
    const scripted = await createWithBacklog();
    let isDrained = false;
    const drained = scripted.lane.drain(PATIENT).then((isSettled) => {
      isDrained = true;
      return isSettled;
    });
    const attempt = await attemptOf(scripted);
    expect(isDrained).toBe(false);
    await attempt.answer(DELIVERED);
    expect(await drained).toBe(true);
  });

  it("does not wait for a failing endpoint where told so: the disk keeps what is left", async () => {
    const scripted = create();
    scripted.offer(1);
    const drained = scripted.lane.drain({ ...PATIENT, leavesOnFailure: true });
    await (await attemptOf(scripted)).answer(RETRYABLE);
    expect(await drained).toBe(false);
    expect(scripted.lane.account.counts.pending).toBe(1);
  });

  it("of a closed lane says whether something is left", async () => {
    const kept = create();
    kept.offer(1);
    kept.lane.close("over");
    expect(await kept.lane.drain(PATIENT)).toBe(false);
    const empty = create();
    empty.lane.close("over");
    expect(await empty.lane.drain(PATIENT)).toBe(true);
  });
});

describe("close", () => {
  it("puts everything on disk, in flight and waiting for another try included, once", async () => {
    const scripted = create({ limits: { maxBatchItems: 1, concurrency: 2 } });
    for (const number of range(1, 4)) scripted.offer(number);
    await attemptOf(scripted);
    await scripted.open[1]?.answer(BLOCKED);
    const [attempt] = scripted.open;
    expect(scripted.lane.close("over")).toEqual({ kept: 4, lost: 0 });
    expect(scripted.lane.close("over")).toEqual({ kept: 0, lost: 0 });
    await attempt?.answer(DELIVERED);
    expect(scripted.lane.stats()).toMatchObject({
      counts: { offered: 4, delivered: 0, dropped: 0, pending: 4 },
      spooled: 4,
    });

    const next = create();
    await next.lane.adopt();
    await expect.poll(() => next.lane.account.counts.offered, { interval: 1 }).toBe(4);
    expect((await deliverAll(next)).sort()).toEqual(range(1, 4).map(idOf));
    expect(next.lane.account.counts).toMatchObject({ offered: 4, delivered: 4 });
  });

  it("after a halt keeps what was just being read from disk", async () => {
    const { lane } = await createWithBacklog();
    await lane.halt();
    await expect.poll(() => lane.account.counts.offered, { interval: 1 }).toBe(1);
    expect(lane.close("over")).toEqual({ kept: 1, lost: 0 });
    expect(lane.stats()).toMatchObject({ counts: { pending: 1, dropped: 0 }, spooled: 1 });
  });
});

describe("a journal", () => {
  it("has each span on disk while it is in memory, and none once it is settled", async () => {
    const scripted = create({ isDurable: true });
    for (const number of range(1, 3)) scripted.offer(number);
    expect(scripted.lane.stats()).toMatchObject({ counts: { pending: 3 }, spooled: 0 });
    expect(readdirSync(dir)).toHaveLength(1);
    await deliverAll(scripted);
    await expect.poll(() => (existsSync(dir) ? readdirSync(dir) : [])).toEqual([]);
  });
});

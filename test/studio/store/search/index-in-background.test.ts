import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { indexInBackground } from "../../../../src/studio/store/search/index-in-background";

const IDLE = { onError: () => {}, busyShare: () => 0 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it("takes step after step until nothing is left, then looks four times a second", () => {
  const left = [true, true, false];
  const step = vi.fn(() => left.shift() ?? false);
  const stop = indexInBackground(
    { isAvailable: true, lastLength: Number.POSITIVE_INFINITY, step },
    IDLE,
  );
  vi.advanceTimersByTime(50);
  expect(step).toHaveBeenCalledTimes(3);
  vi.advanceTimersByTime(1_000);
  expect(step).toHaveBeenCalledTimes(7);
  stop();
});

it("takes shorter steps while they hold the event loop for too long, and longer ones again", () => {
  const lengths: number[] = [];
  let msPerThousand = 2;
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const step = (length = 0): boolean => {
    lengths.push(length);
    now += (length / 1_000) * msPerThousand;
    return true;
  };
  const stop = indexInBackground(
    { isAvailable: true, lastLength: Number.POSITIVE_INFINITY, step },
    IDLE,
  );
  vi.advanceTimersByTime(500);
  expect(Math.abs((lengths.at(-1) ?? 0) - 5_000)).toBeLessThan(100); // 10 ms
  msPerThousand = 0.5;
  vi.advanceTimersByTime(500);
  expect(Math.abs((lengths.at(-1) ?? 0) - 20_000)).toBeLessThan(400);
  stop();
});

it("makes steps longer only by what those took that read as much as they may", () => {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const lengths: number[] = [];
  let lastLength = 0;
  const index = {
    isAvailable: true,
    get lastLength() {
      return lastLength;
    },
    step(length = 0) {
      lengths.push(length);
      // Twenty steps that only merge, then one that reads.
      lastLength = lengths.length > 20 ? length : 0;
      now += lastLength > 0 ? 5 : 0.1;
      return true;
    },
  };
  const stop = indexInBackground(index, IDLE);
  vi.advanceTimersByTime(100);
  expect(new Set(lengths.slice(0, 21))).toEqual(new Set([16_000]));
  expect(lengths[21]).toBe(20_000);
  stop();
});

it("rests 25 times as long as its steps take while the thread is busy, and no longer after", () => {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const advance = (ms: number): void => {
    for (let left = ms; left > 0; left--) {
      now++;
      vi.advanceTimersByTime(1);
    }
  };
  let startsAt: number[] = [];
  let share = 1;
  const step = (): boolean => {
    startsAt.push(now);
    now += 20;
    return true;
  };
  const stop = indexInBackground(
    { isAvailable: true, lastLength: Number.POSITIVE_INFINITY, step },
    { ...IDLE, busyShare: () => share },
  );
  advance(1_100);
  // Whether a rest of 500 ms is over it looks every 20 ms.
  expect(startsAt).toEqual([1, 540, 1_060]);
  share = 0;
  startsAt = [];
  advance(60);
  expect(startsAt.map((at) => at - (startsAt[0] ?? 0))).toEqual([0, 40, 80]);
  stop();
});

it("looks four times a second for something new, however busy the thread is", () => {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const step = vi.fn(() => false);
  const stop = indexInBackground(
    { isAvailable: true, lastLength: Number.POSITIVE_INFINITY, step },
    { ...IDLE, busyShare: () => 1 },
  );
  for (; now < 1_000; now++) vi.advanceTimersByTime(1);
  expect(step).toHaveBeenCalledTimes(4);
  stop();
});

it("tells of a failure once, tries again, and tells of the next one", () => {
  const errors: string[] = [];
  let isBroken = true;
  const step = vi.fn(() => {
    if (isBroken) throw new Error("database is locked");
    return false;
  });
  const stop = indexInBackground(
    { isAvailable: true, lastLength: Number.POSITIVE_INFINITY, step },
    { ...IDLE, onError: (error) => errors.push(error.message) },
  );
  vi.advanceTimersByTime(1_100);
  expect(step).toHaveBeenCalledTimes(5);
  expect(errors).toEqual(["database is locked"]);
  isBroken = false;
  vi.advanceTimersByTime(250);
  isBroken = true;
  vi.advanceTimersByTime(250);
  expect(errors).toHaveLength(2);
  stop();
});

it("does nothing after it was ended, nor without an index", () => {
  const step = vi.fn(() => true);
  indexInBackground({ isAvailable: true, lastLength: Number.POSITIVE_INFINITY, step }, IDLE)();
  indexInBackground({ isAvailable: false, lastLength: 0, step }, IDLE);
  vi.advanceTimersByTime(5_000);
  expect(step).not.toHaveBeenCalled();
});

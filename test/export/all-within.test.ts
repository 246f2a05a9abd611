import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { allTrue, allWithin } from "../../src/export/all-within";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const yes = Promise.resolve(true);
const no = Promise.resolve(false);

describe("allTrue", () => {
  it.each([
    ["none", [], true],
    ["one that is", [yes], true],
    ["one that is not", [no], false],
    ["two that are", [yes, yes], true],
    ["one of two", [yes, no], false],
  ])("tells of %s", async (_, all, expected) => {
    expect(await allTrue(all)).toBe(expected);
  });
});

describe("allWithin", () => {
  it("passes on what all come to, and leaves no timer behind", async () => {
    expect(await allWithin([yes, yes], 1_000)).toBe(true);
    expect(await allWithin([yes, no], 1_000)).toBe(false);
    expect(await allWithin([], 1_000)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is false when the time is over, not before", async () => {
    const onEnd = vi.fn<(isTrue: boolean) => void>();
    void allWithin([yes, new Promise(() => undefined)], 10.2).then(onEnd);
    await vi.advanceTimersByTimeAsync(10);
    expect(onEnd).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(onEnd.mock.calls).toEqual([[false]]);
  });

  it("waits for longer than a timer can", async () => {
    const onEnd = vi.fn<(isTrue: boolean) => void>();
    void allWithin([new Promise(() => undefined)], Number.POSITIVE_INFINITY).then(onEnd);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(onEnd).not.toHaveBeenCalled();
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startTransit } from "../../../src/export/media/media-transit";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Which of its promises have resolved by now. */
function watch(transit: ReturnType<typeof startTransit>): string[] {
  const resolved: string[] = [];
  void transit.isReadingLate.then(() => resolved.push("reading"));
  void transit.isLate.then(() => resolved.push("all"));
  return resolved;
}

describe("the time of a record's media", () => {
  it("is measured by one timer: reading is late after half of it, the rest at its end", async () => {
    const resolved = watch(startTransit([], [], 10_000));
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(resolved).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(resolved).toEqual(["reading"]);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(resolved).toEqual(["reading"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(resolved).toEqual(["reading", "all"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is over when it is stopped, with its timer", async () => {
    const transit = startTransit([], [], 10_000);
    const resolved = watch(transit);
    transit.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(resolved).toEqual(["reading", "all"]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

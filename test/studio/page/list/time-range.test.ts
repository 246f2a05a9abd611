import { describe, expect, it } from "vitest";
import {
  between,
  localMinute,
  parseLocalMinute,
  parseTimeRange,
  timeRangeAddress,
  timeRangeLabel,
  timeRangeQuery,
} from "../../../../src/studio/page/list/time-range";

const NOON_MS = Date.UTC(2026, 10, 22, 12);
const rangeOf = (query: string) => parseTimeRange(new URLSearchParams(query));

describe("parseTimeRange", () => {
  it("reads a span that ends now", () => {
    expect(rangeOf("last=7d")).toEqual({ kind: "last", preset: "7d" });
  });

  it("reads instants as ISO 8601 and as Unix milliseconds, each alone or both", () => {
    const both = { kind: "between", fromMs: NOON_MS, toMs: NOON_MS + 500 };
    expect(rangeOf(`from=2026-11-22T12:00:00Z&to=${NOON_MS + 500}`)).toEqual(both);
    expect(rangeOf("to=2026-11-22T13:00:00%2B01:00")).toEqual({
      kind: "between",
      fromMs: null,
      toMs: NOON_MS,
    });
  });

  it.each([
    "",
    "last=constructor",
    "last=1y",
    "from=soon",
    "from=&to=",
    "from=99999999999999999999",
  ])("takes all time where there is no range: %s", (query) => {
    expect(rangeOf(query)).toEqual({ kind: "all" });
  });
});

describe("what a range asks for", () => {
  it("stays relative in the address and is an instant for the API", () => {
    const range = rangeOf("last=24h");
    expect(timeRangeAddress(range)).toEqual({ last: "24h" });
    expect(timeRangeQuery(range, NOON_MS + 59_999)).toEqual({ from: "2026-11-21T12:00:00Z" });
  });

  it("is the same for both where it is fixed", () => {
    const range = between(NOON_MS, NOON_MS + 500);
    const expected = { from: "2026-11-22T12:00:00Z", to: "2026-11-22T12:00:00.500Z" };
    expect(timeRangeAddress(range)).toEqual(expected);
    expect(timeRangeQuery(range, 0)).toEqual(expected);
    expect(timeRangeQuery(between(null, null), NOON_MS)).toEqual({});
  });
});

describe("timeRangeLabel", () => {
  it("says the range in the reader's time, a day that both ends share once", () => {
    const atMs = new Date(2026, 10, 22, 9, 5).getTime();
    const nextDayMs = new Date(2026, 10, 23, 9, 5).getTime();
    expect(timeRangeLabel(between(null, null))).toBeNull();
    expect(timeRangeLabel(rangeOf("last=1h"))).toBe("Last hour");
    expect(timeRangeLabel(between(atMs, null))).toBe("Since 2026-11-22 09:05");
    expect(timeRangeLabel(between(null, atMs))).toBe("Until 2026-11-22 09:05");
    expect(timeRangeLabel(between(atMs, atMs + 3_600_000))).toBe("2026-11-22 09:05 – 10:05");
    expect(timeRangeLabel(between(atMs, nextDayMs))).toBe("2026-11-22 09:05 – 2026-11-23 09:05");
  });
});

describe("localMinute", () => {
  it("is what a date and time field shows, and is read back from it", () => {
    const atMs = new Date(2026, 0, 2, 3, 4).getTime();
    expect(localMinute(atMs)).toBe("2026-01-02T03:04");
    expect(parseLocalMinute("2026-01-02T03:04")).toBe(atMs);
    expect(localMinute(null)).toBe("");
    expect(parseLocalMinute("")).toBeNull();
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatAbsoluteTime,
  formatClockTime,
  formatCost,
  formatDuration,
  formatInteger,
  formatRelativeTime,
  formatScore,
  formatScoreSummary,
  formatTokens,
} from "../../../src/studio/conversation/format";

describe("formatDuration", () => {
  it.each([
    [0, "0 ms"],
    [0.04, "0.1 ms"],
    [0.4, "0.4 ms"],
    [0.95, "1 ms"],
    [340.4, "340 ms"],
    [999.4, "999 ms"],
    [999.5, "1.00 s"],
    [1_240, "1.24 s"],
    [12_340, "12.3 s"],
    [59_949, "59.9 s"],
    [59_960, "1 min"],
    [125_000, "2 min 5 s"],
    [3_599_600, "1 h"],
    [4_320_000, "1 h 12 min"],
    [86_399_999, "1 d"],
    [273_600_000, "3 d 4 h"],
    [-1_500, "−1.50 s"],
    [Number.NaN, "–"],
    [Number.POSITIVE_INFINITY, "–"],
  ])("writes %d ms as %s", (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });

  it("never writes 60 s, 60 min or 24 h for what is one of the next unit", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e12, noNaN: true }), (durationMs) => {
        expect(formatDuration(durationMs)).not.toMatch(/\b(60(\.0)? s|60 min|24 h|1000 ms)\b/);
      }),
    );
  });
});

describe("formatTokens", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [1_000, "1.0k"],
    [1_240, "1.2k"],
    [34_400, "34k"],
    [999_600, "1.0M"],
    [12_000_000, "12M"],
    [Number.NaN, "–"],
  ])("writes %d as %s", (count, text) => {
    expect(formatTokens(count)).toBe(text);
  });
});

describe("formatCost", () => {
  it.each([
    [0, "$0"],
    [0.00002, "<$0.0001"],
    [0.0021, "$0.0021"],
    [0.14, "$0.14"],
    [12.3, "$12.30"],
    [12_345.6, "$12,346"],
    [-0.5, "−$0.50"],
    [Number.NaN, "–"],
  ])("writes %d as %s", (costUsd, text) => {
    expect(formatCost(costUsd)).toBe(text);
  });
});

describe("formatScore", () => {
  it.each([
    [1, "1"],
    [2 / 3, "0.667"],
    [true, "true"],
    ["friendly", "friendly"],
    [Number.NaN, "–"],
  ])("writes %s as %s", (value, text) => {
    expect(formatScore(value)).toBe(text);
  });
});

describe("formatScoreSummary", () => {
  it.each([
    ["BOOLEAN", 1, 1, "true"],
    ["BOOLEAN", 1, 0, "false"],
    ["BOOLEAN", 3, 2 / 3, "67 % true"],
    ["BOOLEAN", 2, 1, "100 % true"],
    ["BOOLEAN", 2, 0, "0 % true"],
    ["BOOLEAN", 1_000, 0.999, "99 % true"],
    ["BOOLEAN", 1_000, 0.001, "1 % true"],
    ["NUMERIC", 1, 1, "1"],
    ["NUMERIC", 3, 2 / 3, "0.667"],
  ] as const)("writes %s, %d times, mean %d as %s", (dataType, count, mean, text) => {
    expect(formatScoreSummary({ name: "helpful", dataType, count, mean })).toBe(text);
  });
});

describe("formatInteger", () => {
  it("separates thousands", () => expect(formatInteger(1_234_567)).toBe("1,234,567"));
});

describe("formatRelativeTime", () => {
  const nowMs = Date.parse("2026-11-22T12:00:00Z");
  it.each([
    ["2026-11-22T11:59:50.123456Z", "just now"],
    ["2026-11-22T11:57:00Z", "3 min ago"],
    ["2026-11-22T11:00:10Z", "1 h ago"],
    ["2026-11-22T10:00:00Z", "2 h ago"],
    ["2026-11-17T12:00:00Z", "5 d ago"],
    ["2026-10-01T12:00:00Z", "2026-10-01"],
    ["2026-11-22T12:03:00Z", "in 3 min"],
    ["yesterday", "–"],
  ])("writes %s as %s", (time, text) => {
    expect(formatRelativeTime(time, nowMs)).toBe(text);
  });
});

describe("formatAbsoluteTime", () => {
  it("names date, time, milliseconds and zone", () => {
    expect(formatAbsoluteTime("2026-11-22T10:00:00.123456Z")).toMatch(
      /^2026-11-2[123] \d\d:\d\d:00\.123 UTC([+−]\d\d:\d\d)?$/,
    );
  });

  it("returns what is not a time as it is", () => {
    expect(formatAbsoluteTime("soon")).toBe("soon");
    expect(formatClockTime("soon")).toBe("–");
  });
});

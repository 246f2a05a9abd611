import { expect, it } from "vitest";
import {
  errorsSummary,
  minimaSummary,
  valuesSummary,
} from "../../../../src/studio/page/list/filter-texts";

const NO_MINIMA = { minTurns: null, minTokens: null, minCost: null, minDurationMs: null };

it("sums up chosen values as the first and the number of the others", () => {
  expect(valuesSummary([])).toBeNull();
  expect(valuesSummary(["alice"])).toBe("alice");
  expect(valuesSummary(["alice", "bob", "eve"])).toBe("alice +2");
});

it("sums up lower bounds with their units", () => {
  expect(minimaSummary(NO_MINIMA)).toBeNull();
  expect(minimaSummary({ ...NO_MINIMA, minTurns: 1 })).toBe("≥ 1 turn");
  expect(
    minimaSummary({ minTurns: 3, minTokens: 12_000, minCost: 0.5, minDurationMs: 90_000 }),
  ).toBe("≥ 3 turns, ≥ 12,000 tokens, ≥ $0.50, ≥ 1 min 30 s");
});

it("says whether sessions with errors show or those without", () => {
  expect([null, true, false].map(errorsSummary)).toEqual([null, "with", "without"]);
});

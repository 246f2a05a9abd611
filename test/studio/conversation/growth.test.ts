import { describe, expect, it } from "vitest";
import { growthOf, linePath, sampleOf } from "../../../src/studio/conversation/growth";

function turn(total: number, totalCost: number | null) {
  return { tokens: { input: total, output: 0, total }, totalCost };
}

describe("growthOf", () => {
  it("adds up tokens and cost turn by turn; what is not known adds nothing", () => {
    expect(growthOf([turn(10, 0.5), turn(0, null), turn(5, 0.25)])).toEqual([
      { turn: 1, tokens: 10, costUsd: 0.5 },
      { turn: 2, tokens: 10, costUsd: 0.5 },
      { turn: 3, tokens: 15, costUsd: 0.75 },
    ]);
  });
});

describe("linePath", () => {
  it("goes from the lower left to the upper right", () => {
    expect(linePath([1, 4], { width: 100, height: 40 })).toBe("M0 40L50 30L100 0");
  });

  it("stays at the bottom where nothing grows", () => {
    expect(linePath([0, 0], { width: 100, height: 40 })).toBe("M0 40L50 40L100 40");
  });
});

describe("sampleOf", () => {
  it("keeps all of a short list, and of a long one some with the last", () => {
    expect(sampleOf([1, 2, 3], 3)).toEqual([1, 2, 3]);
    expect(sampleOf([1, 2, 3, 4, 5, 6, 7], 3)).toEqual([1, 4, 7]);
  });
});

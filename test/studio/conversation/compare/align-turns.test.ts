import { describe, expect, it } from "vitest";
import { alignTurns } from "../../../../src/studio/conversation/compare/align-turns";

const pairsOf = (a: readonly (string | null)[], b: readonly (string | null)[]) =>
  alignTurns(a, b).map((pair) => [pair.a, pair.b]);

describe("the turns of two sessions", () => {
  it("stand side by side where the user said the same, whatever the case and punctuation", () => {
    expect(pairsOf(["Hello!", "Bye"], ["hello", " bye. "])).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it("stand alone where one session has a turn more", () => {
    expect(pairsOf(["a", "b", "c"], ["a", "c", "d"])).toEqual([
      [0, 0],
      [1, null],
      [2, 1],
      [null, 2],
    ]);
  });

  it("stand side by side between two that agree, where there are as many", () => {
    expect(pairsOf(["a", "rain?", "c"], ["a", "will it rain", "c"])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
  });

  it("stand alone where there are not as many", () => {
    expect(pairsOf(["x"], ["y", "z"])).toEqual([
      [0, null],
      [null, 0],
      [null, 1],
    ]);
  });

  it("are aligned without a word of the user, too", () => {
    expect(pairsOf([null, null], [null])).toEqual([
      [0, 0],
      [1, null],
    ]);
  });
});

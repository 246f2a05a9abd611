import { describe, expect, it } from "vitest";
import { parseScoreFilter, scoreFilterText } from "../../../../src/studio/page/list/score-filter";

describe("a filter on a score", () => {
  it.each([
    ["helpful", { name: "helpful", operator: null, value: "" }],
    ["helpful>=0.8", { name: "helpful", operator: ">=", value: "0.8" }],
    ["helpful<=-1", { name: "helpful", operator: "<=", value: "-1" }],
    ["verdict=good = fine", { name: "verdict", operator: "=", value: "good = fine" }],
    ["solved>=true", { name: "solved", operator: ">=", value: "true" }],
  ] as const)("is written %s", (text, filter) => {
    expect(parseScoreFilter(text)).toEqual(filter);
    expect(scoreFilterText(filter)).toBe(text);
  });

  it("asks for the name alone as long as the value cannot be compared", () => {
    expect(scoreFilterText({ name: "helpful", operator: "<=", value: " " })).toBe("helpful");
    expect(scoreFilterText({ name: "helpful", operator: ">=", value: "good" })).toBe("helpful");
    expect(parseScoreFilter("helpful>=good")).toEqual({
      name: "helpful",
      operator: null,
      value: "",
    });
    expect(parseScoreFilter("helpful=")).toEqual({ name: "helpful", operator: null, value: "" });
  });

  it.each(["", "=1", ">=1", "<="])("is none without a name: %s", (text) => {
    expect(parseScoreFilter(text)).toBeNull();
  });
});

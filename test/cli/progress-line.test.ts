import { describe, expect, it } from "vitest";
import { progressLine } from "../../src/cli/terminal";

const CLEAR = "\r\u001b[K";

describe("a line of progress", () => {
  it("takes the place of the one before, and is cut where the terminal is narrower", () => {
    expect(progressLine("scores  ━━  1 of 4", 80)).toBe(`${CLEAR}scores  ━━  1 of 4`);
    expect(progressLine("scores  ━━  1 of 4", 12)).toBe(`${CLEAR}scores  ━━…`);
    expect(progressLine("", 12)).toBe(CLEAR);
  });

  it("stays on one line whatever it tells", () => {
    expect(progressLine("a\nb\u001b[2Jc", undefined)).toBe(`${CLEAR}a bc`);
  });
});

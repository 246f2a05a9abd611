import { describe, expect, it } from "vitest";
import { foldLength } from "../../../src/studio/conversation/fold-length";

describe("foldLength", () => {
  const limits = { length: 100, lines: 20 };

  it.each([
    ["a text within the limits", "x".repeat(100), 100],
    ["a text a little over them", "x".repeat(114), 114],
    ["as many lines as the limit", "x\n".repeat(19), 38],
    ["a few lines more", "x\n".repeat(22), 44],
    ["an empty text", "", 0],
  ])("shows all of %s", (_, text, length) => {
    expect(foldLength(text, limits)).toBe(length);
  });

  it.each([
    ["a longer text at the length", "x".repeat(116), 100],
    ["more lines at the end of the last that fits", "x\n".repeat(30), 39],
    ["empty lines", "\n".repeat(50), 19],
    ["both at what comes first", "xxxxxxxxx\n".repeat(50), 100],
  ])("cuts %s", (_, text, length) => {
    expect(foldLength(text, limits)).toBe(length);
  });
});

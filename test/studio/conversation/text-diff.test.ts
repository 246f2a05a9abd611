import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DiffPart, diffTexts } from "../../../src/studio/conversation/text-diff";

const written = (before: string, after: string): string =>
  diffTexts(before, after)
    .map(({ kind, text }) => ({ same: text, removed: `[-${text}-]`, added: `{+${text}+}` })[kind])
    .join("");

const textOf = (parts: readonly DiffPart[], left: DiffPart["kind"]): string =>
  parts.flatMap(({ kind, text }) => (kind === left ? [] : [text])).join("");

describe("diffTexts", () => {
  it.each([
    ["nothing", "a b c", "a b c", "a b c"],
    [
      "a word in the middle",
      "arrives on Thursday, I hope",
      "arrives on Friday, I hope",
      "arrives on [-Thursday-]{+Friday+}, I hope",
    ],
    ["words that are new", "a c", "a b c", "a {+b +}c"],
    ["words that are gone", "a b c", "a c", "a [-b -]c"],
    [
      "several places",
      "one two three four",
      "one 2 three 4",
      "one [-two-]{+2+} three [-four-]{+4+}",
    ],
    ["all of a text", "yes", "no", "[-yes-]{+no+}"],
    ["a text that was empty", "", "no", "{+no+}"],
    ["a sign", "Right.", "Right!", "Right[-.-]{+!+}"],
    ["words of any script", "это да", "это нет", "это [-да-]{+нет+}"],
    ["words of letters with marks", "हिन्दी में", "हिन्दू में", "[-हिन्दी-]{+हिन्दू+} में"],
    [
      "words and signs, not letters",
      "It will rain today.",
      "It will snow today!",
      "It will [-rain-]{+snow+} today[-.-]{+!+}",
    ],
    ["no parts in two empty texts", "", "", ""],
  ])("finds %s", (_, before, after, expected) => {
    expect(written(before, after)).toBe(expected);
  });

  it("gives both texts back, whatever they are", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "grapheme", maxLength: 60 }),
      fc
        .array(fc.constantFrom("a", "b", " ", "c", "\n", "."), { maxLength: 40 })
        .map((all) => all.join("")),
    );
    fc.assert(
      fc.property(text, text, (before, after) => {
        const parts = diffTexts(before, after);
        expect(textOf(parts, "added")).toBe(before);
        expect(textOf(parts, "removed")).toBe(after);
      }),
    );
  });

  it("replaces all that differs where there is too much to compare, without taking long", () => {
    const [before, after] = ["a ".repeat(49_000), "b ".repeat(49_000)];
    expect(diffTexts(`x ${before}y`, `x ${after}y`)).toEqual([
      { kind: "same", text: "x " },
      { kind: "removed", text: before.trimEnd() },
      { kind: "added", text: after.trimEnd() },
      { kind: "same", text: " y" },
    ]);
  });

  it("compares texts of more than 200,000 characters line by line", () => {
    const [before, after] = ["one more line\n".repeat(8_000), "one line more\n"];
    expect(
      diffTexts(`${before}it rains\n${before}`, `${before}it snows\n${before}${after}`),
    ).toEqual([
      { kind: "same", text: before },
      { kind: "removed", text: "it rains\n" },
      { kind: "added", text: "it snows\n" },
      { kind: "same", text: before },
      { kind: "added", text: after },
    ]);
  });

  it("compares texts of megabytes that have nothing in common in bounded time", () => {
    const before = Array.from({ length: 60_000 }, (_, index) => `a${index} says\n`).join("");
    const after = Array.from({ length: 60_000 }, (_, index) => `b${index} says\n`).join("");
    const startedAt = performance.now();
    const parts = diffTexts(before, after);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect([textOf(parts, "added"), textOf(parts, "removed")]).toEqual([before, after]);
  });
});

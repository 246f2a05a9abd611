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
  ])("finds %s", (_, before, after, expected) => {
    expect(written(before, after)).toBe(expected);
  });

  it("gives both texts back, whatever they are", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
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
    const [before, after] = ["a ".repeat(50_000), "b ".repeat(50_000)];
    expect(diffTexts(`x ${before}y`, `x ${after}y`)).toEqual([
      { kind: "same", text: "x " },
      { kind: "removed", text: before.trimEnd() },
      { kind: "added", text: after.trimEnd() },
      { kind: "same", text: " y" },
    ]);
  });
});

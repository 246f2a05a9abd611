import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffTexts, type TextPart } from "../../../../src/studio/conversation/compare/text-diff";

const textOf = (parts: readonly TextPart[], without: TextPart["kind"]): string =>
  parts
    .filter(({ kind }) => kind !== without)
    .map(({ text }) => text)
    .join("");

describe("the differences of two texts", () => {
  it("are words, not letters", () => {
    expect(diffTexts("It will rain today.", "It will snow today!")).toEqual([
      { kind: "same", text: "It will " },
      { kind: "removed", text: "rain" },
      { kind: "added", text: "snow" },
      { kind: "same", text: " today" },
      { kind: "removed", text: "." },
      { kind: "added", text: "!" },
    ]);
  });

  it("hold both texts, whatever stands in them", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 60 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const parts = diffTexts(a, b);
        expect([textOf(parts, "added"), textOf(parts, "removed")]).toEqual([a, b]);
      }),
    );
  });

  it("are none between a text and itself", () => {
    expect(diffTexts("same", "same")).toEqual([{ kind: "same", text: "same" }]);
    expect(diffTexts("", "")).toEqual([]);
  });

  it("are found in texts of megabytes that have nothing in common, in bounded time", () => {
    const a = Array.from({ length: 60_000 }, (_, index) => `a${index} says\n`).join("");
    const b = Array.from({ length: 60_000 }, (_, index) => `b${index} says\n`).join("");
    const startedAt = performance.now();
    const parts = diffTexts(a, b);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect([textOf(parts, "added"), textOf(parts, "removed")]).toEqual([a, b]);
  });
});

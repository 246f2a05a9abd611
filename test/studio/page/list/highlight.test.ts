import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { highlightParts } from "../../../../src/studio/page/list/highlight";

const marked = (text: string, search: string): string =>
  highlightParts(text, search)
    .map((part) => (part.isMatch ? `[${part.text}]` : part.text))
    .join("");

describe("highlightParts", () => {
  it("marks each word of the search, whatever its case, at the start of words", () => {
    expect(marked("My Refund, please: refunds take long", "refund take")).toBe(
      "My [Refund], please: [refund]s [take] long",
    );
    expect(marked("before the war", "for")).toBe("before the war");
  });

  it("marks the longer of two words that begin alike", () => {
    expect(marked("refunded", "ref refund")).toBe("[refund]ed");
  });

  it("takes letters of every script", () => {
    expect(marked("Ein Überweisungsfehler", "überweisung")).toBe("Ein [Überweisung]sfehler");
    expect(marked("Сессия и ответ", "сессия")).toBe("[Сессия] и ответ");
  });

  it("takes signs of a search for what separates its words", () => {
    expect(marked("a.c abc (x)", ".* a.c (")).toBe("[a].[c] [a]bc (x)");
    expect(marked("no words", '"*')).toBe("no words");
  });

  it("loses nothing of any text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.string({ unit: "grapheme" }),
        (text, search) => {
          const parts = highlightParts(text, search);
          expect(parts.map((part) => part.text).join("")).toBe(text);
          expect(parts.every((part) => part.text !== "")).toBe(true);
        },
      ),
    );
  });
});

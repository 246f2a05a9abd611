import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitCodeFences } from "../../../src/studio/conversation/code-fences";

describe("splitCodeFences", () => {
  it("returns a text without fences as it is", () => {
    expect(splitCodeFences("a\n\nb ``c``")).toEqual([{ kind: "prose", text: "a\n\nb ``c``" }]);
  });

  it("parts prose and code, with the language", () => {
    expect(splitCodeFences("Look:\n\n```ts\nconst a = 1;\n\n```\n\nDone.")).toEqual([
      { kind: "prose", text: "Look:" },
      { kind: "code", language: "ts", text: "const a = 1;\n" },
      { kind: "prose", text: "Done." },
    ]);
  });

  it("runs to the end when a fence is not closed", () => {
    expect(splitCodeFences("```\na\nb")).toEqual([{ kind: "code", language: null, text: "a\nb" }]);
  });

  it("closes a fence only with one at least as long, of the same mark", () => {
    expect(splitCodeFences("````\n```\n~~~\n`````")).toEqual([
      { kind: "code", language: null, text: "```\n~~~" },
    ]);
  });

  it("keeps every letter and digit of the text in order", () => {
    const line = fc.constantFrom("```", "~~~", "````", "a1", "", "  b", "``` not `a fence`");
    const keep = (text: string): string => text.replace(/[^a-z0-9]/g, "");
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = lines.join("\n");
        expect(
          keep(
            splitCodeFences(text)
              .map((block) => block.text)
              .join("\n"),
          ),
        ).toBe(keep(text));
      }),
    );
  });
});

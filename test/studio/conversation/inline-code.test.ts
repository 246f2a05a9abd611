import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitInlineCode } from "../../../src/studio/conversation/inline-code";

const code = (text: string) => ({ kind: "code", text });
const plain = (text: string) => ({ kind: "text", text });

describe("splitInlineCode", () => {
  it.each([
    ["plain", [plain("plain")]],
    ["", []],
    ["`npm ci`", [code("npm ci")]],
    ["run `a`, then `b`.", [plain("run "), code("a"), plain(", then "), code("b"), plain(".")]],
    ["a stray ` here", [plain("a stray ` here")]],
    ["over\n`two\nlines` stays", [plain("over\n`two\nlines` stays")]],
    ["a ` stray\nand `code`", [plain("a ` stray\nand "), code("code")]],
    ["``empty``", [plain("`"), code("empty"), plain("`")]],
  ])("parts %j", (text, spans) => {
    expect(splitInlineCode(text)).toEqual(spans);
  });

  it("loses nothing but the backticks around code", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "`", "\n", " ") });
    fc.assert(
      fc.property(text, (given) => {
        const joined = splitInlineCode(given)
          .map((span) => (span.kind === "code" ? `\`${span.text}\`` : span.text))
          .join("");
        expect(joined).toBe(given);
      }),
    );
  });
});

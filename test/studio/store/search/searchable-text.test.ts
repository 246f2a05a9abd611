import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cutText,
  readableText,
  spreadCjk,
} from "../../../../src/studio/store/search/searchable-text";

describe("readable text", () => {
  it("has the escapes of JSON undone, also of JSON inside of JSON", () => {
    const inner = JSON.stringify({ text: 'line\nnext "quoted"', accent: "x" });
    const outer = JSON.stringify({ arguments: inner, name: "caf\u00e9" }).replace("é", "\\u00e9");
    expect(readableText(outer)).toBe(
      '{"arguments":"{"text":"line next "quoted"","accent":"x"}","name":"café"}',
    );
  });

  it("is plain text as it stands", () => {
    expect(readableText("C:\\new\\table")).toBe("C:\\new\\table");
  });

  it("leaves encoded files out", () => {
    const file = `data:image/png;base64,${"iVBORw0KGgo".repeat(40)}==`;
    expect(readableText(`before ${file} after`)).toBe(
      "before data:image/png;base64,  after".replace("base64,  ", "base64,  "),
    );
    expect(readableText("x".repeat(300))).toBe(" ");
    expect(readableText("x".repeat(255))).toBe("x".repeat(255));
  });
});

describe("cut text", () => {
  it("loses nothing, exceeds no length, and is always cut the same way", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("word", " ", "\n", "long".repeat(9), "é"), { maxLength: 80 }),
        fc.integer({ min: 4, max: 50 }),
        (parts, maxLength) => {
          const text = parts.join("");
          const pieces = cutText(text, maxLength);
          expect(pieces.join("")).toBe(text);
          expect(pieces.every((piece) => piece.length <= maxLength)).toBe(true);
          expect(cutText(text, maxLength)).toEqual(pieces);
        },
      ),
    );
  });

  it("splits no word where a space is near", () => {
    expect(cutText("one two three four", 9)).toEqual(["one two", " three", " four"]);
  });
});

it("puts Chinese and Japanese characters apart", () => {
  expect(spreadCjk("ok退款")).toBe("ok 退  款 ");
  expect(spreadCjk("plain")).toBe("plain");
});

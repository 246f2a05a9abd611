import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonOrText, readJson } from "../../../src/export/ingestion/captured-json";

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

describe("readJson", () => {
  it.each(["", "hello", "{a:1}", "[1,", "007", "True", "1e999", "[1e999]", "9007199254740993"])(
    "does not read %j",
    (text) => {
      expect(readJson(text)).toBeUndefined();
      expect(jsonOrText(text)).toBe(text);
    },
  );

  it("reads nesting of 256, and no more", () => {
    expect(JSON.stringify(readJson(nested(256)))).toBe(nested(256));
    expect(readJson(nested(257))).toBeUndefined();
    expect(readJson(nested(1_000_000))).toBeUndefined();
  });

  it("reads what JSON.stringify wrote, and writes it out again the same", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(readJson(text))).toBe(text);
      }),
    );
  });

  it("gives, for any text, something that can be written out", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.constant(nested(50_000))), (text) => {
        expect(typeof JSON.stringify(jsonOrText(text))).toBe("string");
      }),
    );
  });
});

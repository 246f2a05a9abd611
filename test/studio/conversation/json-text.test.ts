import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../src/studio/api/types";
import { compactJson, cutText } from "../../../src/studio/conversation/json-text";

describe("compactJson", () => {
  it("writes what JSON.stringify writes, when it is short and flat enough", () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: "small" }), (given) => {
        const value = JSON.parse(JSON.stringify(given)) as JsonValue; // settles -0, as the wire does
        expect(compactJson(value, 1_000_000)).toBe(JSON.stringify(value));
      }),
    );
  });

  it("cuts after the given length and says so", () => {
    expect(compactJson({ a: "xxxxxxxxxx" }, 8)).toBe('{"a":"xx…');
  });
});

describe("cutText", () => {
  it("never leaves half a surrogate pair at the end", () => {
    expect(cutText("ab😀", 3)).toBe("ab");
    expect(cutText("ab😀", 4)).toBe("ab😀");
  });
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { serialize } from "../../src/capture/serialize";
import { hostileValue } from "../support/hostile-values";

it("never throws and stays within the bound, whatever the value", () => {
  fc.assert(
    fc.property(hostileValue(), fc.integer({ min: 64, max: 4_096 }), (build, maxBytes) => {
      const value = build();
      const text = serialize(value, { maxBytes });
      if (value === undefined || value === null) {
        expect(text).toBeUndefined();
        return;
      }
      expect(typeof text).toBe("string");
      expect(Buffer.byteLength(text ?? "")).toBeLessThanOrEqual(maxBytes);
    }),
    { numRuns: 1_000 },
  );
});

it("writes JSON whenever nothing has to be cut, whatever the value", () => {
  fc.assert(
    fc.property(hostileValue(), (build) => {
      const value = build();
      fc.pre(value !== null && value !== undefined && typeof value !== "string");
      const text = serialize(value, { maxBytes: 16 * 1_048_576 }) ?? "";
      expect(() => JSON.parse(text)).not.toThrow();
    }),
    { numRuns: 500 },
  );
});

it("gives back plain data unchanged", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      fc.pre(value !== null && typeof value !== "string");
      // JSON has no -0, so what JSON.stringify makes of the value is what can be expected.
      const expected: unknown = JSON.parse(JSON.stringify(value));
      const text = serialize(value, { maxBytes: 1_048_576 }) ?? "";
      expect(JSON.parse(text)).toEqual(expected);
    }),
  );
});

it("leaves every string that fits as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      expect(serialize(text, { maxBytes: 1_024 })).toBe(text);
    }),
  );
});

it("keeps a whole prefix and counts what is gone when it cuts a text", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", minLength: 400, maxLength: 2_000 }),
      fc.integer({ min: 64, max: 300 }),
      (text, maxBytes) => {
        const cut = serialize(text, { maxBytes }) ?? "";
        const match = /^([\s\S]*)\.\.\.\[cut: (\d+) bytes\]$/.exec(cut);
        const kept = match?.[1] ?? "";
        expect(Buffer.from(text).subarray(0, Buffer.byteLength(kept)).toString()).toBe(kept);
        expect(Buffer.byteLength(kept) + Number(match?.[2])).toBe(Buffer.byteLength(text));
      },
    ),
  );
});

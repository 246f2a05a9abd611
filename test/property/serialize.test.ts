import fc from "fast-check";
import { expect, it } from "vitest";
import { Media } from "../../src/capture/media/media";
import { MediaCollector } from "../../src/capture/media/media-collector";
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

it("leaves every string that fits as it is, but for NUL and halves of surrogate pairs", () => {
  fc.assert(
    fc.property(fc.string({ unit: hostileCharacter(), maxLength: 300 }), (text) => {
      const expected = Buffer.from(text).toString().replaceAll("\0", "\ufffd");
      expect(serialize(text, { maxBytes: 1_024 })).toBe(expected);
    }),
  );
});

it("writes no NUL and no half of a surrogate pair, wherever it stands", () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string({ unit: hostileCharacter() }),
        fc.string({ unit: hostileCharacter() }),
      ),
      fc.boolean(),
      (members, isPlain) => {
        const text = serialize([members, isPlain ? 1 : 1n], { maxBytes: 1_048_576 }) ?? "";
        const [readBack] = JSON.parse(text) as [Record<string, string>];
        for (const each of Object.entries(readBack).flat()) {
          expect(each.isWellFormed() && !each.includes("\0")).toBe(true);
        }
      },
    ),
  );
});

it("reads each member at the most once on the describing path, whatever it is called", () => {
  const keys = fc.uniqueArray(
    fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom("toJSON", "constructor", "type", "data", "source", "mimeType", "__proto__"),
    ),
  );
  fc.assert(
    fc.property(keys, fc.boolean(), fc.boolean(), (names, isShared, findsMedia) => {
      const media = findsMedia ? new MediaCollector("input", { maxBytes: 1_000 }) : undefined;
      let readCount = 0;
      const value: object = {};
      for (const name of names) {
        const get = (): string => {
          readCount += 1;
          return name;
        };
        Object.defineProperty(value, name, { enumerable: true, configurable: true, get });
      }
      serialize([1n, value, isShared ? value : undefined], { maxBytes: 1_048_576, media });
      expect(readCount).toBe(names.length);
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

/** Characters, halves of pairs, and what JSON escapes. */
function hostileCharacter(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    fc.constantFrom("\ud800", "\udfff", "\0", "\\", '"', "u0000", "\\ud800", "\u0001"),
  );
}

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/** What media stand in, among all else. */
function withMedia(): fc.Arbitrary<() => unknown> {
  const medium = fc.constantFrom<() => unknown>(
    () => `data:image/png;base64,${PIXEL}`,
    () => `a data:image/png;base64,${PIXEL} b data:;base64,${PIXEL}`,
    () => Buffer.from(PIXEL, "base64"),
    () => ({ mimeType: "image/png", data: PIXEL }),
    () => new Blob(["x"]),
    () => new Media({ dataUri: `data:image/png;base64,${PIXEL}` }),
    () => "x".repeat(500),
  );
  const item = fc.oneof(medium, medium, hostileValue());
  return fc.oneof(
    medium,
    fc.array(item, { maxLength: 6 }).map((items) => () => items.map((build) => build())),
    fc
      .array(fc.tuple(fc.string({ maxLength: 30 }), item), { maxLength: 6 })
      .map((items) => () => Object.fromEntries(items.map(([key, build]) => [key, build()]))),
  );
}

it("has an attachment for each token in the text, and a token for each attachment, whatever is cut", () => {
  const bounds = fc.record({
    maxBytes: fc.integer({ min: 64, max: 3_000 }),
    maxMediaBytes: fc.constantFrom(10, 1_000),
  });
  fc.assert(
    fc.property(withMedia(), bounds, (build, { maxBytes, maxMediaBytes }) => {
      // What looks like the edge of a token must be one.
      fc.pre(!serialize(build(), { maxBytes: 1_000_000 })?.includes("@@@"));
      const media = new MediaCollector("input", { maxBytes: maxMediaBytes });
      const text = serialize(build(), { maxBytes, media }) ?? "";
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
      const tokens = new Set(text.match(/@@@playhead:[0-9a-f]{16}:\d+@@@/g));
      expect(new Set(media.attachments.map(({ token }) => token))).toEqual(tokens);
      expect(text.replaceAll(/@@@playhead:[0-9a-f]{16}:\d+@@@/g, "")).not.toContain("@@@");
    }),
    { numRuns: 1_000 },
  );
});

it("gives back the same text with what stood at each token as without looking for media", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constant(`data:image/png;base64,${PIXEL}`), fc.string()), {
        maxLength: 8,
      }),
      fc.boolean(),
      (parts, isPlain) => {
        const value = [{ text: parts.join(" ") }, isPlain ? 1 : 1n];
        const media = new MediaCollector("input", { maxBytes: 1_000 });
        let text = serialize(value, { maxBytes: 65_536, media }) ?? "";
        for (const { token, original } of media.attachments) {
          text = text.replace(token, () => original ?? "");
        }
        expect(text).toBe(serialize(value, { maxBytes: 65_536 }));
      },
    ),
  );
});

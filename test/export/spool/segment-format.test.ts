import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkHeader,
  decodeBind,
  decodeHead,
  decodePrefix,
  decodeRecord,
  decodeSettled,
  encodeBind,
  encodeHeader,
  encodeRecord,
  encodeSettles,
  MAX_ENTRY_BYTES,
  MAX_SETTLED_PER_ENTRY,
  PREFIX_BYTES,
  recordEntryLength,
} from "../../../src/export/spool/segment-format";
import type { SpoolRecord } from "../../../src/export/spool/spool";

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const traceId = fc.oneof(fc.constant(""), fc.stringMatching(/^[0-9a-f]{32}$/));
const record: fc.Arbitrary<SpoolRecord> = fc.record({
  kind: fc.constantFrom("span" as const, "score" as const),
  body: bytes,
  traceAttributes: bytes,
  isRoot: fc.boolean(),
  traceId,
});

describe("a record", () => {
  it("comes back from its entry as it was, whatever it holds", () => {
    fc.assert(
      fc.property(record, (original) => {
        const entry = encodeRecord(original);
        expect(entry.length).toBe(recordEntryLength(original));
        expect(decodeRecord(entry)).toEqual(original);
      }),
    );
  });

  it("is not read when any one bit of its entry is wrong", () => {
    fc.assert(
      fc.property(record, fc.nat(), (original, seed) => {
        const entry = encodeRecord(original);
        const bit = seed % (8 * entry.length);
        const at = Math.floor(bit / 8);
        entry[at] = (entry[at] ?? 0) ^ (1 << (bit % 8));
        expect(decodeRecord(entry)).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });

  it("is not read from a part of its entry, or from nothing", () => {
    const entry = encodeRecord({
      kind: "span",
      body: Buffer.from("body"),
      traceAttributes: Buffer.from("attributes"),
      isRoot: true,
      traceId: "0123456789abcdef".repeat(2),
    });
    for (let length = 0; length < entry.length; length += 1) {
      expect(decodeRecord(entry.subarray(0, length))).toBeUndefined();
    }
  });

  it("loses a trace id that is none, and nothing else", () => {
    const original = {
      kind: "span" as const,
      body: Buffer.from("body"),
      traceAttributes: Buffer.alloc(0),
      isRoot: false,
      traceId: "not an id",
    };
    expect(decodeRecord(encodeRecord(original))).toEqual({ ...original, traceId: "" });
  });
});

describe("a bind", () => {
  it("gives its attributes back, and is no record", () => {
    const entry = encodeBind("c".repeat(32), Buffer.from("attributes")) ?? Buffer.alloc(0);
    expect(decodeBind(entry)?.toString()).toBe("attributes");
    expect(decodeRecord(entry)).toBeUndefined();
    const content = entry.subarray(PREFIX_BYTES);
    expect(decodeHead(content, content.length)).toEqual({ type: "bind", traceId: "c".repeat(32) });
  });

  it("is not written for an id that no record can have", () => {
    expect(encodeBind("C".repeat(32), Buffer.alloc(0))).toBeUndefined();
  });
});

describe("settles", () => {
  it("give their offsets back, in entries that stay small", () => {
    const offsets = Array.from({ length: 2 * MAX_SETTLED_PER_ENTRY + 1 }, (_, index) => index * 7);
    const entries = encodeSettles(offsets);
    const found: number[] = [];
    let count = 0;
    for (let at = 0; at < entries.length; count += 1) {
      const length = decodePrefix(entries.subarray(at))?.length ?? 0;
      const content = entries.subarray(at + PREFIX_BYTES, at + PREFIX_BYTES + length);
      expect(decodeHead(content, length)).toEqual({ type: "settle" });
      found.push(...decodeSettled(content.subarray(1)));
      at += PREFIX_BYTES + length;
    }
    expect(found).toEqual(offsets);
    expect(count).toBe(3);
  });
});

describe("a header", () => {
  it("is told from a part of it and from that of another version or file", () => {
    const header = encodeHeader();
    expect(checkHeader(header)).toBe("readable");
    expect(checkHeader(Buffer.alloc(0))).toBe("cut");
    expect(checkHeader(header.subarray(0, 5))).toBe("cut");
    expect(checkHeader(Buffer.concat([header.subarray(0, -1), Buffer.of(2)]))).toBe("unknown");
    expect(checkHeader(Buffer.from("SQLite format 3"))).toBe("unknown");
    expect(checkHeader(Buffer.from("SQL"))).toBe("unknown");
  });
});

it("takes no length for one that is zero or beyond the bound", () => {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  expect(decodePrefix(prefix)).toBeUndefined();
  prefix.writeUInt32LE(MAX_ENTRY_BYTES + 1);
  expect(decodePrefix(prefix)).toBeUndefined();
  prefix.writeUInt32LE(MAX_ENTRY_BYTES);
  expect(decodePrefix(prefix)?.length).toBe(MAX_ENTRY_BYTES);
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutMark } from "../../src/capture/text-limit";
import { cutSpan, MIN_CUT_BYTES } from "../../src/export/cut-span";
import { type DecodedSpan, decodeSpan } from "../../src/export/decode-span";
import type { ReleasedSpan } from "../../src/export/released-span";
import { spanRecord, traceAttributes } from "../support/arbitraries";
import { decodeSpan as decodeStrictly } from "../support/decode-request";
import { createRecord } from "../support/span-records";
import { createFullRecord, releaseSpan } from "./full-span";

function decodeReleased(span: ReleasedSpan): DecodedSpan {
  return decodeSpan(Buffer.concat([span.body, span.traceAttributes]));
}

/** Cuts a span that is expected to fit. */
function cut(span: ReleasedSpan, maxBytes: number): { cut: ReleasedSpan; decoded: DecodedSpan } {
  const result = cutSpan(span, maxBytes);
  if (result === undefined) throw new Error("Expected the span to fit, got undefined");
  return { cut: result, decoded: decodeReleased(result) };
}

/** Every text of a span by where it stands. */
function textsOf(span: DecodedSpan): Map<string, unknown> {
  const texts = new Map<string, unknown>([
    ["name", span.name],
    ["status", span.statusMessage],
  ]);
  for (const [key, value] of span.attributes) {
    if (typeof value === "object")
      for (const [i, item] of value.entries()) texts.set(`${key}[${i}]`, item);
    else texts.set(key, value);
  }
  for (const [index, { attributes }] of span.events.entries()) {
    for (const [key, value] of attributes) texts.set(`event ${index} ${key}`, value);
  }
  return texts;
}

const CUT_TEXT = /^([\s\S]*)\.\.\.\[cut: (\d+) bytes\]$/;

describe("cutSpan", () => {
  it("gives back the span itself when it fits", () => {
    const span = releaseSpan(createFullRecord(), { userId: "u" });
    expect(cutSpan(span, span.byteLength)).toBe(span);
  });

  it("cuts the longest text only, to the bound, and says how much is gone", () => {
    const span = releaseSpan(
      createFullRecord({ input: "i".repeat(10_000), output: "o".repeat(2_000) }),
    );
    const { cut: result, decoded } = cut(span, 6_000);
    const input = String(decoded.attributes.get("langfuse.observation.input"));
    const [, kept, gone] = CUT_TEXT.exec(input) ?? [];
    expect(result.byteLength).toBeLessThanOrEqual(6_000);
    expect(result.byteLength).toBeGreaterThan(5_980);
    expect(kept).toBe("i".repeat(kept?.length ?? 0));
    expect(Number(gone)).toBe(10_000 - (kept?.length ?? 0));
    expect(decoded.attributes.get("langfuse.observation.output")).toBe("o".repeat(2_000));
  });

  it("cuts several long texts to the same length", () => {
    const span = releaseSpan(
      createFullRecord({
        input: "i".repeat(50_000),
        output: "o".repeat(30_000),
        metadata: new Map([["page", "m".repeat(4_000)]]),
      }),
    );
    const { decoded } = cut(span, 20_000);
    const input = String(decoded.attributes.get("langfuse.observation.input"));
    const output = String(decoded.attributes.get("langfuse.observation.output"));
    expect(input.length).toBe(output.length);
    expect(decoded.attributes.get("langfuse.observation.metadata.page")).toBe("m".repeat(4_000));
  });

  it("passes no bound by a single byte, whatever is left over from sharing the cut", () => {
    const span = releaseSpan(
      createRecord({
        input: "i".repeat(60_000),
        output: "o".repeat(60_000),
        name: "n".repeat(60_000),
      }),
    );
    for (let maxBytes = 150_000; maxBytes < 150_006; maxBytes += 1) {
      const { cut: result } = cut(span, maxBytes);
      expect(result.byteLength).toBeLessThanOrEqual(maxBytes);
      expect(result.byteLength).toBeGreaterThan(maxBytes - 3);
    }
  });

  it("cuts stack traces of exceptions", () => {
    const exceptions = [
      { timeMs: 1, type: "Error", message: "deep", stacktrace: "at x\n".repeat(10_000) },
    ];
    const { decoded } = cut(releaseSpan(createRecord({ exceptions })), 2_000);
    const stacktrace = decoded.events[0]?.attributes.get("exception.stacktrace");
    expect(stacktrace).toMatch(/^at x\nat x\n[\s\S]*\.\.\.\[cut: \d+ bytes\]$/);
    expect(decoded.events[0]?.attributes.get("exception.message")).toBe("deep");
  });

  it.each([
    ["a name", createRecord({ name: "n".repeat(9_000) })],
    ["a status message", createRecord({ level: "ERROR", statusMessage: "s".repeat(9_000) })],
    ["a tag", createRecord({ own: { tags: ["short", "t".repeat(9_000)] } })],
    ["a metadata value", createRecord({ metadata: new Map([["k", "v".repeat(9_000)]]) })],
  ])("fits a span into the bound when %s is what is long", (_, record) => {
    const { cut: result } = cut(releaseSpan(record), 3_000);
    expect(result.byteLength).toBeLessThanOrEqual(3_000);
  });

  it("cuts long attributes of the trace and leaves the span's own bytes as they are", () => {
    const span = releaseSpan(createRecord(), { metadata: new Map([["doc", "d".repeat(9_000)]]) });
    const { cut: result, decoded } = cut(span, 3_000);
    expect(result.body.equals(span.body)).toBe(true);
    expect(decoded.attributes.get("langfuse.trace.metadata.doc")).toMatch(CUT_TEXT);
  });

  it("counts what an earlier cut took away, too", () => {
    const span = releaseSpan(createRecord({ input: `${"i".repeat(9_000)}${cutMark(1_000_000)}` }));
    const { decoded } = cut(span, 3_000);
    const input = String(decoded.attributes.get("langfuse.observation.input"));
    const [, kept, gone] = CUT_TEXT.exec(input) ?? [];
    expect(kept).toBe("i".repeat(kept?.length ?? 0));
    expect((kept?.length ?? 0) + Number(gone)).toBe(1_009_000);
  });

  it("cuts on a character boundary", () => {
    for (let maxBytes = 2_000; maxBytes < 2_008; maxBytes += 1) {
      const { decoded } = cut(releaseSpan(createRecord({ input: "a😀é".repeat(2_000) })), maxBytes);
      const input = String(decoded.attributes.get("langfuse.observation.input"));
      const [, kept, gone] = CUT_TEXT.exec(input) ?? [];
      expect(kept).not.toContain("\ufffd");
      expect("a😀é".repeat(2_000).startsWith(kept ?? "?")).toBe(true);
      expect(Buffer.byteLength(kept ?? "") + Number(gone)).toBe(14_000);
    }
  });

  it("gives up when even the shortest texts would not fit", () => {
    const span = releaseSpan(createFullRecord({ input: "i".repeat(9_000) }));
    expect(cutSpan(span, 300)).toBeUndefined();
  });

  it("gives up on bytes that are no span", () => {
    const body = Buffer.alloc(5_000, 0xff);
    const broken = { ...releaseSpan(createRecord()), body, byteLength: 5_010 };
    expect(cutSpan(broken, 1_000)).toBeUndefined();
  });

  const long = fc
    .tuple(fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }), fc.nat(400))
    .map(([text, times]) => Buffer.from(text.repeat(times + 1)).toString());
  const longRecord = fc
    .tuple(spanRecord(), fc.record({ input: long, output: long, statusMessage: long }))
    .map(([record, texts]) => ({ ...record, ...texts }));

  it("fits the bound, decodes, and changes long texts only, whatever the span", () => {
    fc.assert(
      fc.property(
        longRecord,
        traceAttributes(),
        fc.integer({ min: 1, max: 20_000 }),
        (record, trace, maxBytes) => {
          const span = releaseSpan(record, trace);
          const result = cutSpan(span, maxBytes);
          const lengths = [...textsOf(decodeReleased(span)).values()].map((text) =>
            typeof text === "string" ? Buffer.byteLength(text) : 0,
          );
          const cuttable = lengths.map((length) => Math.max(0, length - MIN_CUT_BYTES));
          const smallest = span.byteLength - cuttable.reduce((sum, length) => sum + length, 0);
          expect(result !== undefined).toBe(maxBytes >= smallest);
          if (result === undefined) return;
          expect(result.byteLength).toBeLessThanOrEqual(maxBytes);
          expect(result.isRoot).toBe(span.isRoot);
          decodeStrictly(result.body);

          const before = decodeReleased(span);
          const after = decodeReleased(result);
          const { traceId, spanId, parentSpanId, startTimeUnixNano, endTimeUnixNano } = before;
          expect(after).toMatchObject({
            traceId,
            spanId,
            parentSpanId,
            startTimeUnixNano,
            endTimeUnixNano,
          });
          const [beforeTexts, afterTexts] = [textsOf(before), textsOf(after)];
          expect([...afterTexts.keys()]).toEqual([...beforeTexts.keys()]);
          for (const [where, text] of beforeTexts) {
            const now = afterTexts.get(where);
            if (now === text) continue;
            const [, kept = "?"] = CUT_TEXT.exec(String(now)) ?? [];
            expect(Buffer.byteLength(String(text))).toBeGreaterThan(MIN_CUT_BYTES);
            expect(String(text).startsWith(kept)).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

import fc from "fast-check";
import { expect, it } from "vitest";
import {
  layTraceAttributes,
  NO_TRACE_ATTRIBUTES,
  type TraceAttributes,
} from "../../../src/attributes/trace-attributes";
import { encodeTraceAttributes } from "../../../src/export/encode-span";
import { mergeTraceAttributes } from "../../../src/export/spool/merge-attributes";
import { decodeSpan } from "../../support/decode-request";
import { createRecord, encodeBody } from "../../support/span-records";
import { attributes } from "./support/spool-folder";

const text = fc.option(fc.string({ maxLength: 5 }), { nil: undefined });
const traceAttributes: fc.Arbitrary<TraceAttributes> = fc.record({
  name: text,
  sessionId: text,
  userId: text,
  version: text,
  tags: fc.option(fc.array(fc.string({ maxLength: 3 }), { maxLength: 3 }), { nil: undefined }),
  public: fc.option(fc.boolean(), { nil: undefined }),
  metadata: fc.option(
    fc
      .dictionary(fc.constantFrom("a", "b", "é"), fc.string({ maxLength: 3 }))
      .map((values) => new Map(Object.entries(values))),
    { nil: undefined },
  ),
});

it("gives what the hold gives a span that it releases with the same attributes", () => {
  fc.assert(
    fc.property(
      traceAttributes,
      traceAttributes,
      traceAttributes,
      traceAttributes,
      (own, fallback, early, update) => {
        const late = layTraceAttributes(early, update);
        const record = createRecord({ name: "x".repeat(300), input: "y".repeat(300), own });
        const body = encodeBody(record);
        const encode = (trace: TraceAttributes): Buffer =>
          encodeTraceAttributes(layTraceAttributes(fallback, trace), own);
        const merged = mergeTraceAttributes(
          body,
          encode(early),
          encodeTraceAttributes(late, NO_TRACE_ATTRIBUTES),
        );
        const asMap = (bytes: Buffer): Map<string, unknown> => {
          const list = decodeSpan(Buffer.concat([body, bytes])).attributes;
          const map = new Map(list);
          expect(map.size).toBe(list.length); // no key stands twice
          return map;
        };
        expect(asMap(merged)).toEqual(asMap(encode(late)));
      },
    ),
  );
});

it("leaves the attributes as they were appended when something cannot be read", () => {
  const good = attributes({ key: "value" });
  for (const bad of [Buffer.of(0x4a, 0x7f, 1), Buffer.of(0x4b), Buffer.alloc(12, 0xff)]) {
    expect(mergeTraceAttributes(bad, good, good)).toBe(good);
    expect(mergeTraceAttributes(good, good, bad)).toBe(good);
    expect(mergeTraceAttributes(good, bad, good)).toBe(bad);
  }
});

it("never throws, whatever the bytes", () => {
  const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
  fc.assert(
    fc.property(bytes, bytes, bytes, (body, appended, bound) => {
      expect(mergeTraceAttributes(body, appended, bound)).toBeInstanceOf(Buffer);
    }),
    { numRuns: 2_000 },
  );
});

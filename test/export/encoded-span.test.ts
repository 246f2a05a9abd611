import { describe, expect, it } from "vitest";
import { NO_TRACE_ATTRIBUTES } from "../../src/attributes/trace-attributes";
import { encodeSpan } from "../../src/export/encode-span";
import type { EncodedSpan } from "../../src/export/encoded-span";
import { createRecord } from "../support/span-records";

describe("depart", () => {
  it("gives each target a span of its own, with the same bytes, since each keeps its place in it", () => {
    const delivered: EncodedSpan[] = [];
    const target = {
      deliver(span: EncodedSpan): void {
        delivered.push(span);
        span.sequence = delivered.length;
      },
    };
    const span = encodeSpan(createRecord({ input: "x" }), NO_TRACE_ATTRIBUTES);
    const passage = { target, ticket: undefined };
    span.binding = { ...span.binding, passages: [passage, passage, passage] };
    span.depart();
    expect(delivered.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(delivered[0]).toBe(span);
    for (const one of delivered) {
      expect([one.body, one.byteLength, one.isRoot]).toEqual([
        span.body,
        span.byteLength,
        span.isRoot,
      ]);
    }
  });
});

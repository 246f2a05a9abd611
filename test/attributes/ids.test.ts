import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SpanId, TraceId } from "../../src/attributes/ids";

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length });

describe("ids", () => {
  it("give back the text they were read from, zeros and all", () => {
    fc.assert(fc.property(hex(16), (text) => void expect(SpanId.parse(text).hex).toBe(text)));
    fc.assert(fc.property(hex(32), (text) => void expect(TraceId.parse(text).hex).toBe(text)));
    expect(SpanId.parse("00000000ffffffff").hex).toBe("00000000ffffffff");
  });

  it("made at random differ, and have the form of the specification", () => {
    const spans = Array.from({ length: 5_000 }, () => SpanId.random().hex);
    const traces = Array.from({ length: 5_000 }, () => TraceId.random().hex);
    expect(spans.every((id) => /^[0-9a-f]{16}$/.test(id))).toBe(true);
    expect(traces.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
    expect(new Set([...spans, ...traces.map((id) => id.slice(0, 16))]).size).toBe(10_000);
  });
});

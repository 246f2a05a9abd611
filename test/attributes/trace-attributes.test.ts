import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  layTraceAttributes,
  NO_TRACE_ATTRIBUTES,
  type TraceAttributes,
  visitTraceAttributes,
} from "../../src/attributes/trace-attributes";
import { traceAttributes } from "../support/arbitraries";

/** Every visit, in order. */
function visits(attributes: TraceAttributes, own?: TraceAttributes): [string, unknown][] {
  const seen: [string, unknown][] = [];
  const keep = (key: string, value: unknown): void => {
    seen.push([key, value]);
  };
  visitTraceAttributes(attributes, { string: keep, strings: keep, boolean: keep }, own);
  return seen;
}

const FULL: TraceAttributes = {
  name: "chat",
  sessionId: "s",
  userId: "u",
  tags: ["a", "b"],
  metadata: new Map([["plan", "pro"]]),
  version: "v",
  release: "r",
  environment: "e",
  public: false,
};

describe("visitTraceAttributes", () => {
  it("visits each attribute that is set, false and empty lists included", () => {
    expect(visits(FULL)).toEqual([
      ["session.id", "s"],
      ["user.id", "u"],
      ["langfuse.trace.name", "chat"],
      ["langfuse.version", "v"],
      ["langfuse.release", "r"],
      ["langfuse.environment", "e"],
      ["langfuse.trace.tags", ["a", "b"]],
      ["langfuse.trace.public", false],
      ["langfuse.trace.metadata.plan", "pro"],
    ]);
    expect(visits({ tags: [] })).toEqual([["langfuse.trace.tags", []]]);
  });

  it("visits nothing of nothing", () => {
    expect(visits(NO_TRACE_ATTRIBUTES)).toEqual([]);
    expect(visits({ sessionId: undefined, tags: undefined })).toEqual([]);
  });

  it("leaves out what the span says itself, metadata by key", () => {
    const own: TraceAttributes = {
      sessionId: "own",
      tags: [],
      public: true,
      metadata: new Map([["plan", "own"]]),
    };
    const trace = { ...FULL, metadata: new Map([...(FULL.metadata ?? []), ["other", "1"]]) };
    expect(visits(trace, own)).toEqual([
      ["user.id", "u"],
      ["langfuse.trace.name", "chat"],
      ["langfuse.version", "v"],
      ["langfuse.release", "r"],
      ["langfuse.environment", "e"],
      ["langfuse.trace.metadata.other", "1"],
    ]);
  });

  it("never gives a key twice between a span's own and its trace's, and own wins", () => {
    fc.assert(
      fc.property(traceAttributes(), traceAttributes(), (trace, own) => {
        const ownVisits = visits(own);
        const keys = [...ownVisits, ...visits(trace, own)].map(([key]) => key);
        expect(new Set(keys).size).toBe(keys.length);
        const all = new Map([...ownVisits, ...visits(trace, own)]);
        expect(all).toEqual(new Map([...visits(trace), ...ownVisits]));
      }),
    );
  });
});

describe("layTraceAttributes", () => {
  it("lets the top win field by field, metadata by key", () => {
    const top: TraceAttributes = {
      sessionId: "top",
      public: true,
      metadata: new Map([["plan", "free"]]),
    };
    expect(layTraceAttributes(FULL, top)).toEqual({
      ...FULL,
      sessionId: "top",
      public: true,
      metadata: new Map([["plan", "free"]]),
    });
  });

  it("lets false and an empty list of the top win over what is below", () => {
    const laid = layTraceAttributes({ public: true, tags: ["a"] }, { public: false, tags: [] });
    expect(laid).toMatchObject({ public: false, tags: [] });
  });

  it("gives what visiting the base and then the top would leave", () => {
    fc.assert(
      fc.property(traceAttributes(), traceAttributes(), (base, top) => {
        expect(new Map(visits(layTraceAttributes(base, top)))).toEqual(
          new Map([...visits(base), ...visits(top)]),
        );
      }),
    );
  });

  it("changes neither side, and makes nothing new where one is empty", () => {
    const before = structuredClone(FULL);
    layTraceAttributes(FULL, { metadata: new Map([["new", "1"]]), tags: ["c"] });
    expect(FULL).toEqual(before);
    expect(layTraceAttributes(NO_TRACE_ATTRIBUTES, FULL)).toBe(FULL);
    expect(layTraceAttributes(FULL, NO_TRACE_ATTRIBUTES)).toBe(FULL);
  });
});

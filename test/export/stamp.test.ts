import { describe, expect, it } from "vitest";
import { NO_TRACE_ATTRIBUTES, type TraceAttributes } from "../../src/attributes/trace-attributes";
import { encodeSpan } from "../../src/export/encode-span";
import type { EncodedSpan } from "../../src/export/encoded-span";
import { stamp, stampFrom } from "../../src/export/stamp";
import { decodeSpan } from "../support/decode-request";
import { createRecord } from "../support/span-records";

function held(own: TraceAttributes = NO_TRACE_ATTRIBUTES, input = "x"): EncodedSpan {
  return encodeSpan(createRecord({ own, input }), NO_TRACE_ATTRIBUTES);
}

function stamped(spans: EncodedSpan[], attributes: readonly TraceAttributes[]): EncodedSpan[] {
  stamp(spans, (_, index) => attributes[index] ?? NO_TRACE_ATTRIBUTES);
  return spans;
}

const attributesOf = (span: { body: Buffer; traceAttributes: Buffer }) =>
  new Map(decodeSpan(Buffer.concat([span.body, span.traceAttributes])).attributes);

describe("stamp", () => {
  it("shares one encoding between spans that say nothing themselves", () => {
    const attributes = { sessionId: "s" };
    const [first, second] = stamped([held(), held()], [attributes, attributes]);
    expect(first?.traceAttributes).toBe(second?.traceAttributes);
    expect(first && attributesOf(first).get("session.id")).toBe("s");
  });

  it("gives each span the attributes meant for it, its own ones first", () => {
    const [first, second] = stamped(
      [held({ sessionId: "own" }), held()],
      [{ sessionId: "a", userId: "u" }, { sessionId: "b" }],
    );
    expect(first && attributesOf(first).get("session.id")).toBe("own");
    expect(first && attributesOf(first).get("user.id")).toBe("u");
    expect(second && attributesOf(second).get("session.id")).toBe("b");
  });

  it("counts a span's bytes with all that surrounds them in the request", () => {
    const [span] = stamped([held(undefined, "x".repeat(300))], [{ sessionId: "s".repeat(200) }]);
    const contentLength = (span?.body.length ?? 0) + (span?.traceAttributes.length ?? 0);
    expect(span?.byteLength).toBe(contentLength + 3); // a tag, and a length of two bytes
  });

  it("leaves a span alone that has its trace's attributes from its end on", () => {
    const attributes = { sessionId: "s" };
    const span = encodeSpan(createRecord({ own: { userId: "own" } }), attributes);
    const { whole, byteLength } = span;
    stamp([span], () => attributes);
    expect(span.whole).toBe(whole);
    expect(span.byteLength).toBe(byteLength);
    expect(Object.fromEntries(attributesOf(span))).toMatchObject({
      "session.id": "s",
      "user.id": "own",
    });
  });

  it("puts changed attributes in the place of those that a span had at its end", () => {
    const span = encodeSpan(createRecord(), { sessionId: "early", userId: "gone" });
    stamp([span], () => ({ sessionId: "late" }));
    expect(span.whole).toBeUndefined();
    expect(attributesOf(span).get("session.id")).toBe("late");
    expect(attributesOf(span).has("user.id")).toBe(false);
  });
});

describe("stampFrom", () => {
  const sessionsOf = (spans: EncodedSpan[]) =>
    spans.map((span) => attributesOf(span).get("session.id"));

  it("leaves spans as they are that have the attributes of their trace", () => {
    const attributes = { sessionId: "s" };
    const spans = [encodeSpan(createRecord(), attributes), encodeSpan(createRecord(), attributes)];
    const places = spans.map(({ whole }) => whole);
    stampFrom(spans, attributes);
    expect(spans.map(({ whole }) => whole)).toEqual(places);
    expect(sessionsOf(spans)).toEqual(["s", "s"]);
  });

  it("gives all of them the attributes where one has others", () => {
    const attributes = { sessionId: "late" };
    const spans = [
      encodeSpan(createRecord(), attributes),
      encodeSpan(createRecord(), { sessionId: "early" }),
      encodeSpan(createRecord(), NO_TRACE_ATTRIBUTES),
    ];
    stampFrom(spans, attributes);
    expect(sessionsOf(spans)).toEqual(["late", "late", "late"]);
  });

  it("gives one span what the scopes around it gave, where its trace has nothing", () => {
    const fallback = { sessionId: "scope" };
    const spans = [
      encodeSpan(createRecord(), NO_TRACE_ATTRIBUTES),
      encodeSpan(createRecord(), NO_TRACE_ATTRIBUTES, fallback),
    ];
    stampFrom(spans, NO_TRACE_ATTRIBUTES);
    expect(sessionsOf(spans)).toEqual([undefined, "scope"]);
  });
});

import { describe, expect, it } from "vitest";
import { NO_TRACE_ATTRIBUTES, type TraceAttributes } from "../../src/attributes/trace-attributes";
import { encodeSpan } from "../../src/export/encode-span";
import type { HeldSpan } from "../../src/export/hold";
import { stamp } from "../../src/export/stamp";
import { decodeSpan } from "../support/decode-request";
import { createRecord } from "../support/span-records";

function held(own: TraceAttributes = NO_TRACE_ATTRIBUTES, input = "x"): HeldSpan<undefined> {
  const body = encodeSpan(createRecord({ own, input }));
  return { body, isRoot: false, own, fallback: NO_TRACE_ATTRIBUTES, extra: undefined };
}

const attributesOf = (span: { body: Buffer; traceAttributes: Buffer }) =>
  new Map(decodeSpan(Buffer.concat([span.body, span.traceAttributes])).attributes);

describe("stamp", () => {
  it("shares one encoding between spans that say nothing themselves", () => {
    const attributes = { sessionId: "s" };
    const [first, second] = stamp([held(), held()], [attributes, attributes]);
    expect(first?.traceAttributes).toBe(second?.traceAttributes);
    expect(first && attributesOf(first).get("session.id")).toBe("s");
  });

  it("gives each span the attributes meant for it, its own ones first", () => {
    const [first, second] = stamp(
      [held({ sessionId: "own" }), held()],
      [{ sessionId: "a", userId: "u" }, { sessionId: "b" }],
    );
    expect(first && attributesOf(first).get("session.id")).toBe("own");
    expect(first && attributesOf(first).get("user.id")).toBe("u");
    expect(second && attributesOf(second).get("session.id")).toBe("b");
  });

  it("counts a span's bytes with all that surrounds them in the request", () => {
    const [span] = stamp([held(undefined, "x".repeat(300))], [{ sessionId: "s".repeat(200) }]);
    const contentLength = (span?.body.length ?? 0) + (span?.traceAttributes.length ?? 0);
    expect(span?.byteLength).toBe(contentLength + 3); // a tag, and a length of two bytes
  });
});

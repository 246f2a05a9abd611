import { describe, expect, it } from "vitest";
import { NO_TRACE_ATTRIBUTES } from "../../src/attributes/trace-attributes";
import { encodeSpan, encodeTraceAttributes } from "../../src/export/encode-span";
import { type EncodedSpan, TraceStamp } from "../../src/export/encoded-span";
import { framedLength } from "../../src/export/protobuf-writer";
import type { SpoolTicket } from "../../src/export/spool/spool";
import { createRecord } from "../support/span-records";

const createTicket = (byteLength: number): SpoolTicket => ({
  kind: "span",
  byteLength,
  isAdopted: false,
});

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

  it("lets each target put its own ticket on its own span, and no other span have it", () => {
    const tickets = [createTicket(1), createTicket(2)];
    const delivered: EncodedSpan[] = [];
    const target = {
      deliver(span: EncodedSpan, ticket: SpoolTicket | undefined): void {
        delivered.push(span);
        span.ticket = ticket;
      },
    };
    const record = createRecord({ isRoot: true });
    const [span, neighbour] = [
      encodeSpan(record, NO_TRACE_ATTRIBUTES),
      encodeSpan(record, NO_TRACE_ATTRIBUTES),
    ];
    span.binding = {
      ...span.binding,
      passages: tickets.map((ticket) => ({ target, ticket })),
    };
    neighbour.binding = span.binding;
    span.depart();
    expect(delivered.map(({ ticket }) => ticket)).toEqual(tickets);
    expect(delivered.map(({ isRoot }) => isRoot)).toEqual([true, true]);
    expect(neighbour.ticket).toBeUndefined();
  });
});

describe("a span whose trace has other attributes at its release", () => {
  it("is as long as its body and those, where it stands and in memory of its own", () => {
    const span = encodeSpan(createRecord({ input: "x" }), { sessionId: "at its end" });
    const bytes = encodeTraceAttributes({ sessionId: "later" }, NO_TRACE_ATTRIBUTES);
    const body = Buffer.from(span.body);
    span.stamp(new TraceStamp({ sessionId: "later" }, bytes));
    const expected = { byteLength: framedLength(body.length + bytes.length), whole: undefined };
    expect(span).toMatchObject(expected);
    span.giveOwnMemory();
    expect(span).toMatchObject(expected);
    expect(Buffer.concat([span.body, span.traceAttributes])).toEqual(Buffer.concat([body, bytes]));
    expect(span.memory).toHaveLength(span.end);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OBSERVATION_KEYS, TRACE_KEYS } from "../../src/attributes/keys";
import { NO_TRACE_ATTRIBUTES } from "../../src/attributes/trace-attributes";
import { decodeSpan } from "../../src/export/decode-span";
import { encodeTraceAttributes } from "../../src/export/encode-span";
import { SPAN } from "../../src/export/otlp-tags";
import { ProtobufWriter } from "../../src/export/protobuf-writer";
import { spanRecord, traceAttributes } from "../support/arbitraries";
import { type Attribute, decodeSpan as decodeStrictly } from "../support/decode-request";
import { createRecord, encodeBody } from "../support/span-records";
import { createFullRecord } from "./full-span";

/** One field of two bytes of text, with the given tag. */
function textField(tag: number): Buffer {
  const writer = new ProtobufWriter();
  writer.begin();
  writer.varint(tag);
  writer.string("xy");
  return writer.finish();
}

/** One value per key, whole numbers as numbers. */
function merged(attributes: readonly Attribute[]): [string, unknown][] {
  return [...new Map(attributes)].map(([key, value]) => [
    key,
    typeof value === "bigint" ? Number(value) : value,
  ]);
}

describe("decodeSpan", () => {
  it("reads every field that a span is written with", () => {
    const span = decodeSpan(encodeBody(createFullRecord()));
    expect({ ...span, attributes: Object.fromEntries(span.attributes), events: undefined }).toEqual(
      {
        traceId: "0123456789abcdef0123456789abcdef",
        spanId: "0123456789abcdef",
        parentSpanId: "fedcba9876543210",
        isParentRemote: true,
        name: "answer",
        startTimeUnixNano: 1_763_806_800_250_500_000n,
        endTimeUnixNano: 1_763_806_801_750_000_000n,
        hasError: true,
        statusMessage: "the model said no",
        events: undefined,
        attributes: {
          "langfuse.observation.type": "generation",
          "langfuse.observation.input": '[{"role":"user","content":"hi"}]',
          "langfuse.observation.output": "hello",
          "langfuse.observation.metadata": "[1,2]",
          "langfuse.observation.metadata.plan": "pro",
          "langfuse.observation.level": "ERROR",
          "langfuse.observation.status_message": "the model said no",
          "langfuse.observation.model.name": "gpt-4o",
          "langfuse.observation.model.parameters": '{"temperature":0.5}',
          "langfuse.observation.usage_details": '{"input":10,"output":5}',
          "langfuse.observation.cost_details": '{"total":0.25}',
          "langfuse.observation.completion_start_time": '"2025-11-22T10:20:01.000Z"',
          "langfuse.observation.prompt.name": "greeting",
          "langfuse.observation.prompt.version": 3,
          "langfuse.internal.is_app_root": true,
          "session.id": "s-1",
          "langfuse.trace.tags": ["a", "b"],
          "langfuse.trace.public": true,
        },
      },
    );
    expect(span.events).toEqual([
      {
        timeUnixNano: 1_763_806_801_500_000_000n,
        name: "exception",
        attributes: new Map([
          ["exception.type", "TypeError"],
          ["exception.message", "no"],
          ["exception.stacktrace", "TypeError: no\n    at x"],
        ]),
      },
    ]);
  });

  it("has no parent and no status message where the span has none", () => {
    const span = decodeSpan(encodeBody(createRecord()));
    expect(span).toMatchObject({ isParentRemote: false, hasError: false, events: [] });
    expect(span.parentSpanId).toBeUndefined();
    expect(span.statusMessage).toBeUndefined();
  });

  it("reads attributes that were appended, the last value where a key stands twice", () => {
    const bytes = Buffer.concat([
      encodeBody(createRecord({ own: { sessionId: "first", version: "1" } })),
      encodeTraceAttributes({ sessionId: "second", userId: "u" }, NO_TRACE_ATTRIBUTES),
    ]);
    const { attributes } = decodeSpan(bytes);
    expect([...attributes]).toEqual([
      [OBSERVATION_KEYS.type, "span"],
      [TRACE_KEYS.sessionId, "second"],
      [TRACE_KEYS.version, "1"],
      [TRACE_KEYS.userId, "u"],
    ]);
  });

  it("skips fields it does not know", () => {
    const bytes = encodeBody(createRecord());
    const known = decodeSpan(bytes);
    // Fields 3 and 100 of every wire type; 3 is the trace state, which we never write.
    const unknown = Buffer.concat([
      textField((3 << 3) | 2),
      textField((100 << 3) | 2),
      Buffer.from([0x18, 0xff, 0xff, 0x01]),
      Buffer.from([0x19, 1, 2, 3, 4, 5, 6, 7, 8]),
      Buffer.from([0x1d, 1, 2, 3, 4]),
    ]);
    expect(decodeSpan(Buffer.concat([unknown, bytes, unknown]))).toEqual(known);
  });

  it.each([
    ["a text that reaches past the end", [SPAN.name, 5, 0x61]],
    ["a length that reaches past the end", [SPAN.name, 0x80]],
    ["a time that is cut off", [SPAN.startTime, 1, 2]],
    ["an attribute whose value reaches past it", [SPAN.attributes, 2, 0x12, 9, 1, 2, 3]],
    ["a length above 2^53", [SPAN.name, 255, 255, 255, 255, 255, 255, 255, 255, 1]],
    ["a varint without an end", [0x18, ...new Array<number>(11).fill(0xff)]],
    ["a group", [0x1b, 0x1c]],
  ])("throws a RangeError for %s", (_, bytes) => {
    expect(() => decodeSpan(Buffer.from(bytes))).toThrow(RangeError);
  });

  it("agrees with an independent decoder on every span", () => {
    fc.assert(
      fc.property(spanRecord(), traceAttributes(), (record, trace) => {
        const bytes = Buffer.concat([encodeBody(record), encodeTraceAttributes(trace, record.own)]);
        const span = decodeSpan(bytes);
        const theirs = decodeStrictly(bytes);
        expect({ ...span, attributes: [...span.attributes] }).toEqual({
          traceId: theirs.traceId,
          spanId: theirs.spanId,
          parentSpanId: theirs.parentSpanId,
          isParentRemote: (theirs.flags & 0x200) !== 0,
          name: theirs.name,
          startTimeUnixNano: theirs.startNano,
          endTimeUnixNano: theirs.endNano,
          attributes: merged(theirs.attributes),
          events: theirs.events.map(({ timeNano, name, attributes }) => ({
            timeUnixNano: timeNano,
            name,
            attributes: new Map(attributes),
          })),
          hasError: theirs.status?.code === 2,
          statusMessage: theirs.status?.message,
        });
      }),
    );
  });

  it("reads any bytes or throws a RangeError, never anything else", () => {
    const damaged = fc
      .tuple(spanRecord(), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }), fc.nat())
      .map(([record, changes, end]) => {
        const bytes = Buffer.from(encodeBody(record));
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        return bytes.subarray(0, end % (bytes.length + 1));
      });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 60 })), (bytes) => {
        try {
          expect(typeof decodeSpan(bytes).name).toBe("string");
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

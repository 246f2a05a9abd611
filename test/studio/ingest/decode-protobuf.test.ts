import { BinaryWriter } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeProtobuf } from "../../../src/studio/ingest/decode-protobuf";
import {
  type AttributeValue,
  MAX_VALUE_DEPTH,
  OtlpDecodeError,
  type OtlpSpan,
  TOO_DEEP_MARKER,
} from "../../../src/studio/ingest/otlp-types";
import {
  all,
  attribute,
  double,
  type Fields,
  fixed64,
  hex,
  ids,
  message,
  requestWithSpan,
  SPAN_ID,
  TRACE_ID,
  text,
  varint,
} from "./otlp-bytes";

function decodeSpan(...fields: readonly Fields[]): OtlpSpan | undefined {
  return decodeProtobuf(requestWithSpan(...fields))[0]?.scopeSpans[0]?.spans[0];
}

function decodeValue(value: Fields): AttributeValue | undefined {
  return decodeSpan(ids, attribute(9, "key", value))?.attributes.get("key");
}

describe("decodeProtobuf", () => {
  it("reads every field of a span that is kept", () => {
    const event = message(
      11,
      all(fixed64(1, "5"), text(2, "exception"), attribute(3, "exception.type", text(1, "Oops"))),
    );
    expect(
      decodeSpan(
        ids,
        hex(4, "00000000000000aa"),
        text(5, "näme"),
        fixed64(7, "1763806800123456789"),
        fixed64(8, "18446744073709551615"),
        attribute(9, "a", text(1, "x")),
        event,
        message(15, all(text(2, "boom"), varint(3, 2))),
      ),
    ).toEqual({
      traceId: TRACE_ID,
      spanId: SPAN_ID,
      parentSpanId: "00000000000000aa",
      name: "näme",
      startTimeUnixNano: 1_763_806_800_123_456_789n,
      endTimeUnixNano: 2n ** 64n - 1n,
      attributes: new Map([["a", "x"]]),
      events: [{ name: "exception", attributes: new Map([["exception.type", "Oops"]]) }],
      statusCode: 2,
      statusMessage: "boom",
      problems: [],
    });
  });

  it("reads resource and scope", () => {
    const scope = message(1, all(text(1, "name"), text(2, "1.0"), attribute(3, "k", varint(2, 1))));
    const body = message(
      1,
      all(message(1, attribute(1, "service.name", text(1, "svc"))), message(2, scope)),
    )(new BinaryWriter()).finish();
    expect(decodeProtobuf(body)).toEqual([
      {
        resource: new Map([["service.name", "svc"]]),
        scopeSpans: [
          {
            scope: { name: "name", version: "1.0", attributes: new Map([["k", true]]) },
            spans: [],
          },
        ],
      },
    ]);
  });

  it.each<[string, Fields, AttributeValue]>([
    ["text", text(1, "x"), "x"],
    ["a boolean", varint(2, 0), false],
    ["an integer", varint(3, -7), -7],
    ["an integer past 2^53 as digits", varint(3, "9007199254740993"), "9007199254740993"],
    ["a double", double(4, 0.1), 0.1],
    ["a list", message(5, all(message(1, text(1, "a")), message(1, varint(3, 2)))), ["a", 2]],
    ["a map", message(6, attribute(1, "k", text(1, "v"))), new Map([["k", "v"]])],
    ["bytes", hex(7, "0102"), new Uint8Array([1, 2])],
    ["nothing", all(), null],
  ])("reads an attribute that is %s", (_kind, value, expected) => {
    expect(decodeValue(value)).toEqual(expected);
  });

  it("takes the last of two values of one key, as a sender may append to a span", () => {
    const span = decodeSpan(
      attribute(9, "session.id", text(1, "first")),
      ids,
      attribute(9, "session.id", text(1, "last")),
    );
    expect(span?.attributes.get("session.id")).toBe("last");
  });

  it("skips fields it does not know, and known ones with another wire type", () => {
    const span = decodeSpan(varint(16, 257), varint(5, 3), message(13, text(1, "link")), ids);
    expect(span).toMatchObject({ name: "", problems: [] });
  });

  it("names absent and overlong ids", () => {
    expect(decodeSpan(text(5, "n"))?.problems).toEqual(["traceId:absent", "spanId:absent"]);
    const long = decodeSpan(hex(1, "ab".repeat(500)), hex(2, SPAN_ID));
    expect(long?.problems).toEqual(["traceId:too_long"]);
  });

  it("marks what is nested beyond the limit and reads on behind it", () => {
    let nested: Fields = text(1, "core");
    for (let depth = 0; depth < 5_000; depth++) nested = nestInList(nested);
    const span = decodeSpan(ids, attribute(9, "deep", nested), attribute(9, "after", text(1, "x")));
    let value = span?.attributes.get("deep");
    for (let depth = 0; depth < MAX_VALUE_DEPTH; depth++) value = firstOf(value);
    expect(value).toBe(TOO_DEEP_MARKER);
    expect(span?.attributes.get("after")).toBe("x");
  });

  it("rejects a body that is cut off, wherever", () => {
    const body = requestWithSpan(ids, text(5, "name"), attribute(9, "key", text(1, "value")));
    for (let length = 1; length < body.length; length++) {
      expect(() => decodeProtobuf(body.subarray(0, length)), `${length} bytes`).toThrow(
        OtlpDecodeError,
      );
    }
  });

  it("rejects a length that reaches past its message", () => {
    // A resource (length 2) whose attribute claims five bytes.
    expect(() => decodeProtobuf(new Uint8Array([0x0a, 2, 0x0a, 5, 0, 0, 0, 0, 0]))).toThrow(
      OtlpDecodeError,
    );
  });

  it("reads or rejects any bytes, and never fails otherwise", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeProtobuf(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(OtlpDecodeError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("reads or rejects a body with any one byte changed", () => {
    const body = requestWithSpan(
      ids,
      attribute(9, "list", message(5, message(1, text(1, "value")))),
      fixed64(7, "1763806800123456789"),
    );
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.nat(255), (position, byte) => {
        const changed = Uint8Array.from(body);
        changed[position] = byte;
        try {
          decodeProtobuf(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(OtlpDecodeError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Writes into a buffer of its own: forks nested thousands deep would overflow the writer. */
function nestInList(inner: Fields): Fields {
  const bytes = message(5, message(1, inner))(new BinaryWriter()).finish();
  return (writer) => writer.raw(bytes);
}

function firstOf(value: AttributeValue | undefined): AttributeValue | undefined {
  if (!Array.isArray(value)) throw new Error("Expected a list");
  // What an attribute's list holds are attribute values.
  return value[0] as AttributeValue;
}

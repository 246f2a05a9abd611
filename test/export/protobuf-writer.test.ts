import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProtobufWriter, utf8Length } from "../../src/export/protobuf-writer";

function written(write: (writer: ProtobufWriter) => void): Buffer {
  const writer = new ProtobufWriter();
  writer.begin();
  write(writer);
  return Buffer.from(writer.finish());
}

describe("ProtobufWriter", () => {
  it("writes texts of every length and alphabet as the runtime encodes them", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 120 }), (text) => {
        const expected = Buffer.from(text);
        expect(utf8Length(text)).toBe(expected.length);
        expect(written((writer) => writer.text(text, utf8Length(text)))).toEqual(expected);
      }),
    );
  });

  it("writes hex digits of both cases as bytes behind their number", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 127 }), fc.boolean(), (bytes, isUpper) => {
        const hex = Buffer.from(bytes).toString("hex");
        const given = isUpper ? hex.toUpperCase() : hex;
        expect(written((writer) => writer.hex(given))).toEqual(
          Buffer.from([bytes.length, ...bytes]),
        );
      }),
    );
  });

  it.each(["0", "0g", "g0", "é0", "00\u{1F600}", "  "])("refuses %j, which is no hex", (hex) => {
    expect(() => written((writer) => writer.hex(hex))).toThrow(RangeError);
  });

  it("writes numbers and bytes as little-endian buffers do, whatever their length", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.uint8Array({ maxLength: 100 }),
        (low, high, bytes) => {
          const expected = Buffer.alloc(12);
          expected.writeUInt32LE(high, 0);
          expected.writeUInt32LE(low, 4);
          expected.writeUInt32LE(high, 8);
          const actual = written((writer) => {
            writer.fixed32(high);
            writer.fixed64(low, high);
            writer.bytes(bytes);
          });
          expect(actual).toEqual(Buffer.concat([expected, bytes]));
        },
      ),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProtobufWriter, utf8Length, writeVarint } from "../../src/export/protobuf-writer";

function written(write: (writer: ProtobufWriter) => void): Buffer {
  const writer = new ProtobufWriter();
  writer.begin();
  write(writer);
  return Buffer.from(writer.finish());
}

function varint(value: number): Buffer {
  const bytes = Buffer.alloc(10);
  return bytes.subarray(0, writeVarint(bytes, value, 0));
}

/** Short ones; and ones whose length takes more bytes in UTF-8 than in UTF-16, or that are longer than a slab. */
const textOfAnyLength = fc.oneof(
  fc.string({ unit: "binary", maxLength: 120 }),
  fc
    .tuple(fc.string({ unit: "binary", maxLength: 3 }), fc.integer({ min: 0, max: 40_000 }))
    .map(([unit, times]) => unit.repeat(times)),
);

describe("ProtobufWriter", () => {
  it("writes texts of every length and alphabet as the runtime encodes them", () => {
    fc.assert(
      fc.property(textOfAnyLength, (text) => {
        const expected = Buffer.from(text);
        expect(utf8Length(text)).toBe(expected.length);
        const actual = written((writer) => writer.string(text));
        expect(actual.equals(Buffer.concat([varint(expected.length), expected]))).toBe(true);
      }),
    );
  });

  it("repeats what it has written, also into the next slab, and says when it is gone", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.array(fc.constantFrom(0, 1, 3, 100, 40_000), { maxLength: 20 }),
        (bytes, gaps) => {
          const writer = new ProtobufWriter();
          writer.begin();
          writer.bytes(bytes);
          let to = writer.position;
          let { slabCount } = writer;
          for (const gap of gaps) {
            writer.finish();
            writer.begin();
            writer.bytes(Buffer.alloc(gap, 7));
            if (writer.slabCount !== slabCount) {
              writer.bytes(bytes);
              to = writer.position;
              ({ slabCount } = writer);
              continue;
            }
            writer.repeat(to - bytes.length, to);
            expect(writer.finish()).toEqual(Buffer.concat([Buffer.alloc(gap, 7), bytes]));
            writer.begin();
          }
        },
      ),
    );
  });

  it("repeats what does not fit into the rest of the slab at the beginning of the next one", () => {
    const bytes = Buffer.from(Array.from({ length: 50 }, (_, at) => at + 1));
    for (let room = 0; room < bytes.length; room += 1) {
      const writer = new ProtobufWriter();
      writer.begin();
      writer.bytes(bytes);
      writer.finish();
      writer.begin();
      const filling = Buffer.alloc(writer.memory.length - writer.position - room, 7);
      writer.bytes(filling);
      const { slabCount } = writer;
      writer.repeat(0, bytes.length);
      expect(writer.slabCount).toBe(slabCount + 1);
      expect(writer.finish().equals(Buffer.concat([filling, bytes]))).toBe(true);
    }
  });

  it("writes what is put into a view and bytes behind one another, whatever their length", () => {
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
            const view = writer.claimView(12);
            for (const [index, word] of [high, low, high].entries()) {
              view.setUint32(writer.position + 4 * index, word, true);
            }
            writer.advanceTo(writer.position + 12);
            writer.bytes(bytes);
          });
          expect(actual).toEqual(Buffer.concat([expected, bytes]));
        },
      ),
    );
  });
});

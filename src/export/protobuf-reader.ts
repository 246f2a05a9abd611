/** Wire types. Spec: https://protobuf.dev/programming-guides/encoding/#structure */
const WIRE = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const;
const MAX_VARINT_BYTES = 10;

/**
 * Reads the fields of one protobuf message front to back. Every step is checked against the end of
 * the bytes.
 *
 *     for (let tag = reader.nextTag(); tag !== undefined; tag = reader.nextTag()) …
 *
 * After a tag comes exactly one read of its value, or {@link ProtobufReader.skip}.
 * @throws RangeError from every method, when the bytes are cut off or are not protobuf
 */
export class ProtobufReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Of the next byte that is read. */
  get position(): number {
    return this.#position;
  }

  /** Field number and wire type of the next field; undefined at the end. */
  nextTag(): number | undefined {
    return this.#position === this.#bytes.length ? undefined : this.uint53();
  }

  /** A varint from 0 to 2^53 - 1. */
  uint53(): number {
    let value = 0;
    for (let group = 0; group < MAX_VARINT_BYTES; group += 1) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** (7 * group);
      if (byte >= 0x80) continue;
      if (Number.isSafeInteger(value)) return value;
      break;
    }
    throw new RangeError("Expected a number up to 2^53 - 1, got a larger one");
  }

  /** A varint of 64 bits in two's complement. */
  int64(): bigint {
    let value = 0n;
    for (let group = 0n; group < MAX_VARINT_BYTES; group += 1n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << (7n * group);
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new RangeError("Expected a number of 64 bits, got a longer one");
  }

  fixed32(): number {
    return this.#take(4).readUInt32LE();
  }

  fixed64(): bigint {
    return this.#take(8).readBigUInt64LE();
  }

  double(): number {
    return this.#take(8).readDoubleLE();
  }

  /** Bytes behind a length: a view, not a copy. */
  delimited(): Buffer {
    return this.#take(this.uint53());
  }

  /** Passes over the value of a field that is not known. */
  skip(tag: number): void {
    switch (tag & 7) {
      case WIRE.varint:
        this.int64();
        break;
      case WIRE.fixed64:
        this.#take(8);
        break;
      case WIRE.lengthDelimited:
        this.delimited();
        break;
      case WIRE.fixed32:
        this.#take(4);
        break;
      default: // groups, which nobody has written for long
        throw new RangeError(`Expected a known wire type, got ${tag & 7}`);
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#position];
    if (byte === undefined) throw new RangeError("Expected more bytes, got the end");
    this.#position += 1;
    return byte;
  }

  #take(length: number): Buffer {
    const end = this.#position + length;
    if (end > this.#bytes.length) throw new RangeError("Expected more bytes, got the end");
    const taken = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return taken;
  }
}

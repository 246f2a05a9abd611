import type { AttributeVisitor } from "../attributes/trace-attributes";
import { ANY_VALUE, ARRAY_ITEM, KEY_VALUE } from "./otlp-tags";
import {
  MAX_VARINT_BYTES,
  type ProtobufWriter,
  putBytes,
  putText,
  roomFor,
  utf8Length,
  varintLength,
  writeVarint,
} from "./protobuf-writer";

/** Keys as `tag length bytes`, encoded once: they are few and come again with every span. */
const encodedKeys = new Map<string, Buffer>();
/** Keys made from metadata are the user's, endless in number and length: past this, they are encoded each time. */
const MAX_ENCODED_KEYS = 1_000;
const MAX_ENCODED_KEY_BYTES = 128;

/** Writes attributes as a repeated KeyValue field. */
export class OtlpAttributeWriter implements AttributeVisitor {
  readonly #writer: ProtobufWriter;
  readonly #tag: number;

  /** @param tag - field and wire type of the repeated field, e.g. 0x4a for `Span.attributes` */
  constructor(writer: ProtobufWriter, tag: number) {
    this.#writer = writer;
    this.#tag = tag;
  }

  string(key: string, value: string): void {
    this.encoded(encodeKey(key), value);
  }

  /** As {@link OtlpAttributeWriter.string}, without a search for the key's bytes. @param key - see {@link encodeKey} */
  encoded(key: Buffer, value: string): void {
    const writer = this.#writer;
    const { length } = value;
    const slab = writer.claim(key.length + MAX_HEAD_BYTES + roomFor(value, length));
    const from = writer.position;
    // The text goes where it belongs if it is ASCII, as most are; others are moved by a byte or two.
    const supposed = from + headLength(key.length, length);
    const byteLength = putText(slab, value, length, supposed);
    const anyLength = 1 + varintLength(byteLength) + byteLength;
    let at = from;
    slab[at++] = this.#tag;
    at = writeVarint(slab, key.length + 1 + varintLength(anyLength) + anyLength, at);
    if (byteLength !== length) {
      const textAt = from + headLength(key.length, byteLength);
      if (textAt !== supposed) slab.copyWithin(textAt, supposed, supposed + byteLength);
    }
    at = putBytes(slab, key, at);
    slab[at++] = KEY_VALUE.value;
    at = writeVarint(slab, anyLength, at);
    slab[at++] = ANY_VALUE.string;
    at = writeVarint(slab, byteLength, at);
    writer.advanceTo(at + byteLength);
  }

  boolean(key: string, value: boolean): void {
    this.#begin(encodeKey(key), 2);
    this.#writer.tag(ANY_VALUE.boolean);
    this.#writer.varint(value ? 1 : 0);
  }

  /**
   * @param value - a whole number from 0 to 2^53 - 1
   * @throws RangeError for any other number
   */
  integer(key: string, value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError("Expected a whole number");
    this.#begin(encodeKey(key), 1 + varintLength(value));
    this.#writer.tag(ANY_VALUE.integer);
    this.#writer.varint(value);
  }

  strings(key: string, values: readonly string[]): void {
    const lengths = values.map(utf8Length);
    let arrayLength = 0;
    for (const length of lengths) {
      const anyLength = 1 + varintLength(length) + length;
      arrayLength += 1 + varintLength(anyLength) + anyLength;
    }
    this.#begin(encodeKey(key), 1 + varintLength(arrayLength) + arrayLength);
    this.#writer.tag(ANY_VALUE.array);
    this.#writer.varint(arrayLength);
    for (const [index, value] of values.entries()) {
      const length = lengths[index] ?? 0; // as many lengths as values
      this.#writer.tag(ARRAY_ITEM);
      this.#writer.varint(1 + varintLength(length) + length);
      this.#writer.tag(ANY_VALUE.string);
      this.#writer.string(value);
    }
  }

  /** Everything before the AnyValue's own bytes. */
  #begin(key: Buffer, anyLength: number): void {
    this.#writer.tag(this.#tag);
    this.#writer.varint(key.length + 1 + varintLength(anyLength) + anyLength);
    this.#writer.bytes(key);
    this.#writer.tag(KEY_VALUE.value);
    this.#writer.varint(anyLength);
  }
}

/** Of an attribute that is a text: all but its key and the text. */
const MAX_HEAD_BYTES = 3 + 3 * MAX_VARINT_BYTES;

/** Bytes of an attribute before its text. */
function headLength(keyLength: number, byteLength: number): number {
  const textHead = 1 + varintLength(byteLength);
  const anyLength = textHead + byteLength;
  const valueHead = 1 + varintLength(anyLength);
  return 1 + varintLength(keyLength + valueHead + anyLength) + keyLength + valueHead + textHead;
}

/** @returns the field `KeyValue.key`: tag, length and text */
export function encodeKey(key: string): Buffer {
  const known = encodedKeys.get(key);
  if (known !== undefined) return known;
  const text = Buffer.from(key);
  const head: number[] = [KEY_VALUE.key];
  for (let rest = text.length; ; rest = Math.floor(rest / 0x80)) {
    head.push(rest >= 0x80 ? (rest % 0x80) | 0x80 : rest);
    if (rest < 0x80) break;
  }
  const encoded = Buffer.concat([Buffer.from(head), text]);
  if (encodedKeys.size < MAX_ENCODED_KEYS && encoded.length <= MAX_ENCODED_KEY_BYTES) {
    encodedKeys.set(key, encoded);
  }
  return encoded;
}

/**
 * Writes protobuf into slabs of memory that many messages share.
 *
 * A message is written front to back. Lengths are computed before they are written, except for
 * messages whose size is only known at their end: those reserve a length of fixed width and patch
 * it (a varint may carry leading zero groups; every decoder takes that).
 *
 * Spec: https://protobuf.dev/programming-guides/encoding/
 */
const SLAB_BYTES = 64 * 1024;
/** Width of a patched length: 4 groups of 7 bits, up to 256 MiB. */
const PATCHED_LENGTH_BYTES = 4;
/** Shorter texts and bytes are written one by one: a call into the runtime costs more than that. */
const SHORT_LENGTH = 40;

/** What a hex digit stands for, by its character code; 0xff for what is none. */
const HEX_VALUES = new Uint8Array(128).fill(0xff);
for (const [value, digit] of [..."0123456789abcdef"].entries()) {
  HEX_VALUES[digit.charCodeAt(0)] = value;
  HEX_VALUES[digit.toUpperCase().charCodeAt(0)] = value;
}

/** One for all: a view takes a hundred bytes. */
const NOTHING = Buffer.alloc(0);

export class ProtobufWriter {
  #slab: Buffer = Buffer.alloc(0);
  #start = 0;
  #position = 0;

  /** Begins a message. What the last one wrote stays untouched. */
  begin(): void {
    this.#start = this.#position;
  }

  /** @returns the message's bytes: a view on a shared slab, never written to again */
  finish(): Buffer {
    if (this.#position === this.#start) return NOTHING;
    const message = this.#slab.subarray(this.#start, this.#position);
    this.#start = this.#position;
    return message;
  }

  /** Gives up the message begun last. */
  abandon(): void {
    this.#position = this.#start;
  }

  varint(value: number): void {
    this.#reserve(10);
    if (value < 0x80) this.#slab[this.#position++] = value;
    else this.#position = writeVarint(this.#slab, value, this.#position);
  }

  /** One byte that is both field number (1 to 15) and wire type. */
  tag(tag: number): void {
    this.#reserve(1);
    this.#slab[this.#position++] = tag;
  }

  fixed32(value: number): void {
    this.#reserve(4);
    this.#position = writeFixed32(this.#slab, value, this.#position);
  }

  fixed64(low: number, high: number): void {
    this.#reserve(8);
    const middle = writeFixed32(this.#slab, low, this.#position);
    this.#position = writeFixed32(this.#slab, high, middle);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#position = this.#slab.writeDoubleLE(value, this.#position);
  }

  /**
   * Written with its length.
   * @param hex - up to 127 pairs of hex digits
   * @throws RangeError for anything else: a length that does not fit would spoil the whole request
   */
  hex(hex: string): void {
    const byteLength = hex.length >>> 1;
    if (byteLength * 2 !== hex.length) throw new RangeError("Expected pairs of hex digits");
    this.#reserve(byteLength + 1);
    const slab = this.#slab;
    let at = this.#position;
    slab[at++] = byteLength;
    for (let index = 0; index < hex.length; index += 2) {
      const high = HEX_VALUES[hex.charCodeAt(index)] ?? 0xff;
      const low = HEX_VALUES[hex.charCodeAt(index + 1)] ?? 0xff;
      if ((high | low) > 0x0f) throw new RangeError("Expected pairs of hex digits");
      slab[at++] = (high << 4) | low;
    }
    this.#position = at;
  }

  bytes(bytes: Uint8Array): void {
    const { length } = bytes;
    this.#reserve(length);
    const slab = this.#slab;
    let at = this.#position;
    if (length > SHORT_LENGTH) {
      slab.set(bytes, at);
      at += length;
    } else {
      for (let index = 0; index < length; index += 1) slab[at++] = bytes[index] ?? 0; // within its length
    }
    this.#position = at;
  }

  /** UTF-8 without a length; `byteLength` must be that of the text. Lone surrogates become U+FFFD. */
  text(text: string, byteLength: number): void {
    this.#reserve(byteLength);
    const slab = this.#slab;
    const at = this.#position;
    if (byteLength !== text.length) slab.write(text, at, byteLength, "utf8");
    else if (byteLength > SHORT_LENGTH) slab.write(text, at, byteLength, "latin1");
    else {
      for (let index = 0; index < byteLength; index += 1) slab[at + index] = text.charCodeAt(index);
    }
    this.#position = at + byteLength;
  }

  /** UTF-8 with its length before it. */
  string(text: string): void {
    const byteLength = utf8Length(text);
    this.varint(byteLength);
    this.text(text, byteLength);
  }

  /** Opens a nested message whose size is not known yet; close it with {@link ProtobufWriter.close}. */
  open(): number {
    this.#reserve(PATCHED_LENGTH_BYTES);
    this.#position += PATCHED_LENGTH_BYTES;
    return this.#position - this.#start;
  }

  /**
   * @param opened - what {@link ProtobufWriter.open} returned
   * @throws RangeError when the message has outgrown its length
   */
  close(opened: number): void {
    const from = this.#start + opened;
    const length = this.#position - from;
    if (length >= 2 ** (7 * PATCHED_LENGTH_BYTES)) throw new RangeError("Nested message too large");
    for (let group = 0; group < PATCHED_LENGTH_BYTES; group += 1) {
      const isLast = group === PATCHED_LENGTH_BYTES - 1;
      this.#slab[from - PATCHED_LENGTH_BYTES + group] =
        ((length >>> (7 * group)) & 0x7f) | (isLast ? 0 : 0x80);
    }
  }

  /** Makes room, moving the message begun last to a new slab when this one is full. */
  #reserve(byteLength: number): void {
    if (this.#position + byteLength <= this.#slab.length) return;
    const written = this.#position - this.#start;
    // A message larger than a slab doubles its own, so that growing stays linear.
    const slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, 2 * (written + byteLength)));
    this.#slab.copy(slab, 0, this.#start, this.#position);
    this.#slab = slab;
    this.#start = 0;
    this.#position = written;
  }
}

/** Bytes of a text in UTF-8; a half of a surrogate pair counts as U+FFFD. */
export function utf8Length(text: string): number {
  const { length } = text;
  if (length > SHORT_LENGTH) return Buffer.byteLength(text);
  for (let index = 0; index < length; index += 1) {
    if (text.charCodeAt(index) >= 0x80) return Buffer.byteLength(text);
  }
  return length;
}

/** @returns the position after the number @throws RangeError where it does not fit */
function writeFixed32(target: Uint8Array, value: number, position: number): number {
  if (!(value >= 0 && value <= 0xffffffff)) throw new RangeError("Expected 32 bits");
  target[position] = value & 0xff;
  target[position + 1] = (value >>> 8) & 0xff;
  target[position + 2] = (value >>> 16) & 0xff;
  target[position + 3] = value >>> 24;
  return position + 4;
}

/** Bytes of a varint. @param value - a whole number from 0 to 2^53 - 1 */
export function varintLength(value: number): number {
  if (value < 0x80) return 1;
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length += 1;
  return length;
}

/** @returns the position after the varint */
export function writeVarint(target: Uint8Array, value: number, position: number): number {
  let rest = value;
  let at = position;
  while (rest >= 0x80) {
    target[at++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  target[at++] = rest;
  return at;
}

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
    this.#position = writeVarint(this.#slab, value, this.#position);
  }

  /** One byte that is both field number (1 to 15) and wire type. */
  tag(tag: number): void {
    this.#reserve(1);
    this.#slab[this.#position++] = tag;
  }

  fixed32(value: number): void {
    this.#reserve(4);
    this.#position = this.#slab.writeUInt32LE(value, this.#position);
  }

  fixed64(low: number, high: number): void {
    this.#reserve(8);
    this.#position = this.#slab.writeUInt32LE(low, this.#position);
    this.#position = this.#slab.writeUInt32LE(high, this.#position);
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
    this.#reserve(byteLength + 1);
    this.#slab[this.#position++] = byteLength;
    const written = this.#slab.write(hex, this.#position, byteLength, "hex");
    if (written * 2 !== hex.length) throw new RangeError("Expected pairs of hex digits");
    this.#position += written;
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#slab.set(bytes, this.#position);
    this.#position += bytes.length;
  }

  /** UTF-8 without a length; `byteLength` must be that of the text. Lone surrogates become U+FFFD. */
  text(text: string, byteLength: number): void {
    this.#reserve(byteLength);
    if (byteLength === text.length) this.#slab.write(text, this.#position, byteLength, "latin1");
    else this.#slab.write(text, this.#position, byteLength, "utf8");
    this.#position += byteLength;
  }

  /** UTF-8 with its length before it. */
  string(text: string): void {
    const byteLength = Buffer.byteLength(text);
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

/** Bytes of a varint. @param value - a whole number from 0 to 2^53 - 1 */
export function varintLength(value: number): number {
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

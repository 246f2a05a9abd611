/**
 * Writes protobuf into slabs of memory that many messages share.
 *
 * A message is written front to back. Texts go first, where they belong if they are ASCII, and what
 * stands before them after. Messages whose size is only known at their end reserve a length of fixed
 * width and patch it (a varint may carry leading zero groups; every decoder takes that).
 *
 * Spec: https://protobuf.dev/programming-guides/encoding/
 */
const SLAB_BYTES = 64 * 1024;
/** Width of a patched length: 4 groups of 7 bits, up to 256 MiB. */
const PATCHED_LENGTH_BYTES = 4;
/** Of a nested message, before its content: its tag, and its length as {@link ProtobufWriter.close} writes it. */
export const FRAME_BYTES = 1 + PATCHED_LENGTH_BYTES;
const MAX_PATCHED_LENGTH = 2 ** 28 - 1;
export const MAX_VARINT_BYTES = 10;
/** Shorter texts and bytes are written one by one: a call into the runtime costs more than that. */
const SHORT_LENGTH = 40;

/** One for all: a view takes a hundred bytes. */
const NOTHING = Buffer.alloc(0);

export class ProtobufWriter {
  #slab: Buffer = NOTHING;
  /** Of all of the slab. */
  #view = new DataView(NOTHING.buffer, 0, 0);
  #start = 0;
  #position = 0;
  #slabCount = 0;

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

  /** As {@link ProtobufWriter.finish}, for who keeps the range instead of a view. @returns where the message begins in {@link ProtobufWriter.memory} */
  finishInPlace(): number {
    const start = this.#start;
    this.#start = this.#position;
    return start;
  }

  /** How many slabs there have been: while it stays the same, what was written is still in the slab. */
  get slabCount(): number {
    return this.#slabCount;
  }

  /** Writes once more what stands in the slab, by words. @param to - its end, before the position */
  repeat(from: number, to: number): void {
    const source = this.#view;
    const target = this.claimView(to - from); // which may be the next slab's
    const offset = this.#position - from;
    let at = from;
    for (; at + 4 <= to; at += 4) target.setInt32(at + offset, source.getInt32(at));
    for (; at < to; at += 1) target.setInt8(at + offset, source.getInt8(at));
    this.#position = to + offset;
  }

  /** The slab that the message begun last is in. */
  get memory(): Buffer {
    return this.#slab;
  }

  /** Gives up the message begun last. */
  abandon(): void {
    this.#position = this.#start;
  }

  varint(value: number): void {
    this.#position = writeVarint(this.claim(MAX_VARINT_BYTES), value, this.#position);
  }

  /** One byte that is both field number (1 to 15) and wire type. */
  tag(tag: number): void {
    this.claim(1)[this.#position++] = tag;
  }

  double(value: number): void {
    this.#position = this.claim(8).writeDoubleLE(value, this.#position);
  }

  bytes(bytes: Uint8Array): void {
    const { length } = bytes;
    this.#position = putBytes(this.claim(length), bytes, this.#position);
  }

  /** UTF-8 with its length before it. Lone surrogates become U+FFFD. */
  string(text: string): void {
    const { length } = text;
    const slab = this.claim(MAX_VARINT_BYTES + roomFor(text, length));
    const at = this.#position;
    const offset = varintLength(length);
    const byteLength = putText(slab, text, length, at + offset);
    const textAt = at + varintLength(byteLength);
    if (textAt !== at + offset) slab.copyWithin(textAt, at + offset, at + offset + byteLength);
    writeVarint(slab, byteLength, at);
    this.#position = textAt + byteLength;
  }

  /** Opens a nested message whose size is not known yet; close it with {@link ProtobufWriter.close}. */
  open(): number {
    this.claim(PATCHED_LENGTH_BYTES);
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
    if (length > MAX_PATCHED_LENGTH) throw new RangeError("Nested message too large");
    const slab = this.#slab;
    slab[from - 4] = (length & 0x7f) | 0x80;
    slab[from - 3] = ((length >>> 7) & 0x7f) | 0x80;
    slab[from - 2] = ((length >>> 14) & 0x7f) | 0x80;
    slab[from - 1] = length >>> 21;
  }

  /** Bytes of the message begun last, so far. */
  get length(): number {
    return this.#position - this.#start;
  }

  /** Where the next byte goes in what {@link ProtobufWriter.claim} gives. */
  get position(): number {
    return this.#position;
  }

  /** @param position - after the bytes written into what was claimed */
  advanceTo(position: number): void {
    this.#position = position;
  }

  /**
   * Makes room behind {@link ProtobufWriter.position}, for code that writes there itself: several values
   * in a row cost half as much without asking for room each time. Moves the message begun last to a new
   * slab when this one is full.
   * @returns the slab, whose bytes before the position must not be touched
   */
  claim(byteLength: number): Buffer {
    if (this.#position + byteLength > this.#slab.length) this.#grow(byteLength);
    return this.#slab;
  }

  /**
   * As {@link ProtobufWriter.claim}, for numbers of several bytes: written byte by byte they take
   * twice the time.
   */
  claimView(byteLength: number): DataView {
    this.claim(byteLength);
    return this.#view;
  }

  #grow(byteLength: number): void {
    const written = this.#position - this.#start;
    // A message larger than a slab doubles its own, so that growing stays linear.
    const slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, 2 * (written + byteLength)));
    this.#slab.copy(slab, 0, this.#start, this.#position);
    this.#slab = slab;
    this.#slabCount += 1;
    this.#view = new DataView(slab.buffer, slab.byteOffset, slab.length);
    this.#start = 0;
    this.#position = written;
  }
}

/** Longer texts are counted before room is made for them: most take far less than they could. */
const LONG_LENGTH = 4_096;

/** Bytes that a text takes in UTF-8 at the most. @param length - of the text, which is read once */
export function roomFor(text: string, length: number): number {
  return length <= LONG_LENGTH ? 3 * length : Buffer.byteLength(text);
}

/**
 * Writes a text as UTF-8, for which {@link roomFor} has been claimed. Writing first and counting what
 * came of it takes half the time of the other order.
 * @param length - of the text
 * @returns how many bytes it took
 */
export function putText(slab: Buffer, text: string, length: number, position: number): number {
  if (length > SHORT_LENGTH) return slab.write(text, position, "utf8");
  for (let index = 0; index < length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x80) return slab.write(text, position, "utf8");
    slab[position + index] = unit;
  }
  return length;
}

/** @returns the position after the bytes */
export function putBytes(slab: Buffer, bytes: Uint8Array, position: number): number {
  const { length } = bytes;
  if (length > SHORT_LENGTH) slab.set(bytes, position);
  else {
    for (let index = 0; index < length; index += 1) slab[position + index] = bytes[index] ?? 0; // within its length
  }
  return position + length;
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

/** Bytes of a varint. @param value - a whole number from 0 to 2^53 - 1 */
export function varintLength(value: number): number {
  if (value < 0x80) return 1;
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length += 1;
  return length;
}

/** Bytes of a field with its tag, its length and `length` bytes of content. */
export function framedLength(length: number): number {
  return 1 + varintLength(length) + length;
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

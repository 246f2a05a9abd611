import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** Writes the fields of one protobuf message. */
export type Fields = (writer: BinaryWriter) => BinaryWriter;

/** A length-delimited field that holds a message. */
export function message(field: number, fields: Fields): Fields {
  return (writer) => fields(writer.tag(field, WireType.LengthDelimited).fork()).join();
}

export function text(field: number, value: string): Fields {
  return (writer) => writer.tag(field, WireType.LengthDelimited).string(value);
}

export function hex(field: number, value: string): Fields {
  return (writer) => writer.tag(field, WireType.LengthDelimited).bytes(Buffer.from(value, "hex"));
}

export function varint(field: number, value: number | string): Fields {
  return (writer) => writer.tag(field, WireType.Varint).int64(value);
}

export function fixed64(field: number, value: string): Fields {
  return (writer) => writer.tag(field, WireType.Bit64).fixed64(value);
}

export function double(field: number, value: number): Fields {
  return (writer) => writer.tag(field, WireType.Bit64).double(value);
}

export function all(...parts: readonly Fields[]): Fields {
  return (writer) => parts.reduce((target, part) => part(target), writer);
}

export function attribute(field: number, key: string, value: Fields): Fields {
  return message(field, all(text(1, key), message(2, value)));
}

/** A request with one span that has these fields. */
export function requestWithSpan(...span: readonly Fields[]): Uint8Array {
  const scopeSpans = message(2, message(2, all(...span)));
  return message(1, scopeSpans)(new BinaryWriter()).finish();
}

export const TRACE_ID = "0123456789abcdef0123456789abcdef";
export const SPAN_ID = "0123456789abcdef";

/** The two ids that every span must have. */
export const ids = all(hex(1, TRACE_ID), hex(2, SPAN_ID));

/**
 * A request of nothing but empty messages.
 * @param path - numbers of the fields, the outermost first, that they stand in
 * @param field - their own number, below 16
 */
export function emptyMessages(path: readonly number[], field: number, count: number): Uint8Array {
  const empty = Buffer.alloc(count * 2, Uint8Array.of((field << 3) | WireType.LengthDelimited, 0));
  const wrap = (bytes: Uint8Array, outer: number): Uint8Array =>
    new BinaryWriter().tag(outer, WireType.LengthDelimited).bytes(bytes).finish();
  return path.reduceRight<Uint8Array>(wrap, empty);
}

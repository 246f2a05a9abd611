/*
 * A reader of just enough protobuf: the keys of a span's attributes.
 *
 * Span { repeated KeyValue attributes = 9; }   KeyValue { string key = 1; AnyValue value = 2; }
 * Spec: https://protobuf.dev/programming-guides/encoding/
 */
const ATTRIBUTES_FIELD = 9;
const KEY_FIELD = 1;
const WIRE = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const;

interface Field {
  readonly number: number;
  /** Where the field's tag begins, its content begins, and both end. */
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
  readonly isDelimited: boolean;
}

/**
 * Lays the attributes bound last over those a span was appended with, so that no key stands twice:
 * the body's keys beat the bound ones, the bound ones beat those appended.
 * @param body - fields of a span
 * @param appended - attributes of the trace as they were when the span was appended
 * @param bound - attributes of the trace as they were at release
 * @returns fields to stand after `body`; `appended` as it is when one of the three cannot be read
 */
export function mergeTraceAttributes(body: Buffer, appended: Buffer, bound: Buffer): Buffer {
  const taken = new Set<string>();
  const kept: Buffer[] = [];
  try {
    for (const field of fieldsOf(body)) {
      const key = attributeKey(body, field);
      if (key !== undefined) taken.add(key);
    }
    for (const layer of [bound, appended]) {
      const fields = [...fieldsOf(layer)].map((field) => ({
        field,
        key: attributeKey(layer, field),
      }));
      for (const { field, key } of fields) {
        if (key === undefined || !taken.has(key)) kept.push(layer.subarray(field.start, field.end));
      }
      for (const { key } of fields) if (key !== undefined) taken.add(key);
    }
  } catch (error) {
    if (error instanceof RangeError) return appended;
    throw error;
  }
  return Buffer.concat(kept);
}

function attributeKey(message: Buffer, field: Field): string | undefined {
  if (field.number !== ATTRIBUTES_FIELD || !field.isDelimited) return undefined;
  const keyValue = message.subarray(field.contentStart, field.end);
  for (const part of fieldsOf(keyValue)) {
    if (part.number === KEY_FIELD && part.isDelimited) {
      return keyValue.toString("utf8", part.contentStart, part.end);
    }
  }
  return ""; // an absent string is an empty one
}

/** @throws RangeError when the bytes are not fields of a message */
function* fieldsOf(message: Buffer): Generator<Field> {
  let at = 0;
  while (at < message.length) {
    const start = at;
    const tag = readVarint(message, at);
    const wire = tag.value % 8;
    let contentStart = tag.end;
    let end: number;
    switch (wire) {
      case WIRE.varint:
        end = readVarint(message, contentStart).end;
        break;
      case WIRE.fixed64:
        end = contentStart + 8;
        break;
      case WIRE.fixed32:
        end = contentStart + 4;
        break;
      case WIRE.delimited: {
        const length = readVarint(message, contentStart);
        contentStart = length.end;
        end = contentStart + length.value;
        break;
      }
      default:
        throw new RangeError(`unknown wire type ${wire}`);
    }
    if (end > message.length) throw new RangeError("field longer than its message");
    const isDelimited = wire === WIRE.delimited;
    yield { number: Math.floor(tag.value / 8), start, contentStart, end, isDelimited };
    at = end;
  }
}

/** Values past 2^53 lose their low bits, which no tag or length has. */
function readVarint(message: Buffer, from: number): { value: number; end: number } {
  let value = 0;
  for (let at = from; at < Math.min(message.length, from + 10); at += 1) {
    const byte = message[at] ?? 0; // within the message
    value += (byte & 0x7f) * 2 ** (7 * (at - from));
    if (byte < 0x80) return { value, end: at + 1 };
  }
  throw new RangeError("varint without an end");
}

import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/**
 * A strict reader of OTLP, written from the .proto files alone. It refuses what a lenient one skips:
 * unknown fields, wrong wire types, singular fields that stand twice.
 * Spec: https://github.com/open-telemetry/opentelemetry-proto/tree/main/opentelemetry/proto
 */
export interface DecodedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: number;
  readonly startNano: bigint;
  readonly endNano: bigint;
  readonly attributes: readonly Attribute[];
  readonly events: readonly DecodedEvent[];
  readonly status: { readonly message: string | undefined; readonly code: number } | undefined;
  readonly flags: number;
}

export interface DecodedEvent {
  readonly timeNano: bigint;
  readonly name: string;
  readonly attributes: readonly Attribute[];
}

export type AttributeValue = string | boolean | bigint | readonly string[];
export type Attribute = readonly [key: string, value: AttributeValue];

export interface DecodedRequest {
  readonly resource: readonly Attribute[];
  readonly scope: { readonly name: string; readonly version: string };
  readonly spans: readonly DecodedSpan[];
}

/** @throws where the bytes are not an ExportTraceServiceRequest of one resource and one scope */
export function decodeRequest(body: Uint8Array): DecodedRequest {
  const resourceSpans = readMessage(body, { 1: bytes }).one(1);
  const { one } = readMessage(resourceSpans, { 1: bytes, 2: bytes });
  const scopeSpans = readMessage(one(2), { 1: bytes, 2: bytes });
  const scope = readMessage(scopeSpans.one(1), { 1: string, 2: string });
  return {
    resource: readMessage(one(1), { 1: bytes }).all(1).map(decodeAttribute),
    scope: { name: scope.one(1), version: scope.one(2) },
    spans: scopeSpans.all(2).map(decodeSpan),
  };
}

export function decodeSpan(body: Uint8Array): DecodedSpan {
  const span = readMessage(body, {
    1: bytes,
    2: bytes,
    4: bytes,
    5: string,
    6: varint,
    7: fixed64,
    8: fixed64,
    9: bytes,
    11: bytes,
    15: bytes,
    16: fixed32,
  });
  const parent = span.maybe(4);
  const status = span.maybe(15);
  return {
    traceId: hex(span.one(1)),
    spanId: hex(span.one(2)),
    parentSpanId: parent === undefined ? undefined : hex(parent),
    name: span.one(5),
    kind: Number(span.one(6)),
    startNano: span.one(7),
    endNano: span.one(8),
    attributes: span.all(9).map(decodeAttribute),
    events: span.all(11).map(decodeEvent),
    status: status === undefined ? undefined : decodeStatus(status),
    flags: span.one(16),
  };
}

/** The attribute fields of a span alone, as they are appended to it. */
export function decodeAttributes(body: Uint8Array): Attribute[] {
  return readMessage(body, { 9: bytes }).all(9).map(decodeAttribute);
}

function decodeEvent(body: Uint8Array): DecodedEvent {
  const event = readMessage(body, { 1: fixed64, 2: string, 3: bytes });
  return {
    timeNano: event.one(1),
    name: event.one(2),
    attributes: event.all(3).map(decodeAttribute),
  };
}

function decodeStatus(body: Uint8Array): { message: string | undefined; code: number } {
  const status = readMessage(body, { 2: string, 3: varint });
  return { message: status.maybe(2), code: Number(status.one(3)) };
}

function decodeAttribute(body: Uint8Array): Attribute {
  const pair = readMessage(body, { 1: string, 2: bytes });
  return [pair.one(1), decodeValue(pair.one(2))];
}

function decodeValue(body: Uint8Array): AttributeValue {
  const value = readMessage(body, { 1: string, 2: varint, 3: varint, 5: bytes });
  const text = value.maybe(1);
  const boolean = value.maybe(2);
  const integer = value.maybe(3);
  const array = value.maybe(5);
  if (text !== undefined) return text;
  if (boolean !== undefined) return boolean === 1n;
  if (integer !== undefined) return integer;
  if (array === undefined) throw new Error("AnyValue without a value");
  return readMessage(array, { 1: bytes })
    .all(1)
    .map((item) => readMessage(item, { 1: string }).one(1));
}

interface FieldType<Value> {
  readonly wireType: WireType;
  read(reader: BinaryReader): Value;
}

const bytes: FieldType<Uint8Array> = {
  wireType: WireType.LengthDelimited,
  read: (reader) => reader.bytes(),
};
const string: FieldType<string> = {
  wireType: WireType.LengthDelimited,
  read: (reader) =>
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(reader.bytes()),
};
const varint: FieldType<bigint> = {
  wireType: WireType.Varint,
  read: (reader) => BigInt(reader.int64()),
};
const fixed64: FieldType<bigint> = {
  wireType: WireType.Bit64,
  read: (reader) => BigInt(reader.fixed64()),
};
const fixed32: FieldType<number> = {
  wireType: WireType.Bit32,
  read: (reader) => reader.fixed32(),
};

type FieldTypes = Readonly<Record<number, FieldType<unknown>>>;
type ValueOf<Type> = Type extends FieldType<infer Value> ? Value : never;

interface Message<Types extends FieldTypes> {
  /** The value of a field that stands exactly once. */
  one<Field extends keyof Types>(field: Field): ValueOf<Types[Field]>;
  maybe<Field extends keyof Types>(field: Field): ValueOf<Types[Field]> | undefined;
  all<Field extends keyof Types>(field: Field): ValueOf<Types[Field]>[];
}

function readMessage<Types extends FieldTypes>(body: Uint8Array, types: Types): Message<Types> {
  const values = new Map<PropertyKey, unknown[]>();
  const reader = new BinaryReader(body);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    const type = types[field];
    if (type === undefined) throw new Error(`Unknown field ${field}`);
    if (type.wireType !== wireType) throw new Error(`Field ${field} has wire type ${wireType}`);
    values.set(field, [...(values.get(field) ?? []), type.read(reader)]);
  }
  if (reader.pos !== reader.len) throw new Error("A field reaches past the end");
  // Each list was read by the field's own type.
  const all = <Field extends keyof Types>(field: Field): ValueOf<Types[Field]>[] =>
    (values.get(Number(field)) ?? []) as ValueOf<Types[Field]>[];
  const maybe = <Field extends keyof Types>(field: Field): ValueOf<Types[Field]> | undefined => {
    const found = all(field);
    if (found.length > 1) throw new Error(`Field ${String(field)} stands ${found.length} times`);
    return found[0];
  };
  return {
    all,
    maybe,
    one(field) {
      const value = maybe(field);
      if (value === undefined) throw new Error(`Field ${String(field)} is missing`);
      return value;
    },
  };
}

function hex(id: Uint8Array): string {
  return Buffer.from(id).toString("hex");
}

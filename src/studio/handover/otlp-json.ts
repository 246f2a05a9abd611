import type { JsonValue } from "../api/types";

/** A key of an attribute, and its value; null where there is none. */
export type Attribute = readonly [key: string, value: JsonValue];

/**
 * Attributes as OTLP/JSON lists them. Those that are null are left out.
 * Spec: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export function attributeList(attributes: readonly Attribute[]): unknown[] {
  return attributes.flatMap(([key, value]) =>
    value === null ? [] : [{ key, value: anyValueOf(value) }],
  );
}

function anyValueOf(value: JsonValue): unknown {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") {
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  }
  if (value === null) return {};
  if (isList(value)) return { arrayValue: { values: value.map(anyValueOf) } };
  const values = Object.entries(value).map(([key, inner]) => ({ key, value: anyValueOf(inner) }));
  return { kvlistValue: { values } };
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

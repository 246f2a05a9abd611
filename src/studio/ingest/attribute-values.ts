import type { JsonValue } from "../api/types";
import { isJsonObject, parseJson } from "../store/json-text";
import type { Attributes, AttributeValue } from "./otlp-types";

/** Strings stay as they are, all else becomes JSON. */
export function asText(value: AttributeValue): string {
  return typeof value === "string" ? value : JSON.stringify(toJson(value));
}

/** Maps become objects (also with a key `__proto__`), bytes base64, NaN and infinities text. */
export function toJson(value: AttributeValue): JsonValue {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (isList(value)) return value.map(toJson);
  // Object.fromEntries defines own properties, so no key reaches a prototype.
  return Object.fromEntries([...value].map(([key, inner]) => [key, toJson(inner)]));
}

function isList(value: object): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

/** The first of the keys that holds something: not empty, not zero, not false. */
export function firstTruthy(
  attributes: Attributes,
  keys: readonly string[],
): NonNullable<AttributeValue> | undefined {
  for (const key of keys) {
    const value = attributes.get(key);
    if (value) return value;
  }
  return undefined;
}

/** {@link firstTruthy}, as text; null when there is none. */
export function firstText(attributes: Attributes, keys: readonly string[]): string | null {
  const value = firstTruthy(attributes, keys);
  return value === undefined ? null : asText(value);
}

/** The first of the keys that holds a finite number, or a text that is one. */
export function firstNumber(attributes: Attributes, keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const number = numberOf(attributes.get(key));
    if (number !== undefined) return number;
  }
  return undefined;
}

export function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** JSON where the text is a structure or `value` is one, else the value as it stands. */
export function parsedValue(value: AttributeValue): JsonValue {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return toJson(value);
  return parseJson(value) ?? value;
}

/** The entries of a JSON object, given as text or as a map; undefined for everything else. */
export function entriesOf(value: AttributeValue | undefined): [string, JsonValue][] | undefined {
  const parsed = typeof value === "string" ? parseJson(value) : toJson(value ?? null);
  return isJsonObject(parsed) ? Object.entries(parsed) : undefined;
}

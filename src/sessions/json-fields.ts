/** Fields of what an endpoint answered: nothing is taken on trust, what is missing is null or empty. */

import type { JsonValue } from "../studio/api/types";

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  // An object without a list's indices: its fields are unknown, which the type says.
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Null for what is no text, and for an empty one. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

export function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((entry) => typeof entry === "string");
}

export function numbersOf(value: unknown): Readonly<Record<string, number>> {
  const entries = Object.entries(fieldsOf(value));
  return Object.fromEntries(
    entries.flatMap(([key, entry]) => {
      const number = numberOf(entry);
      return number === null ? [] : [[key, number]];
    }),
  );
}

/** An object; Langfuse keeps the JSON of one as a text now and then. */
export function objectOf(value: unknown): Readonly<Record<string, JsonValue>> {
  const given = typeof value === "string" ? parsed(value) : value;
  // It comes from JSON.parse, so that what is in it is JSON.
  return fieldsOf(given) as Readonly<Record<string, JsonValue>>;
}

/** A captured value as text: a text as it is, anything else as JSON, null for nothing. */
export function captured(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A captured text, parsed where it is JSON. */
export function parsed(text: string | null): JsonValue {
  if (text === null) return null;
  try {
    return JSON.parse(text) as JsonValue; // what JSON.parse returns is JSON, by its definition
  } catch {
    return text; // captured text is often plain
  }
}

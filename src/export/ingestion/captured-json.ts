export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** Nesting that is read; far below what the stack stands, here and on servers. */
const MAX_JSON_DEPTH = 256;
/** Cheaply tells most plain text from JSON. */
const MAY_BE_JSON = /^\s*[[{"\d\-tfn]/;

/**
 * Reads captured text as JSON. Undefined when it is none, when it is nested so deeply that writing
 * it out again could overflow the stack, or when writing it out again would change its numbers (an
 * id of twenty digits).
 */
export function readJson(text: string): JsonValue | undefined {
  if (!MAY_BE_JSON.test(text)) return undefined;
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue; // what JSON.parse returns is JSON, by its definition
  } catch {
    return undefined; // an ordinary case: captured text is often plain
  }
  return isWritable(value, MAX_JSON_DEPTH) && keepsNumbers(text, value) ? value : undefined;
}

/** The JSON that a text holds, else the text itself. */
export function jsonOrText(text: string): JsonValue {
  return readJson(text) ?? text;
}

/** An object that a text holds as JSON; undefined for everything else. */
export function readJsonObject(text: string | undefined): JsonObject | undefined {
  const value = text === undefined ? undefined : readJson(text);
  return isJsonObject(value) ? value : undefined;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWritable(value: JsonValue, depth: number): boolean {
  if (typeof value === "number") return Number.isFinite(value); // 1e999 reads as Infinity
  if (typeof value !== "object" || value === null) return true;
  if (depth === 0) return false;
  return Object.values(value).every((member) => isWritable(member, depth - 1));
}

/** Whether every run of digits that a double may not hold comes out as it went in. */
function keepsNumbers(text: string, value: JsonValue): boolean {
  const before = text.match(/\d{16,}/g);
  if (before === null) return true;
  return (
    before.join() ===
    JSON.stringify(value)
      .match(/\d{16,}/g)
      ?.join()
  );
}

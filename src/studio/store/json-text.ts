import type { JsonObject, JsonValue } from "../api/types";

/** Nesting of captured JSON that is read; far below what the stack stands. */
const MAX_JSON_DEPTH = 256;

/**
 * Parses captured text. Undefined when it is not JSON, or nested so deeply that writing it out
 * again could overflow the stack.
 */
export function parseJson(text: string, maxDepth = MAX_JSON_DEPTH): JsonValue | undefined {
  if (exceedsDepth(text, maxDepth)) return undefined;
  try {
    // What JSON.parse returns is JSON, by its definition.
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined; // Not JSON is an ordinary case: captured text is often plain.
  }
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Counts brackets outside of strings. Linear in the text, without a stack. */
function exceedsDepth(text: string, maxDepth: number): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case 0x22: // a string: skip to its closing quote, past escaped characters
        for (index++; index < text.length; index++) {
          const code = text.charCodeAt(index);
          if (code === 0x5c) index++;
          else if (code === 0x22) break;
        }
        break;
      case 0x5b:
      case 0x7b:
        if (++depth > maxDepth) return true;
        break;
      case 0x5d:
      case 0x7d:
        depth--;
        break;
    }
  }
  return false;
}

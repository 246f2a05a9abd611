import type { JsonValue } from "../api/types";

/** Deeper values are written as `…`; JSON from users may be nested deeper than the call stack. */
const MAX_DEPTH = 64;

/**
 * JSON on one line, cut off with `…` after `maxLength` characters. Unlike `JSON.stringify` it
 * returns for any depth and does not build what would be cut off.
 */
export function compactJson(value: JsonValue, maxLength: number): string {
  const writer = { text: "", maxLength };
  write(value, writer, 0);
  return writer.text.length > maxLength ? `${cutText(writer.text, maxLength)}…` : writer.text;
}

interface Writer {
  text: string;
  readonly maxLength: number;
}

function write(value: JsonValue, writer: Writer, depth: number): void {
  if (writer.text.length > writer.maxLength) return;
  if (typeof value === "string") {
    writer.text += JSON.stringify(cutText(value, writer.maxLength + 1));
  } else if (value === null || typeof value !== "object") {
    writer.text += String(value);
  } else if (depth >= MAX_DEPTH) {
    writer.text += "…";
  } else if (isJsonArray(value)) {
    writer.text += "[";
    for (const [index, item] of value.entries()) {
      if (writer.text.length > writer.maxLength) return;
      if (index > 0) writer.text += ",";
      write(item, writer, depth + 1);
    }
    writer.text += "]";
  } else {
    writer.text += "{";
    let isFirst = true;
    for (const [key, item] of Object.entries(value)) {
      if (writer.text.length > writer.maxLength) return;
      if (!isFirst) writer.text += ",";
      isFirst = false;
      writer.text += `${JSON.stringify(key)}:`;
      write(item, writer, depth + 1);
    }
    writer.text += "}";
  }
}

/** At most `maxLength` UTF-16 units, never ending between the two halves of a surrogate pair. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const last = text.charCodeAt(maxLength - 1);
  const isHighSurrogate = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, isHighSurrogate ? maxLength - 1 : maxLength);
}

/** `Array.isArray` does not narrow a union that holds a read-only array. */
export function isJsonArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

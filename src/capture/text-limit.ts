import { cleanText } from "./clean-text";
import { endBeforeToken } from "./media/token";

/**
 * Cuts a text to a number of UTF-8 bytes, on a character boundary, with a mark that says how much
 * is gone. Comes out clean, see {@link cleanText}. Splits no token of a medium.
 * @param maxBytes - of the result, the mark included
 */
export function cutText(text: string, maxBytes: number): string {
  const { length } = text;
  // A UTF-16 unit takes three bytes at most: short texts need no count.
  if (length * 3 <= maxBytes) return cleanText(text);
  const head = length > maxBytes ? text.slice(0, endOfHead(text, maxBytes)) : text;
  const clean = cleanText(head);
  const byteLength = Buffer.byteLength(clean) + bytesOfRest(text, head.length);
  if (byteLength <= maxBytes) return clean;
  // The longest mark there can be decides how much room is left for content.
  const room = Math.max(0, maxBytes - cutMark(byteLength).length);
  const prefix = prefixOfBytes(clean, room);
  // Unit by unit, `clean` is as long as `text`, but a token may reach beyond the head.
  const kept = prefix.slice(0, endBeforeToken(text, prefix.length));
  return kept + cutMark(byteLength - Buffer.byteLength(kept));
}

/** The visible mark of a cut. ASCII, so that its length is its size. */
export function cutMark(missingBytes: number): string {
  return `...[cut: ${missingBytes} bytes]`;
}

/** Nothing behind it can be kept, since a UTF-16 unit takes a byte at least. Splits no surrogate pair. */
function endOfHead(text: string, maxBytes: number): number {
  const lastUnit = text.charCodeAt(maxBytes);
  return maxBytes + (lastUnit >= 0xd800 && lastUnit < 0xdc00 ? 2 : 1);
}

function bytesOfRest(text: string, from: number): number {
  return from < text.length ? Buffer.byteLength(text.slice(from)) : 0;
}

/**
 * The longest prefix of whole characters within `maxBytes` of UTF-8. A copy: a slice of the text
 * would keep all of it in memory.
 */
function prefixOfBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.allocUnsafe(maxBytes);
  // encodeInto never splits a character.
  const { written } = new TextEncoder().encodeInto(text, bytes);
  return bytes.toString("utf8", 0, written);
}

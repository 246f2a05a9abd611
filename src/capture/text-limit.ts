/**
 * Cuts a text to a number of UTF-8 bytes, on a character boundary, with a mark that says how much
 * is gone.
 * @param maxBytes - of the result, the mark included
 */
export function cutText(text: string, maxBytes: number): string {
  // A UTF-16 unit takes at most three bytes: short texts need no count.
  if (text.length * 3 <= maxBytes) return text;
  const byteLength = Buffer.byteLength(text);
  if (byteLength <= maxBytes) return text;
  // The longest mark there can be decides how much room is left for content.
  const room = Math.max(0, maxBytes - cutMark(byteLength).length);
  const kept = prefixOfBytes(text, room);
  return kept.toString() + cutMark(byteLength - kept.length);
}

/** The visible mark of a cut. ASCII, so that its length is its size. */
export function cutMark(missingBytes: number): string {
  return `...[cut: ${missingBytes} bytes]`;
}

/**
 * The longest prefix of whole characters within `maxBytes` of UTF-8. A copy: a slice of the text
 * would keep all of it in memory.
 */
function prefixOfBytes(text: string, maxBytes: number): Buffer {
  const bytes = Buffer.allocUnsafe(maxBytes);
  // encodeInto never splits a character.
  const { written } = new TextEncoder().encodeInto(text, bytes);
  return bytes.subarray(0, written);
}

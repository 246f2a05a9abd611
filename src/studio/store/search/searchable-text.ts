/** Chinese and Japanese characters, which stand without spaces between words. */
export const CJK = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]/;

const EVERY_CJK = new RegExp(CJK, "g");

/** Runs without a space that no one searches for: files inline, signatures. */
const ENCODED = /[A-Za-z0-9+/_=-]{256,}/g;

const ESCAPE = /\\+(?:u([0-9a-fA-F]{4})|[bfnrt])?/g;

/** Characters before a cut in which a space is looked for. */
const MAX_REACH = 200;

/** Puts each Chinese or Japanese character between spaces: it is a word of the index. */
export function spreadCjk(text: string): string {
  return CJK.test(text) ? text.replace(EVERY_CJK, " $& ") : text;
}

/** Whether a captured text is JSON, as far as its first character tells. */
export function looksLikeJson(text: string): boolean {
  return /^\s*[[{"]/.test(text);
}

/**
 * Captured text as a reader knows it: the escapes of JSON are undone (also those of JSON inside of
 * JSON, which is how tool arguments stand), and encoded files are left out.
 */
export function readableText(text: string, isJson = looksLikeJson(text)): string {
  const withoutFiles = text.length < 256 ? text : text.replace(ENCODED, " ");
  if (!isJson || !withoutFiles.includes("\\")) return withoutFiles;
  return withoutFiles.replace(ESCAPE, (escaped, hex: string | undefined) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return /[a-z]$/.test(escaped) ? " " : "";
  });
}

/**
 * Cuts a text into pieces of at most `maxLength` characters, between words where there is a space
 * in reach. The same text is always cut the same way.
 */
export function cutText(text: string, maxLength: number): readonly string[] {
  if (text.length <= maxLength) return [text];
  const pieces: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(text.length, start + maxLength);
    if (end < text.length) {
      const reach = Math.min(MAX_REACH, Math.floor(maxLength / 2));
      const space = text.slice(end - reach, end).search(/\s\S*$/);
      if (space >= 0) end += space - reach;
    }
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

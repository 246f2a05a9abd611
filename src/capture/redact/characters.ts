const DIGIT = 1;
const LETTER = 2;
const HEX = 4;
const BASE64 = 8;
const BLANK = 16;
const UPPER = 32;

/** What each ASCII character is, as bits. */
const CLASSES = new Uint8Array(128);
for (const [characters, bits] of [
  ["0123456789", DIGIT | HEX | BASE64],
  ["ABCDEF", LETTER | UPPER | HEX | BASE64],
  ["abcdef", LETTER | HEX | BASE64],
  ["GHIJKLMNOPQRSTUVWXYZ", LETTER | UPPER | BASE64],
  ["ghijklmnopqrstuvwxyz", LETTER | BASE64],
  ["+/=_-", BASE64],
  [" \t", BLANK],
] as const) {
  for (let index = 0; index < characters.length; index += 1) {
    CLASSES[characters.charCodeAt(index)] = bits;
  }
}

// Each takes the code of a UTF-16 unit; NaN, as charCodeAt gives beyond the ends, is nothing.

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** ASCII. */
export function isLetter(code: number): boolean {
  return ((CLASSES[code] ?? 0) & LETTER) !== 0;
}

export function isUpper(code: number): boolean {
  return ((CLASSES[code] ?? 0) & UPPER) !== 0;
}

/** ASCII letter or digit. */
export function isAlphanumeric(code: number): boolean {
  return ((CLASSES[code] ?? 0) & (LETTER | DIGIT)) !== 0;
}

export function isHexDigit(code: number): boolean {
  return ((CLASSES[code] ?? 0) & HEX) !== 0;
}

/** Of base64 or base64url, the padding included. */
export function isBase64(code: number): boolean {
  return ((CLASSES[code] ?? 0) & BASE64) !== 0;
}

/** Space or tab. */
export function isBlank(code: number): boolean {
  return ((CLASSES[code] ?? 0) & BLANK) !== 0;
}

/** Letter, digit, `_` or `-`: what keys and names are made of. */
export function isTokenCharacter(code: number): boolean {
  return isAlphanumeric(code) || code === 95 || code === 45;
}

/**
 * Whether a word reaches up to `index` from the left. The letter of an escape (`\n`, `\u00e4`), as
 * it stands in pieces of JSON inside other text, belongs to no word.
 */
export function isInsideWord(text: string, index: number): boolean {
  return isAlphanumeric(text.charCodeAt(index - 1)) && afterEscape(text, index - 1) <= index - 1;
}

/**
 * `index`, or the end of the escape sequence it is inside of (after its backslash).
 * @returns from `index` to `index` + 5
 */
export function afterEscape(text: string, index: number): number {
  const before = text.charCodeAt(index - 1);
  if (before === 92 /* \ */ && "nrtbf".includes(text.charAt(index))) return index + 1;
  if (before !== 92 && !isAlphanumeric(before)) return index;
  // \uXXXX: the u stands up to 4 characters before.
  for (let start = index; start > index - 5 && start > 0; start -= 1) {
    if (text.charCodeAt(start) === 117 /* u */ && text.charCodeAt(start - 1) === 92) {
      for (let at = start + 1; at < start + 5; at += 1) {
        if (!isHexDigit(text.charCodeAt(at))) return index;
      }
      return start + 5;
    }
  }
  return index;
}

import { isDigit, isInsideWord, isLetter, isUpper } from "./characters";
import { nextCharacter } from "./next-character";
import type { Spans } from "./spans";

/** Length by country. Spec: ISO 13616, the registry of SWIFT. */
const COUNTRIES: Readonly<Record<number, string>> = {
  15: "NO",
  16: "BE",
  18: "DK FI FK FO GL NL SD",
  19: "MK SI",
  20: "AT BA EE KZ LT LU MN XK",
  21: "CH CR HR LI LV",
  22: "BG BH DE GB GE IE ME RS VA",
  23: "AE GI IL IQ OM SO TL",
  24: "AD CZ DZ ES MD PK RO SA SE SK TN VG",
  25: "AO CV GW LY MZ PT ST",
  26: "IR IS TR",
  27: "BF BI BJ CF CG CM DJ FR GA GQ GR IT KM MC MG ML MR NE SM SN TD TG",
  28: "AL AZ BY CI CY DO GT HN HU LB MA NI PL SV",
  29: "BR EG PS QA UA",
  30: "JO KW MU YE",
  31: "MT SC",
  32: "LC",
  33: "RU",
};
/** By {@link countryIndex}; 0 is no country. */
const LENGTHS = new Uint8Array(1_024);
for (const [length, countries] of Object.entries(COUNTRIES)) {
  for (const country of countries.split(" ")) LENGTHS[countryIndex(country, 0)] = Number(length);
}

/** Accounts without letters. */
const HAS_DIGITS_ONLY = new Uint8Array(1_024);
for (const country of "AE AT BA BE CZ DE DK EE ES FI FO GL HR HU IL IS LT LY ME MN NO PL PT RS SE SI SK TL TN VA XK".split(
  " ",
)) {
  HAS_DIGITS_ONLY[countryIndex(country, 0)] = 1;
}

const GROUP = 4;
/** Keeps two more digits within 31 bits. */
const MAX_REMAINDER = 10_000_000;
/** Two letters and two digits; the digits first, since they are rare. */
const CANDIDATE = /\d(?=\d)(?<=[A-Za-z]{2}\d)/g;

/**
 * International bank account numbers: the length of their country and right check digits, in one run
 * or in groups of four (space, hyphen or no-break space). Lower case where only the country has
 * letters, so that no hash is taken for one.
 * Spec: ISO 13616-1, section 6 (the check digits)
 */
export function findIbans(text: string): Spans {
  let spans: number[] | undefined;
  let at = 0;
  for (;;) {
    const candidate = nextCharacter(CANDIDATE, text, at);
    if (candidate === -1) return spans;
    const start = candidate - 2;
    const end = endOfIban(text, start);
    if (end !== -1) {
      spans ??= [];
      spans.push(start, end);
    }
    at = Math.max(end, candidate + 1);
  }
}

/** Both cases of two letters as one number. */
function countryIndex(text: string, at: number): number {
  return (text.charCodeAt(at) & 31) * 32 + (text.charCodeAt(at + 1) & 31);
}

/** @returns -1 where none starts; looks at no more than 34 characters and their separators */
function endOfIban(text: string, start: number): number {
  const country = countryIndex(text, start);
  const length = LENGTHS[country] ?? 0;
  if (length === 0 || isInsideWord(text, start)) return -1;
  const hasLetters =
    HAS_DIGITS_ONLY[country] === 0 &&
    isUpper(text.charCodeAt(start)) &&
    isUpper(text.charCodeAt(start + 1));
  const separator = text.charCodeAt(start + GROUP);
  const isGrouped = separator === 32 || separator === 45 || separator === 0xa0;
  // What follows the check digits comes first in the number they check.
  let remainder = 0;
  let at = start + GROUP;
  for (let count = GROUP; count < length; count += 1, at += 1) {
    if (isGrouped && count % GROUP === 0) {
      if (text.charCodeAt(at) !== separator) return -1;
      at += 1;
    }
    const code = text.charCodeAt(at);
    if (!isDigit(code) && !(hasLetters && isUpper(code))) return -1;
    remainder = withCharacter(remainder, code);
  }
  const next = text.charCodeAt(at);
  if (isDigit(next) || isLetter(next) || next === 95 /* _ */) return -1;
  for (let index = start; index < start + GROUP; index += 1) {
    remainder = withCharacter(remainder, text.charCodeAt(index));
  }
  return remainder % 97 === 1 ? at : -1;
}

/** One more character of a number modulo 97, reduced now and then; A is 10, Z is 35. */
function withCharacter(remainder: number, code: number): number {
  const next = isDigit(code) ? remainder * 10 + code - 48 : remainder * 100 + (code & 31) + 9;
  return next < MAX_REMAINDER ? next : next % 97;
}

import { isAlphanumeric, isDigit, isInsideWord, isLetter, isUpper } from "./characters";
import type { Spans } from "./spans";

/** Length by country. Spec: ISO 13616, the registry of SWIFT. */
const LENGTHS: ReadonlyMap<string, number> = new Map(
  Object.entries({
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
  }).flatMap(([length, countries]) =>
    countries.split(" ").map((country): [string, number] => [country, Number(length)]),
  ),
);

const GROUP = 4;

/**
 * International bank account numbers: the length of their country and right check digits, in one run
 * or in groups of four (space, hyphen or no-break space). Lower case where only the country has
 * letters, so that no hash is taken for one.
 * Spec: ISO 13616-1, section 6 (the check digits)
 */
export function findIbans(text: string): Spans {
  let spans: number[] | undefined;
  for (let at = 2; at < text.length; ) {
    // Two letters and two digits: looking at the digits first passes by nearly every word.
    if (!isDigit(text.charCodeAt(at)) || !isLetter(text.charCodeAt(at - 1))) {
      at += 1;
      continue;
    }
    const start = at - 2;
    const end = endOfIban(text, start);
    if (end !== -1) {
      spans ??= [];
      spans.push(start, end);
      at = end;
    }
    at += 1;
  }
  return spans;
}

/** @returns -1 where none starts; looks at no more than 34 characters and their separators */
function endOfIban(text: string, start: number): number {
  if (!isLetter(text.charCodeAt(start)) || !isDigit(text.charCodeAt(start + 3))) return -1;
  if (isInsideWord(text, start)) return -1;
  const isUpperCase = isUpper(text.charCodeAt(start)) && isUpper(text.charCodeAt(start + 1));
  const length = LENGTHS.get(text.slice(start, start + 2).toUpperCase());
  if (length === undefined) return -1;
  const separator = text.charCodeAt(start + GROUP);
  const isGrouped = separator === 32 || separator === 45 || separator === 0xa0;
  let characters = "";
  let at = start;
  for (; characters.length < length; at += 1) {
    const code = text.charCodeAt(at);
    const isLowerCase = isLetter(code) && !isUpper(code);
    if (isGrouped && characters.length > 0 && (at - start) % (GROUP + 1) === GROUP) {
      if (code !== separator) return -1;
    } else if (!isAlphanumeric(code)) return -1;
    else if (at - start > 1 && isLetter(code) && (isLowerCase || !isUpperCase)) return -1;
    else characters += text.charAt(at);
  }
  const next = text.charCodeAt(at);
  if (isAlphanumeric(next) || next === 95 /* _ */) return -1;
  return hasCheckDigits(characters.toUpperCase()) ? at : -1;
}

/** The country and check digits moved to the end, A = 10 to Z = 35: the number is 1 modulo 97. */
function hasCheckDigits(characters: string): boolean {
  let remainder = 0;
  for (let index = 0; index < characters.length; index += 1) {
    const code = characters.charCodeAt((index + 4) % characters.length);
    remainder = isDigit(code)
      ? (remainder * 10 + code - 48) % 97
      : (remainder * 100 + code - 55) % 97;
  }
  return remainder === 1;
}

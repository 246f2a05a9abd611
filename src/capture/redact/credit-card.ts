import { afterEscape, isDigit, isInsideWord, isLetter } from "./characters";
import { nextCharacter, nextOrEnd } from "./next-character";
import type { Spans } from "./spans";

const MIN_DIGITS = 13;
const MAX_DIGITS = 19;
/** Of a number written in groups; other first groups are not in use. */
const FIRST_GROUP = 4;
/** Where a number in one run or in groups can start. */
const CANDIDATE = /\d(?=\d{3}[ -]?\d)/g;
const NON_DIGIT = /\D/g;

/** Numbers of each brand: the first four digits, from and to, and how many digits there are. */
const BRANDS: readonly (readonly [from: number, to: number, shortest: number, longest: number])[] =
  [
    [4000, 4999, 13, 19], // Visa
    [5100, 5599, 16, 16], // Mastercard
    [2221, 2720, 16, 16],
    [3400, 3499, 15, 15], // American Express
    [3700, 3799, 15, 15],
    [3000, 3059, 14, 19], // Diners Club
    [3600, 3699, 14, 19],
    [3800, 3999, 14, 19],
    [3528, 3589, 16, 19], // JCB
    [6011, 6011, 16, 19], // Discover
    [6440, 6599, 16, 19],
    [6200, 6299, 16, 19], // UnionPay
    [5018, 5018, 13, 19], // Maestro
    [5020, 5020, 13, 19],
    [5038, 5038, 13, 19],
    [5893, 5893, 13, 19],
    [6304, 6304, 13, 19],
    [6759, 6763, 13, 19],
  ];
/** Visa has these only. */
const VISA_LENGTHS = [13, 16, 19];
/** By the first four digits: the index in the list above, from 1. */
const BRAND_INDEX = new Uint8Array(10_000);
for (const [index, [from, to]] of BRANDS.entries()) BRAND_INDEX.fill(index + 1, from, to + 1);

/**
 * Numbers of payment cards: the digits of a brand in use, in one run or in groups with single spaces
 * or hyphens, with a right check digit. No part of a longer number, a decimal or a word.
 * Spec: ISO/IEC 7812-1, annex B (the check digit)
 */
export function findCreditCards(text: string): Spans {
  let spans: number[] | undefined;
  let at = 0;
  for (;;) {
    const candidate = nextCharacter(CANDIDATE, text, at);
    if (candidate === -1) return spans;
    const start = afterEscape(text, candidate);
    let runEnd = start + 1;
    while (runEnd - start <= MAX_DIGITS && isDigit(text.charCodeAt(runEnd))) runEnd += 1;
    if (runEnd - start > MAX_DIGITS) runEnd = nextOrEnd(NON_DIGIT, text, runEnd);
    const end = startsNumber(text, start) ? endOfCard(text, start, runEnd) : -1;
    if (end !== -1) {
      spans ??= [];
      spans.push(start, end);
    }
    at = Math.max(end, runEnd);
  }
}

function startsNumber(text: string, start: number): boolean {
  const before = text.charCodeAt(start - 1);
  if (before === 32) return true;
  if (isDigit(before) || isInsideWord(text, start)) return false;
  const isJoined = before === 46 /* . */ || before === 45; /* - */
  return !(isJoined && isDigit(text.charCodeAt(start - 2)));
}

/** Whether no further digit or letter belongs to the number. */
function endsNumber(text: string, end: number): boolean {
  const next = text.charCodeAt(end);
  if (isDigit(next) || isLetter(next) || next === 95 /* _ */) return false;
  return !((next === 46 || next === 45) && isDigit(text.charCodeAt(end + 1)));
}

const digits = new Uint8Array(MAX_DIGITS);

/** The end of the card number at `start`, or -1. Looks at no more than 19 digits. */
function endOfCard(text: string, start: number, runEnd: number): number {
  const isRun = runEnd - start >= MIN_DIGITS;
  if (isRun ? runEnd - start > MAX_DIGITS : runEnd - start !== FIRST_GROUP) return -1;
  const separator = isRun ? -1 : text.charCodeAt(runEnd);
  if (!isRun && separator !== 32 && separator !== 45) return -1;
  const brand = BRANDS[(BRAND_INDEX[numberAt(text, start)] ?? 0) - 1];
  if (brand === undefined) return -1;
  let count = 0;
  for (let at = start; ; at += 1) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) {
      if (count === MAX_DIGITS) return -1;
      digits[count] = code - 48;
      count += 1;
      continue;
    }
    if (count >= brand[2] && count <= brand[3] && endsNumber(text, at) && isCardNumber(count)) {
      return at;
    }
    if (code !== separator || !isDigit(text.charCodeAt(at + 1))) return -1;
  }
}

function numberAt(text: string, start: number): number {
  let number = 0;
  for (let at = start; at < start + FIRST_GROUP; at += 1) {
    number = number * 10 + text.charCodeAt(at) - 48;
  }
  return number;
}

/** Of the first `count` of {@link digits}. */
function isCardNumber(count: number): boolean {
  if (digits[0] === 4 && !VISA_LENGTHS.includes(count)) return false;
  let sum = 0;
  for (let index = 0; index < count; index += 1) {
    const digit = digits[index] ?? 0;
    const weighed = (count - index) % 2 === 0 ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}

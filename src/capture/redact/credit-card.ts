import { afterEscape, isDigit, isInsideWord, isLetter } from "./characters";
import type { Spans } from "./spans";

const MIN_DIGITS = 13;
const MAX_DIGITS = 19;
/** Of a number written in groups; other first groups are not in use. */
const FIRST_GROUP = 4;

/** Starts of the numbers of each brand, and how many digits they have. */
const BRANDS: readonly { readonly start: RegExp; readonly lengths: readonly number[] }[] = [
  { start: /^4/, lengths: [13, 16, 19] }, // Visa
  { start: /^5[1-5]/, lengths: [16] }, // Mastercard
  { start: /^2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)/, lengths: [16] }, // Mastercard
  { start: /^3[47]/, lengths: [15] }, // American Express
  { start: /^3(?:0[0-5]|[689])/, lengths: [14, 16, 17, 18, 19] }, // Diners Club
  { start: /^35(?:2[89]|[3-8])/, lengths: [16, 17, 18, 19] }, // JCB
  { start: /^6(?:011|22|4[4-9]|5)/, lengths: [16, 17, 18, 19] }, // Discover
  { start: /^62/, lengths: [16, 17, 18, 19] }, // UnionPay
  { start: /^(?:50(?:18|20|38)|5893|6304|6759|676[1-3])/, lengths: [13, 14, 15, 16, 17, 18, 19] }, // Maestro
];

/**
 * Numbers of payment cards: the digits of a brand in use, in one run or in groups with single spaces
 * or hyphens, with a right check digit. No part of a longer number, a decimal or a word.
 * Spec: ISO/IEC 7812-1, annex B (the check digit)
 */
export function findCreditCards(text: string): Spans {
  let spans: number[] | undefined;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) {
      at += 1;
      continue;
    }
    const start = afterEscape(text, at);
    const runEnd = endOfDigits(text, start);
    const end = startsNumber(text, start) ? endOfCard(text, start, runEnd) : -1;
    if (end === -1) {
      at = Math.max(runEnd, at + 1);
      continue;
    }
    spans ??= [];
    spans.push(start, end);
    at = end;
  }
  return spans;
}

function endOfDigits(text: string, from: number): number {
  let end = from;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return end;
}

function startsNumber(text: string, start: number): boolean {
  if (isInsideWord(text, start)) return false;
  const before = text.charCodeAt(start - 1);
  const isJoined = before === 46 /* . */ || before === 45 /* - */;
  return !(isJoined && isDigit(text.charCodeAt(start - 2)));
}

/** Whether no further digit or letter belongs to the number. */
function endsNumber(text: string, end: number): boolean {
  const next = text.charCodeAt(end);
  if (isDigit(next) || isLetter(next) || next === 95 /* _ */) return false;
  return !((next === 46 || next === 45) && isDigit(text.charCodeAt(end + 1)));
}

/** The end of the card number at `start`, or -1. Looks at no more than 19 digits. */
function endOfCard(text: string, start: number, runEnd: number): number {
  if (runEnd - start >= MIN_DIGITS) {
    if (runEnd - start > MAX_DIGITS || !endsNumber(text, runEnd)) return -1;
    return isCardNumber(text.slice(start, runEnd)) ? runEnd : -1;
  }
  if (runEnd - start !== FIRST_GROUP) return -1;
  const separator = text.charCodeAt(runEnd);
  if (separator !== 32 && separator !== 45) return -1;
  let digits = text.slice(start, runEnd);
  for (let end = runEnd; text.charCodeAt(end) === separator; ) {
    const groupEnd = endOfDigits(text.slice(0, end + 1 + MAX_DIGITS), end + 1);
    if (groupEnd === end + 1) return -1;
    digits += text.slice(end + 1, groupEnd);
    end = groupEnd;
    if (digits.length > MAX_DIGITS) return -1;
    if (digits.length >= MIN_DIGITS && endsNumber(text, end) && isCardNumber(digits)) return end;
  }
  return -1;
}

function isCardNumber(digits: string): boolean {
  return (
    BRANDS.some(({ start, lengths }) => lengths.includes(digits.length) && start.test(digits)) &&
    hasCheckDigit(digits)
  );
}

function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let index = digits.length - 1, isDoubled = false; index >= 0; index -= 1) {
    const digit = digits.charCodeAt(index) - 48;
    const weighed = isDoubled ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
    isDoubled = !isDoubled;
  }
  return sum % 10 === 0;
}

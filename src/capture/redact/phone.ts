import { afterEscape, isDigit, isLetter } from "./characters";
import { nextCharacter } from "./next-character";
import type { Spans } from "./spans";

/** Digits of an international number. Spec: ITU-T E.164, section 6 */
const MAX_DIGITS = 15;
const MIN_DIGITS = 8;
/** Longest number with its separators. */
const MAX_LENGTH = 32;
/** So far before a run of digits it is said that it is a phone number. */
const WORD_DISTANCE = 24;
const PHONE_WORD =
  /(?:tele?(?:phone|fon)?|phone|mobile?|cell|fax|whatsapp|handy)\.?\s?(?:no\.?|nr\.?|number|#)?["'\\]*\s?[:=]?\s?["'\\]*$/i;
const PHONE_NAME =
  /(?:phone|mobile|telephone|telefon|fax|whatsapp|msisdn)(?:number|no|nr)?$|^(?:tel|cell)$/i;

/** Enough behind the digit, bracket or plus at which a number may start. */
const NUMBER_AHEAD =
  /(?=(?:(?<=\+)[1-9]|(?<=\()\d|(?<=0)\d|(?<=1)(?:[ .-][(2-9]|[3-9]\d[ -])|(?<=[2-9])\d\d[ .-]|(?<=\d)(?=\d{6}))[\d .()/\-\u00a0]{5})/;
/** Nothing before it of which it would be a part: a word (the letter of an escape is none), a longer number, a date, an amount. */
const NOT_INSIDE = /(?<!(?:\d[-./:,]|\d|[_$\u20ac\u00a3+]|(?<!\\)[A-Za-z])[+(\d])/;
const START = new RegExp(`[+(\\d]${NUMBER_AHEAD.source}`, "y");
const CANDIDATE = new RegExp(`[+(\\d]${NOT_INSIDE.source}${NUMBER_AHEAD.source}`, "g");
/** Between two numbers, where the second would look like a part of the first. */
const SEPARATORS = "-./:,";

/**
 * `+1.4155552671` is a number of a domain's owner, `+37.774929` a place. Digits with at most one
 * separator between them, or a bracket beside one.
 */
const INTERNATIONAL =
  /(?:\+|00(?=[1-9]\d{0,2}[ ./-]))[1-9](?:(?:[ .\-/\u00a0]|[ \u00a0]?\(|\)[ \-\u00a0]?)?\d){6,14}/y;
const DECIMAL = /^\+\d+\.\d{1,8}$/;

// Forms without a country code, by how they start. Separators are all of one kind where one is
// referred to; a number of digits that none has is told afterwards.

/** (415) 555-2671, 415-555-2671, 1-800-555-0199, 1 (415) 555-2671 */
const NORTH_AMERICAN =
  /(?:1[ .-]?)?\([2-9]\d\d\)[ .-]?[2-9]\d\d[ .-]\d{4}|(?:1(?=([ .-])))?(?:(?<=1)[ .-])?[2-9]\d\d([ .-])[2-9]\d\d\2\d{4}/y;
/** 138 1234 5678 */
const CHINESE = /1[3-9]\d([ -])\d{4}\1\d{4}/y;
/** (11) 91234-5678 */
const BRAZILIAN = /\([1-9]\d\) ?\d{4,5}-\d{4}/y;
/** 01 23 45 67 89; 030 12345678, 0151/12345678, 020 7946 0958, (030) 12 34 56, 090-1234-5678 */
const WITH_TRUNK_ZERO =
  /0[1-9]([ .-])\d\d\1\d\d\1\d\d\1\d\d|(?:\(0[1-9]\d{0,4}\) ?|0[1-9]\d{0,4}(?: ?[/-] ?| ))\d{2,8}(?:([ -])\d{2,4}(?:\2\d{2,4}){0,3})?/y;
/** With the day first: 01-02-2024. */
const DATE = /\d\d?[./-]\d\d?[./-](?:19|20)\d\d/y;

/**
 * Phone numbers: international ones, and those of common national forms where separators show that
 * it is one; bare runs of digits behind a word like `phone:` only. No dates, times, versions, ids.
 */
export function findPhones(text: string): Spans {
  let spans: number[] | undefined;
  // Each goes on with one more number: they are phone numbers if the last one is.
  let row: number[] = [];
  let lastEnd = -1;
  let at = 0;
  let candidate = nextCharacter(CANDIDATE, text, at);
  for (;;) {
    // Searched for once, though a number behind the last one comes before it.
    if (candidate !== -1 && candidate < at) candidate = nextCharacter(CANDIDATE, text, at);
    const behindLast = lastEnd === -1 ? -1 : startBehind(text, lastEnd);
    const isBehindLast = behindLast !== -1 && (candidate === -1 || behindLast < candidate);
    const index = isBehindLast ? behindLast : candidate;
    if (index === -1) return spans;
    if (index >= lastEnd) lastEnd = -1;
    const isAfterEscape = !isBehindLast && isDigit(text.charCodeAt(index));
    const start = isAfterEscape ? afterEscape(text, index) : index;
    let runEnd = start + 1;
    while (runEnd - start <= MAX_DIGITS && isDigit(text.charCodeAt(runEnd))) runEnd += 1;
    const end = endOfPhone(text, start, runEnd);
    at = index + 1;

    const rowEnd = row.at(-1) ?? -1;
    // What does not follow the row at once, or is no number, ends it; what starts inside its last number says nothing.
    if (index > rowEnd + 1 || (index > rowEnd && end === -1)) row = [];
    if (end === -1) continue;
    if (goesOn(text, end)) {
      if (index > rowEnd) row.push(start, end);
      continue;
    }
    spans ??= [];
    if (index > rowEnd) for (const edge of row) spans.push(edge);
    spans.push(start, end);
    row = [];
    lastEnd = end;
    at = end;
  }
}

/** Where a number starts right behind one that ends at `end`, or behind a sign between them; or -1. */
function startBehind(text: string, end: number): number {
  START.lastIndex = end;
  if (START.test(text)) return end;
  if (end === text.length || !SEPARATORS.includes(text.charAt(end))) return -1;
  START.lastIndex = end + 1;
  return START.test(text) ? end + 1 : -1;
}

/** Whether a value of this name is a phone number, however it is written. */
export function isPhoneName(name: string): boolean {
  return name.length <= 64 && PHONE_NAME.test(name.replace(/[\s_.-]/g, ""));
}

/** Digits with separators, as many as a number has. */
export function isPhoneText(value: string): boolean {
  if (value.length < 6 || value.length > MAX_LENGTH || !/^\+?[\d\s()./-]+$/.test(value))
    return false;
  const count = value.replace(/\D/g, "").length;
  return count >= 6 && count <= MAX_DIGITS;
}

/** Whether no further digit or letter belongs to the number. */
function endsNumber(text: string, end: number): boolean {
  const next = text.charCodeAt(end);
  return !(isDigit(next) || isLetter(next) || next === 95 /* _ */ || next === 37) /* % */;
}

/** Whether one more group of digits follows: part of something else, or one more number. */
function goesOn(text: string, end: number): boolean {
  return " .-/:".includes(text.charAt(end) || "~") && isDigit(text.charCodeAt(end + 1));
}

/**
 * The end of the number at `start`, or -1; one more group may follow there. Looks at no more than a
 * number can have.
 * @param runEnd - where the digits at the start end
 */
function endOfPhone(text: string, start: number, runEnd: number): number {
  const first = text.charCodeAt(start);
  const next = text.charCodeAt(runEnd);
  const length = runEnd - start;
  if (first === 43 /* + */) return endOfInternational(text, start);
  if (first === 40 /* ( */) {
    return firstEnd(text, start, [NORTH_AMERICAN, WITH_TRUNK_ZERO, BRAZILIAN]);
  }
  if (length >= 7) return length <= MAX_DIGITS ? endOfNamedRun(text, start, runEnd) : -1;
  const isSeparated = next === 32 || next === 46 || next === 45 || next === 47 || next === 0xa0;
  if (!isSeparated) return -1;
  // One more group in a row of them; behind a postal code it would have hyphens or dots.
  const isInRow = text.charCodeAt(start - 1) === 32 && isDigit(text.charCodeAt(start - 2));
  if (isInRow && next !== 45 && next !== 46) return -1;
  const second = text.charCodeAt(start + 1);
  if (first === 48 /* 0 */) {
    if (second === 48) return endOfInternational(text, start);
    return isDigit(second) ? firstEnd(text, start, [WITH_TRUNK_ZERO]) : -1;
  }
  if (length === 3) {
    return firstEnd(text, start, first === 49 /* 1 */ ? [CHINESE] : [NORTH_AMERICAN]);
  }
  const third = text.charCodeAt(start + 2);
  const isLong = length === 1 && first === 49 && (third === 40 || (third >= 50 && third <= 57));
  return isLong ? firstEnd(text, start, [NORTH_AMERICAN]) : -1;
}

function endOfInternational(text: string, start: number): number {
  INTERNATIONAL.lastIndex = start;
  const found = INTERNATIONAL.exec(text)?.[0];
  if (found === undefined) return -1;
  // In a bracket that stays open another number begins.
  const bracket = found.lastIndexOf("(");
  const number = bracket > found.lastIndexOf(")") ? found.slice(0, bracket).trimEnd() : found;
  if (!endsNumber(text, start + number.length)) return -1;
  const count = countDigits(number) - (number.startsWith("00") ? 2 : 0);
  if (count < MIN_DIGITS || count > MAX_DIGITS || DECIMAL.test(number)) return -1;
  return /^(?:\+|00)1[ .(-]{0,2}[01]/.test(number) ? -1 : start + number.length;
}

function firstEnd(text: string, start: number, forms: readonly RegExp[]): number {
  DATE.lastIndex = start;
  if (DATE.test(text)) return -1;
  let openEnd = -1;
  for (const form of forms) {
    form.lastIndex = start;
    const number = form.exec(text)?.[0];
    if (number === undefined || !endsNumber(text, start + number.length)) continue;
    const count = countDigits(number);
    if (count < 9 || count > 12) continue;
    if (!goesOn(text, start + number.length)) return start + number.length;
    if (openEnd === -1) openEnd = start + number.length;
  }
  return openEnd;
}

/** `phone: 5551234567` */
function endOfNamedRun(text: string, start: number, runEnd: number): number {
  const before = text.charCodeAt(start - 1);
  if (isDigit(text.charCodeAt(start - 2)) || Number.isNaN(before)) return -1;
  if (!endsNumber(text, runEnd) || goesOn(text, runEnd)) return -1;
  return PHONE_WORD.test(text.slice(Math.max(0, start - WORD_DISTANCE), start)) ? runEnd : -1;
}

function countDigits(number: string): number {
  let count = 0;
  for (let at = 0; at < number.length; at += 1) if (isDigit(number.charCodeAt(at))) count += 1;
  return count;
}

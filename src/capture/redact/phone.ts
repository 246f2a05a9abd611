import { afterEscape, isDigit, isInsideWord, isLetter } from "./characters";
import type { Spans } from "./spans";

/** Digits of an international number. Spec: ITU-T E.164, section 6 */
const MAX_DIGITS = 15;
const MIN_DIGITS = 8;
/** Longest number with its separators. */
const MAX_LENGTH = 32;
/** So far before a run of digits it is said that it is a phone number. */
const WORD_DISTANCE = 24;
const PHONE_WORD =
  /(?:tel|telephone|telefon|phone|phone ?number|mobile|mobil|cell|fax|whatsapp|handy)\s?(?:no\.?|nr\.?|number|#)?["'\\]*\s?[:=]?\s?["'\\]*$/i;
const PHONE_NAME =
  /(?:phone|mobile|telephone|telefon|fax|whatsapp|msisdn)(?:number|no|nr)?$|^(?:tel|cell)$/i;

/** Forms without a country code; digits as they stand, separators all of one kind where marked \1. */
const NATIONAL_FORMS: readonly RegExp[] = [
  // (415) 555-2671, 1 (415) 555-2671, 1-800-555-0199, 415.555.2671
  /^(?:1[ .-]?)?\([2-9]\d\d\)[ .-]?[2-9]\d\d[ .-]?\d{4}/,
  /^(?:1([ .-])|(?=\d{3}([ .-])))[2-9]\d\d(?:\1|\2)[2-9]\d\d(?:\1|\2)\d{4}/,
  // 01 23 45 67 89
  /^0[1-9]([ .-])\d\d\1\d\d\1\d\d\1\d\d/,
  // 030 12345678, 0151/12345678, 020 7946 0958, (030) 12 34 56, 090-1234-5678
  /^(?:\(0[1-9]\d{0,4}\) ?|0[1-9]\d{0,4}(?: ?[/-] ?| ))\d{2,8}(?:([ -])\d{2,4}(?:\1\d{2,4}){0,3})?/,
  // (11) 91234-5678
  /^\([1-9]\d\) ?\d{4,5}-\d{4}/,
  // 138 1234 5678
  /^1[3-9]\d([ -])\d{4}\1\d{4}/,
];
/** `+1.4155552671` is a number of a domain's owner, `+37.774929` a place. */
const INTERNATIONAL =
  /^(?:\+|00(?=[1-9]\d{0,2}[ ./-]))[1-9](?:(?:[ .\-/\u00a0]|[ \u00a0]?\(|\)[ \-\u00a0]?)?\d){6,15}/;
const DECIMAL = /^\+\d+\.\d{1,8}$/;
/** ISO dates, and those with the day first. */
const DATE = /^(?:\d{4}-\d\d-\d\d|\d\d?[./-]\d\d?[./-](?:19|20)\d\d)/;

/**
 * Phone numbers: international ones, and those of common national forms where separators show that
 * it is one; bare runs of digits behind a word like `phone:` only. No dates, times, versions, ids.
 */
export function findPhones(text: string): Spans {
  let spans: number[] | undefined;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    const isStart =
      isDigit(code) ||
      (code === 43 && isDigit(text.charCodeAt(at + 1))) ||
      (code === 40 && isDigit(text.charCodeAt(at + 1)));
    if (!isStart) {
      at += 1;
      continue;
    }
    const start = isDigit(code) ? afterEscape(text, at) : at;
    const end = startsNumber(text, start) ? endOfPhone(text, start) : -1;
    if (end !== -1) {
      spans ??= [];
      spans.push(start, end);
      at = end;
      continue;
    }
    at = Math.max(at, start) + 1;
    while (isDigit(text.charCodeAt(at))) at += 1;
  }
  return spans;
}

/** Whether a value of this name is a phone number, however it is written. */
export function isPhoneName(name: string): boolean {
  return name.length <= 64 && PHONE_NAME.test(name.replace(/[\s_.-]/g, ""));
}

/** Digits with separators, as many as a number has. */
export function isPhoneText(value: string): boolean {
  if (value.length > MAX_LENGTH || !/^\+?[\d\s()./-]+$/.test(value)) return false;
  const count = value.replace(/\D/g, "").length;
  return count >= 6 && count <= MAX_DIGITS;
}

function startsNumber(text: string, start: number): boolean {
  if (!isDigit(text.charCodeAt(start)) && !"+(".includes(text.charAt(start))) return false;
  if (isInsideWord(text, start)) return false;
  const before = text.charAt(start - 1);
  if (before === "_" || before === "+" || before === "$" || before === "€") return false;
  if (isDigit(text.charCodeAt(start - 1))) return false;
  // Part of a longer number, a date or a path of ids.
  return !("-./:,".includes(before || "~") && isDigit(text.charCodeAt(start - 2)));
}

/** The end of the number at `start`, or -1. Looks at no more than {@link MAX_LENGTH} characters. */
function endOfPhone(text: string, start: number): number {
  const part = text.slice(start, start + MAX_LENGTH + 2);
  const length = lengthOfPhone(part);
  if (length > 0 && endsNumber(text, start + length)) return start + length;
  const run = /^\d{7,15}/.exec(part)?.[0].length ?? 0;
  if (run === 0 || !endsNumber(text, start + run)) return -1;
  const before = text.slice(Math.max(0, start - WORD_DISTANCE), start);
  return PHONE_WORD.test(before) ? start + run : -1;
}

function lengthOfPhone(part: string): number {
  const international = INTERNATIONAL.exec(part)?.[0];
  if (international !== undefined) {
    const digits = international.replace(/\D/g, "").replace(/^00/, "");
    const isPossible = digits.length >= MIN_DIGITS && digits.length <= MAX_DIGITS;
    if (!isPossible || DECIMAL.test(international) || /^1[01]/.test(digits)) return -1;
    return international.length;
  }
  if (part.startsWith("+") || DATE.test(part)) return -1;
  for (const form of NATIONAL_FORMS) {
    const national = form.exec(part)?.[0];
    if (national === undefined) continue;
    const count = national.replace(/\D/g, "").length;
    if (count >= 9 && count <= 12) return national.length;
  }
  return -1;
}

/** Whether no further digit or letter belongs to the number. */
function endsNumber(text: string, end: number): boolean {
  const next = text.charCodeAt(end);
  if (isDigit(next) || isLetter(next) || next === 95 /* _ */ || next === 37 /* % */) return false;
  const isJoined = next === 46 || next === 45 || next === 47 || next === 58 || next === 32;
  return !(isJoined && isDigit(text.charCodeAt(end + 1)));
}

import {
  afterEscape,
  isAlphanumeric,
  isDigit,
  isHexDigit,
  isInsideWord,
  isLetter,
} from "./characters";
import { nextCharacter } from "./next-character";
import type { Spans } from "./spans";

/** Of an IPv6 address that ends as an IPv4 one. */
const MAX_V6_LENGTH = 45;
const V6_CANDIDATE = /:(?=[0-9A-Fa-f]{0,4}:)/g;
const V4_CANDIDATE = /\d(?=\.\d{1,3}\.\d{1,3}\.\d)/g;
/** So far before a number it is said that it is a version. */
const VERSION_DISTANCE = 16;
const VERSION_WORD =
  /(?:\b(?:version|ver|release|build|chapter|section|sec)s?[\s:="]*|\u00a7\s*)$/i;
/** `Chrome/120.0.0.0` */
const PRODUCT = /(?:^|[\s("'])[A-Z]\w*\/$/;

/**
 * IPv6 addresses, valid ones only. No time, no hardware address, nothing like `std::vector` or
 * `list[1::2]`.
 * Spec: https://www.rfc-editor.org/rfc/rfc4291#section-2.2
 */
export function findIpV6Addresses(text: string): Spans {
  let spans: number[] | undefined;
  let at = 0;
  for (;;) {
    const colon = nextCharacter(V6_CANDIDATE, text, at);
    if (colon === -1) return spans;
    let start = colon;
    while (start > at && colon - start < 5 && isHexDigit(text.charCodeAt(start - 1))) start -= 1;
    start = Math.min(colon, afterEscape(text, start));
    // IPv6:2001:db8::1, address:2001:db8::1
    const next = text.charCodeAt(colon + 1);
    if (isInsideWord(text, start) || (start === colon && next !== 58) /* : */) start = colon + 1;
    // The end of all that could belong to it: what is longer is none, and is passed as a whole.
    const runEnd = endOfRun(text, colon, isV6Character);
    const end = trimmedEnd(text, runEnd);
    if (isV6At(text, start, end)) {
      spans ??= [];
      spans.push(start, end);
    }
    at = runEnd;
  }
}

/**
 * IPv4 addresses, valid ones only. No version: `Chrome/120.0.0.0`, `version 1.2.3.4`, five parts.
 * Spec: https://www.rfc-editor.org/rfc/rfc791#section-2.3
 */
export function findIpV4Addresses(text: string): Spans {
  let spans: number[] | undefined;
  let at = 0;
  for (;;) {
    const candidate = nextCharacter(V4_CANDIDATE, text, at);
    if (candidate === -1) return spans;
    let start = candidate;
    while (candidate - start < 4 && isDigit(text.charCodeAt(start - 1))) start -= 1;
    start = Math.min(candidate, afterEscape(text, start));
    const runEnd = endOfRun(text, candidate, isV4Character);
    const end = trimmedEnd(text, runEnd);
    if (isV4At(text, start, end)) {
      spans ??= [];
      spans.push(start, end);
    }
    at = runEnd;
  }
}

function isV4Character(code: number): boolean {
  return isDigit(code) || code === 46;
}

function isV6Character(code: number): boolean {
  return isHexDigit(code) || code === 58 || code === 46;
}

function endOfRun(text: string, start: number, isPart: (code: number) => boolean): number {
  let end = start;
  while (isPart(text.charCodeAt(end))) end += 1;
  return end;
}

/** Without the dot of a sentence, and the colon before a list. */
function trimmedEnd(text: string, end: number): number {
  const last = text.charCodeAt(end - 1);
  if (last === 46) return end - 1;
  return last === 58 && text.charCodeAt(end - 2) !== 58 ? end - 1 : end;
}

function isV4At(text: string, start: number, end: number): boolean {
  if (end - start > 15 || end - start < 7) return false;
  const before = text.charCodeAt(start - 1);
  if (before === 46 || before === 95 /* _ */ || isInsideWord(text, start)) return false;
  // pkg-1.2.3.4, while 10.0.0.1-10.0.0.9 is a range
  if (before === 45 && isLetter(text.charCodeAt(start - 2))) return false;
  const next = text.charCodeAt(end);
  if (isLetter(next) || next === 95 /* _ */) return false;
  if (next === 45 /* - */ && isLetter(text.charCodeAt(end + 1))) return false;
  if (!isV4(text, start, end)) return false;
  return !isVersion(text, start);
}

/** Stands between `version` and its number. */
function isAround(code: number): boolean {
  return code === 32 || code === 34 || code === 47 || code === 58 || code === 61;
}

/** Whether the words before a number say that it is one. */
function isVersion(text: string, start: number): boolean {
  let end = start;
  while (start - end < 4 && isAround(text.charCodeAt(end - 1))) end -= 1;
  const last = text.charCodeAt(end - 1);
  const isWord = isLetter(last) || isDigit(last) || last === 0xa7; // the paragraph sign
  if (end === start || !isWord) return false;
  if (isDigit(last) && text.charCodeAt(start - 1) !== 47 /* / */) return false;
  const before = text.slice(Math.max(0, start - VERSION_DISTANCE), start);
  return VERSION_WORD.test(before) || PRODUCT.test(before);
}

/** Four parts from 0 to 255 without zeros in front. */
function isV4(text: string, start: number, end: number): boolean {
  let parts = 0;
  for (let at = start; at <= end; at += 1) {
    let value = 0;
    const first = at;
    for (; at < end && text.charCodeAt(at) !== 46; at += 1) {
      value = value * 10 + text.charCodeAt(at) - 48;
      if (value > 255) return false;
    }
    if (at === first || (at - first > 1 && text.charCodeAt(first) === 48)) return false;
    parts += 1;
  }
  return parts === 4;
}

function isV6At(text: string, start: number, end: number): boolean {
  if (end - start > MAX_V6_LENGTH || end - start < 3) return false;
  if (isInsideWord(text, start) || isAlphanumeric(text.charCodeAt(end))) return false;
  const before = text.charAt(start - 1);
  if (before === "_" || text.charAt(end) === "_") return false;
  // list[1::2] is a slice, while http://[::1] is an address.
  if (before === "[" && /[\w)\]]/.test(text.charAt(start - 2))) return false;
  return isV6(text, start, end);
}

/** Eight groups, or fewer and `::` once; the last two may be an IPv4 address. */
function isV6(text: string, start: number, end: number): boolean {
  let groups = 0;
  let longest = 0;
  let digits = 0;
  let gaps = 0;
  for (let at = start; at < end; ) {
    if (text.charCodeAt(at) === 58 /* : */) {
      // Alone it stands between two groups only; together with the next it is the gap.
      if (text.charCodeAt(at + 1) === 58) {
        gaps += 1;
        at += 1;
      } else if (at === start || at === end - 1) return false;
      at += 1;
      if (text.charCodeAt(at) === 58) return false;
      continue;
    }
    const first = at;
    for (; at < end && isHexDigit(text.charCodeAt(at)); at += 1) {
      if (isDigit(text.charCodeAt(at))) digits += 1;
    }
    if (at < end && text.charCodeAt(at) === 46 /* . */) {
      return isV4(text, first, end) && (gaps === 1 ? groups <= 5 : gaps === 0 && groups === 6);
    }
    if (at - first > 4) return false;
    longest = Math.max(longest, at - first);
    groups += 1;
  }
  if (gaps > 1 || (gaps === 1 ? groups > 7 : groups !== 8)) return false;
  if (end - start === 3 && text.startsWith("::1", start)) return true;
  // Real ones have digits and a long group; namespaces (abc::def) and key fingerprints have not.
  return digits > 0 && groups > 1 && longest > 2;
}

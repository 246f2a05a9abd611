import {
  afterEscape,
  isAlphanumeric,
  isDigit,
  isHexDigit,
  isInsideWord,
  isLetter,
} from "./characters";
import type { Spans } from "./spans";

/** Of an IPv6 address that ends as an IPv4 one. */
const MAX_V6_LENGTH = 45;
/** So far before a number it is said that it is a version. */
const VERSION_DISTANCE = 16;
const VERSION_WORD = /(?:\b(?:version|ver|release|build|chapter|section|sec)s?[\s:="]*|§\s*)$/i;
/** `Chrome/120.0.0.0` */
const PRODUCT = /(?:^|[\s("'])[A-Z]\w*\/$/;

/**
 * IPv6 addresses, valid ones only. No time, no hardware address, nothing like `std::vector` or
 * `list[1::2]`.
 * Spec: https://www.rfc-editor.org/rfc/rfc4291#section-2.2
 */
export function findIpV6Addresses(text: string): Spans {
  let spans: number[] | undefined;
  let colon = text.indexOf(":");
  while (colon !== -1) {
    let start = colon;
    while (start > 0 && colon - start < 5 && isHexDigit(text.charCodeAt(start - 1))) start -= 1;
    start = Math.min(colon, afterEscape(text, start));
    // IPv6:2001:db8::1, address:2001:db8::1
    const next = text.charCodeAt(colon + 1);
    if (isInsideWord(text, start) || (start === colon && next !== 58) /* : */) start = colon + 1;
    const runEnd = endOfRun(text, colon, isV6Character);
    const end = trimmedEnd(text, runEnd);
    if (isV6At(text, start, end)) {
      spans ??= [];
      spans.push(start, end);
    }
    colon = text.indexOf(":", runEnd);
  }
  return spans;
}

/**
 * IPv4 addresses, valid ones only. No version: `Chrome/120.0.0.0`, `version 1.2.3.4`, five parts.
 * Spec: https://www.rfc-editor.org/rfc/rfc791#section-2.3
 */
export function findIpV4Addresses(text: string): Spans {
  let spans: number[] | undefined;
  let dot = text.indexOf(".");
  while (dot !== -1) {
    let start = dot;
    while (dot - start < 4 && isDigit(text.charCodeAt(start - 1))) start -= 1;
    start = Math.min(dot, afterEscape(text, start));
    // The end of all that could belong to it: what is longer is none, and is passed as a whole.
    const runEnd = start === dot ? dot + 1 : endOfRun(text, start, isV4Character);
    const end = trimmedEnd(text, runEnd);
    if (isV4At(text, start, end)) {
      spans ??= [];
      spans.push(start, end);
    }
    dot = text.indexOf(".", runEnd);
  }
  return spans;
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
  if (isInsideWord(text, start) || ".-_".includes(text.charAt(start - 1) || " ")) return false;
  const next = text.charCodeAt(end);
  if (isLetter(next) || next === 95 /* _ */) return false;
  if (next === 45 /* - */ && isLetter(text.charCodeAt(end + 1))) return false;
  if (!isV4(text.slice(start, end))) return false;
  const before = text.slice(Math.max(0, start - VERSION_DISTANCE), start);
  return !VERSION_WORD.test(before) && !PRODUCT.test(before);
}

function isV4(address: string): boolean {
  const parts = address.split(".");
  return (
    parts.length === 4 &&
    parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
  );
}

function isV6At(text: string, start: number, end: number): boolean {
  if (end - start > MAX_V6_LENGTH || end - start < 3) return false;
  if (isInsideWord(text, start) || isAlphanumeric(text.charCodeAt(end))) return false;
  const before = text.charAt(start - 1);
  if (before === "_" || text.charAt(end) === "_") return false;
  // list[1::2] is a slice, while http://[::1] is an address.
  if (before === "[" && /[\w)\]]/.test(text.charAt(start - 2))) return false;
  return isV6(text.slice(start, end));
}

function isV6(address: string): boolean {
  if (address === "::1") return true;
  const halves = address.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1) ?? "";
  const hasV4 = last.includes(".");
  if (hasV4 && !isV4(last)) return false;
  const plain = hasV4 ? groups.slice(0, -1) : groups;
  if (!plain.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  const count = plain.length + (hasV4 ? 2 : 0);
  if (halves.length === 2 ? count > 7 : count !== 8) return false;
  // Real ones have digits and a long group; namespaces (abc::def) and key fingerprints have not.
  return hasV4 || (/\d/.test(address) && groups.length > 1 && groups.some((g) => g.length > 2));
}

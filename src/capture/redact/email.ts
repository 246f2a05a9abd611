import { afterEscape, isAlphanumeric, isDigit, isLetter } from "./characters";
import { isCutAt } from "./marks";
import { nextCharacter } from "./next-character";
import type { Spans } from "./spans";

/** Of the part before `@`; RFC 5321 allows 64. */
const MAX_LOCAL_LENGTH = 128;
const MAX_DOMAIN_LENGTH = 253;
/** The last character of `@` or `%40` where a domain can follow. */
const SIGN = /[@0](?<=@|%40)(?=[A-Za-z0-9\u0080-\uffff])/g;
/** Chinese, Japanese, Korean from here on. */
const FIRST_WITHOUT_SPACES = 0x2e80;
const LOCAL_SIGNS = [...Buffer.from("._%+-'~")];
/** Ends of file names that look like domains: `logo@2x.png`. None is a top-level domain. */
const FILE_ENDS: ReadonlySet<string> = new Set(
  "png jpg jpeg gif webp svg css js jsx ts tsx json htm html pdf PNG JPG JPEG GIF".split(" "),
);
/** With the dot. */
const LONGEST_FILE_END = 5;
const V4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/**
 * Email addresses, also with `%40` for `@`, with letters of any script, and those that a cut went
 * through. Not `git@host:path`, not `logo@2x.png`, no addresses without a dot in the domain.
 * Spec: https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2
 */
export function findEmails(text: string): Spans {
  let spans: number[] | undefined;
  // Nothing reaches back across the sign before; that keeps the work linear.
  let floor = 0;
  if (!text.includes("@") && !text.includes("%40")) return undefined;
  for (;;) {
    const last = nextCharacter(SIGN, text, floor);
    if (last === -1) return spans;
    const sign = text.charCodeAt(last) === 64 /* @ */ ? last : last - 2;
    const domainStart = last + 1;
    const end = endOfDomain(text, domainStart);
    const start = end === -1 ? sign : startOfLocal(text, sign, floor);
    floor = domainStart;
    if (start === sign || isRemote(text, start, sign, end)) continue;
    spans ??= [];
    spans.push(start, end);
    floor = end;
  }
}

function isLocalCharacter(code: number): boolean {
  return isAlphanumeric(code) || isForeignLetter(code) || LOCAL_SIGNS.includes(code);
}

/** Beyond ASCII: no spaces, signs and punctuation, of which there are blocks. */
function isForeignLetter(code: number): boolean {
  if (code < 0xc0 || code === 0xd7 || code === 0xf7) return false;
  if (code >= 0x2000 && code < FIRST_WITHOUT_SPACES) return false;
  const isPunctuation = (code >= 0x3000 && code < 0x3040) || (code >= 0xfe10 && code < 0xfe70);
  return !isPunctuation && !(code >= 0xff00 && code <= 0xff20) && code < 0xfff0;
}

/** Whether two neighbours are an address and a word of a language that has no spaces. */
function isBorder(asciiCode: number, otherCode: number): boolean {
  return asciiCode < 128 && otherCode >= FIRST_WITHOUT_SPACES;
}

/** @returns `at` where nothing that can be an address stands before it */
function startOfLocal(text: string, at: number, floor: number): number {
  const first = Math.max(floor, at - MAX_LOCAL_LENGTH);
  let start = at;
  while (start > first && isLocalCharacter(text.charCodeAt(start - 1))) {
    if (start < at && isBorder(text.charCodeAt(start), text.charCodeAt(start - 1))) break;
    start -= 1;
  }
  if (start < at) start = Math.min(at, afterEscape(text, start));
  while (start < at && !isAlphanumeric(text.charCodeAt(start)) && isTrimmed(text, start))
    start += 1;
  return text.charCodeAt(at - 1) === 39 /* ' */ ? at : start;
}

function isTrimmed(text: string, at: number): boolean {
  return "'.%~-".includes(text.charAt(at));
}

/** @returns -1 where no domain starts */
function endOfDomain(text: string, from: number): number {
  const limit = Math.min(text.length, from + MAX_DOMAIN_LENGTH);
  let end = from;
  let dot = -1;
  for (; end < limit; end += 1) {
    const code = text.charCodeAt(end);
    if (code === 46 /* . */) {
      // A dot goes on with a label, else it ends the sentence.
      const next = text.charCodeAt(end + 1);
      if (end === from || !(isAlphanumeric(next) || isForeignLetter(next))) break;
      dot = end;
    } else if (!isAlphanumeric(code) && code !== 45 /* - */ && !isForeignLetter(code)) break;
    if (end > from && isBorder(text.charCodeAt(end - 1), code)) {
      if (text.charCodeAt(end - 1) !== 46) break;
    }
  }
  while (end > from && text.charCodeAt(end - 1) === 45) end -= 1;
  if (end === from) return -1;
  if (text.charCodeAt(end) === 46 && isCutAt(text, end)) return end;
  return dot === -1 ? -1 : endOfTopLevel(text, from, end, dot);
}

/** Takes labels off the end until a top-level domain or a whole IPv4 address is left. */
function endOfTopLevel(text: string, from: number, to: number, lastDot: number): number {
  let dot = lastDot;
  for (let end = to; dot > from; dot = text.lastIndexOf(".", end - 1)) {
    const labelEnd = endOfTopLabel(text, dot + 1, end);
    if (labelEnd !== -1) {
      const isFile =
        labelEnd - dot <= LONGEST_FILE_END && FILE_ENDS.has(text.slice(dot + 1, labelEnd));
      return isFile ? -1 : labelEnd;
    }
    if (
      end === to &&
      isDigit(text.charCodeAt(dot + 1)) &&
      end - from <= 15 &&
      V4.test(text.slice(from, end))
    )
      return end;
    end = dot;
  }
  return -1;
}

/** Without the word that a hyphen joins: `jane@example.com-based`. @returns -1 for no top-level domain */
function endOfTopLabel(text: string, from: number, to: number): number {
  if (isTopLevel(text, from, to)) return to;
  const length = text.slice(from, to).indexOf("-");
  return length !== -1 && isTopLevel(text, from, from + length) ? from + length : -1;
}

function isTopLevel(text: string, from: number, to: number): boolean {
  if (to - from < 2) return false;
  if (text.startsWith("xn--", from)) return true;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (!isLetter(code) && code <= 127) return false;
  }
  return true;
}

/** `git@host:path`, `git@host-alias:path` name a repository; nobody reads mail there. */
function isRemote(text: string, start: number, at: number, end: number): boolean {
  const next = text.charCodeAt(end);
  return (next === 58 /* : */ || next === 45) /* - */ && text.slice(start, at) === "git";
}

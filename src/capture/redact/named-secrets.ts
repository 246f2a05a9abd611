import { isAlphanumeric, isBlank, isTokenCharacter } from "./characters";
import { endOfMark, isMark, LONGEST_MARK, MARK_START } from "./marks";
import { nextCharacter, nextOrEnd } from "./next-character";
import { isCode, isPlaceholder } from "./placeholders";
import { isHeaderName, isSecretName, isSecretNumber, isSecretText } from "./secret-names";
import type { Spans } from "./spans";

const MAX_NAME_LENGTH = 64;
/** Quotes, backslashes and blanks between a name and its value. */
const MAX_GAP = 8;
const QUOTE_OR_LINE_END = /["'`\n\r]/g;
const ELEMENT_END = /[<\n\r]/g;
const LINE_END = /["'`\\\n\r]/g;
const VALUE_END = /[\s&;<"'`\\]|\[(?=redacted)|\.(?=\.\.\[cut: )/g;
const SCHEME =
  /(?:basic|bearer|digest|token|apikey|api-key|negotiate|ntlm|hmac|aws4[\w-]{0,40})[ \t]{1,8}/iy;
/** Secrets by these names stand in the query of a URL only. */
const QUERY_NAME = /^(?:sig|signature|x-amz-signature|x-goog-signature|key|code_verifier)$/i;
const MIN_QUERY_VALUE = 16;

/**
 * A separator with something before it that names of secrets end with; what it is exactly, is looked
 * at then. Quotes and blanks may stand between.
 */
const SEPARATOR = new RegExp(
  `[:=>](?<=(?:pass(?:words?|wd|phrase|code|wort)?|pwd|kennwort|contraseña|secrets?|keys?|token` +
    `|authorization|auth|cookie|jwt|bearer|credentials?|string|hash|otp|sig|signature|verifier)` +
    `[\\\\"'\`\\] \\t*]{0,${MAX_GAP}}[:=>])`,
  "gi",
);
/** The second hyphen. */
const FLAG = /-(?<=(?<![\w-])--)(?=[A-Za-z])/g;

/**
 * Values behind names of secrets in text of any kind: `password=…`, `password: …`,
 * `"password":"…"` (also with the quotes escaped, at any depth), `?token=…`, headers,
 * `<password>…</password>`.
 */
export function findNamedSecrets(text: string): Spans {
  return findValues(text, SEPARATOR, valueAt);
}

/** `--password …`, with a blank between. */
export function findFlagSecrets(text: string): Spans {
  if (!text.includes("--")) return undefined;
  return findValues(text, FLAG, valueOfFlag);
}

interface Part {
  readonly start: number;
  readonly end: number;
}

function findValues(
  text: string,
  anchor: RegExp,
  readValue: (text: string, at: number) => Part | undefined,
): Spans {
  let spans: number[] | undefined;
  let at = 0;
  for (;;) {
    const found = nextCharacter(anchor, text, at);
    if (found === -1) return spans;
    const value = readValue(text, found);
    at = found + 1;
    if (value === undefined || value.end <= value.start) continue;
    spans ??= [];
    spans.push(value.start, value.end);
    at = value.end;
  }
}

/** Undefined where the separator at `at` is not that of a secret. */
function valueAt(text: string, at: number): Part | undefined {
  const nameEnd = skipBack(text, at);
  let start = nameEnd;
  while (nameEnd - start < MAX_NAME_LENGTH && isNameCharacter(text.charCodeAt(start - 1))) {
    start -= 1;
  }
  const name = text.slice(start, nameEnd);
  if (text.startsWith(MARK_START, start - MARK_START.length)) return undefined;
  const before = text.charCodeAt(start - 1);
  if (text.charCodeAt(at) === 62 /* > */ && before !== 60 /* < */) return undefined;
  if (isSecretName(name)) return secretAfter(text, at, name);
  const isQuery = before === 63 /* ? */ || before === 38; /* & */
  if (!isQuery || !QUERY_NAME.test(name)) return undefined;
  const { start: from, end } = bareValue(text, at + 1);
  return end - from >= MIN_QUERY_VALUE ? plainValue(text, at, at + 1, name) : undefined;
}

function isNameCharacter(code: number): boolean {
  return isTokenCharacter(code) || code === 46 || code > 127;
}

/** Where the name before a separator ends: before quotes, their backslashes and blanks. */
function skipBack(text: string, at: number): number {
  let end = at;
  while (!isNameCharacter(text.charCodeAt(end - 1)) && at - end <= MAX_GAP) end -= 1;
  return end;
}

function isQuoteOrBackslash(code: number): boolean {
  return code === 34 || code === 39 || code === 96 || code === 92;
}

function secretAfter(text: string, separator: number, name: string): Part | undefined {
  let at = separator + 1;
  // `password := …`, `password => …`, `password == …`
  while (at - separator <= MAX_GAP && isBetween(text.charCodeAt(at))) at += 1;
  let quote = at;
  while (text.charCodeAt(quote) === 92) quote += 1;
  const hasQuote = isQuoteOrBackslash(text.charCodeAt(quote));
  if (hasQuote) return quotedValue(text, quote, quote - at, name);
  if (quote > at) return undefined; // an escape: the line ends behind the name
  if (text.charCodeAt(separator) === 62 /* > */) return elementValue(text, at);
  if (isHeaderName(name)) return headerValue(text, at);
  return plainValue(text, separator, at, name);
}

function isBetween(code: number): boolean {
  return isBlank(code) || code === 61 || code === 62;
}

/**
 * @param depth - backslashes before the opening quote: a quote with more of them belongs to the
 * value, one with as many or fewer ends it
 */
function quotedValue(text: string, quote: number, depth: number, name: string): Part | undefined {
  const quoteCode = text.charCodeAt(quote);
  const end = endOfQuoted(text, quote + 1, quoteCode, depth);
  const value = text.slice(quote + 1, end);
  if (isMark(value) || isReference(value) || !isSecretText(name, value)) return undefined;
  const cut = value.lastIndexOf("...[cut: ");
  return { start: quote + 1, end: cut > 0 ? quote + 1 + cut : end };
}

function endOfQuoted(text: string, from: number, quoteCode: number, depth: number): number {
  let at = from;
  for (;;) {
    const end = nextOrEnd(QUOTE_OR_LINE_END, text, at);
    const code = text.charCodeAt(end);
    if (!isQuoteOrBackslash(code)) return end; // the line, or the text, ends
    if (code === quoteCode) {
      let backslashes = 0;
      while (end - backslashes > at && text.charCodeAt(end - backslashes - 1) === 92) {
        backslashes += 1;
      }
      if (backslashes <= depth) return end - backslashes;
    }
    at = end + 1;
  }
}

function isReference(value: string): boolean {
  return value.length < 80 && /^[$%<{]/.test(value) && isPlaceholder(value);
}

/** `<password>…</password>` */
function elementValue(text: string, start: number): Part | undefined {
  const end = nextOrEnd(ELEMENT_END, text, start);
  return text.charAt(end) !== "<" || isMark(text.slice(start, end)) ? undefined : { start, end };
}

/** `Authorization: Bearer …`, `Cookie: a=b; c=d`: to the end of the line or of the quotes around. */
function headerValue(text: string, from: number): Part | undefined {
  SCHEME.lastIndex = from;
  const scheme = SCHEME.exec(text);
  const start = from + (scheme?.[0].length ?? 0);
  if (endOfMark(text, start) > start) return undefined;
  const first = /^[^\s="'`\\]*=?/.exec(text.slice(start, start + MAX_NAME_LENGTH))?.[0];
  // Without a scheme or a pair it is one word: what follows may be prose.
  if (scheme === null && first?.endsWith("=") !== true) {
    const value = bareValue(text, start);
    return isPlaceholder(text.slice(value.start, value.end)) ? undefined : value;
  }
  let end = nextOrEnd(LINE_END, text, start);
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return { start, end };
}

function plainValue(
  text: string,
  separator: number,
  start: number,
  name: string,
): Part | undefined {
  const value = bareValue(text, start);
  const content = text.slice(value.start, value.end);
  const first = content.charCodeAt(0);
  if (content === "" || isPlaceholder(content)) return undefined;
  if (!isAlphanumeric(first)) {
    if (/^[[{(]{0,8}$/.test(content) || isMark(content)) return undefined;
    if (first === 91 /* [ */ && isMark(text.slice(start, endOfBracket(text, start))))
      return undefined;
  }
  if (first === 47 /* / */ && /^(?:OLD)?PWD$/.test(name)) return undefined;
  const isNumber = content.length < 32 && /^\d+(?:\.\d+)?[%.]?$/.test(content);
  if (isNumber && !isSecretNumber(name, content)) return undefined;
  const isSpaced = start > separator + 1 || isBlank(text.charCodeAt(separator - 1));
  // The bracket that closes a call is not part of the value.
  const end = text.charCodeAt(value.end) === 41 /* ) */ ? value.end + 1 : value.end;
  if (isSpaced && isCode(name, text.slice(value.start, end))) return undefined;
  return value;
}

/** `[masking failed]` has a blank in it. */
function endOfBracket(text: string, start: number): number {
  const end = text.slice(start, start + LONGEST_MARK).indexOf("]");
  return end === -1 ? start : start + end + 1;
}

/** Up to a blank, a quote, an escape, `&`, `;` or `<`, without closing brackets and commas. */
function bareValue(text: string, start: number): Part {
  let end = start;
  let kept = start;
  for (;;) {
    end = nextOrEnd(VALUE_END, text, end);
    const markEnd = endOfMark(text, end);
    if (markEnd === end) break;
    end = markEnd;
    kept = markEnd;
  }
  while (end > kept && ")]},".includes(text.charAt(end - 1))) end -= 1;
  return { start, end };
}

/** `--password hunter2`; with `=` between, the separator finds it. */
function valueOfFlag(text: string, at: number): Part | undefined {
  const nameStart = at + 1;
  let nameEnd = nameStart;
  while (nameEnd - nameStart < MAX_NAME_LENGTH && isTokenCharacter(text.charCodeAt(nameEnd))) {
    nameEnd += 1;
  }
  if (!isBlank(text.charCodeAt(nameEnd)) || !isSecretName(text.slice(nameStart, nameEnd))) {
    return undefined;
  }
  const start = nameEnd + 1;
  if (text.charAt(start) === "-" || isQuoteOrBackslash(text.charCodeAt(start))) {
    return isQuoteOrBackslash(text.charCodeAt(start)) && text.charAt(start) !== "\\"
      ? quotedValue(text, start, 0, text.slice(nameStart, nameEnd))
      : undefined;
  }
  return plainValue(text, nameEnd, start, text.slice(nameStart, nameEnd));
}

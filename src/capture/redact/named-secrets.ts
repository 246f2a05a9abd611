import { isAlphanumeric, isBlank, isTokenCharacter } from "./characters";
import { endOfMark, isMark } from "./marks";
import { isCode, isPlaceholder } from "./placeholders";
import { isHeaderName, isSecretName, isSecretNumber, isSecretText } from "./secret-names";
import type { Spans } from "./spans";

const MAX_NAME_LENGTH = 64;
/** Quotes, backslashes and blanks between a name and its value. */
const MAX_GAP = 8;
const SCHEME =
  /^(?:basic|bearer|digest|token|apikey|api-key|negotiate|ntlm|hmac|aws4[\w-]*)[ \t]+/i;
/** Secrets by these names stand in the query of a URL only. */
const QUERY_NAME = /^(?:sig|signature|x-amz-signature|x-goog-signature|key|code_verifier)$/i;
const MIN_QUERY_VALUE = 16;

/**
 * Values behind names of secrets in text of any kind: `password=…`, `password: …`,
 * `"password":"…"` (also with the quotes escaped, at any depth), `?token=…`, headers,
 * `<password>…</password>`, `--password …`.
 */
export function findNamedSecrets(text: string): Spans {
  let spans: number[] | undefined;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const isSeparator = code === 58 /* : */ || code === 61 /* = */ || code === 62; /* > */
    if (!isSeparator && !(code === 45 && isFlag(text, at))) {
      at += 1;
      continue;
    }
    const value = isSeparator ? valueAt(text, at) : valueOfFlag(text, at);
    if (value === undefined || value.end <= value.start) {
      at += 1;
      continue;
    }
    spans ??= [];
    spans.push(value.start, value.end);
    at = value.end;
  }
  return spans;
}

interface Part {
  readonly start: number;
  readonly end: number;
}

/** Undefined where the separator at `at` is not that of a secret. */
function valueAt(text: string, at: number): Part | undefined {
  const nameEnd = skipBack(text, at);
  // `password:=`, `password=>`, `password ==`
  let start = nameEnd;
  while (nameEnd - start < MAX_NAME_LENGTH && isNameCharacter(text.charCodeAt(start - 1))) {
    start -= 1;
  }
  if (nameEnd - start < 3) return undefined;
  const name = text.slice(start, nameEnd);
  const before = text.charCodeAt(start - 1);
  if (text.charCodeAt(at) === 62 /* > */ && before !== 60 /* < */) {
    if (text.charCodeAt(at - 1) !== 61 /* = */) return undefined;
  }
  const isQuery = before === 63 /* ? */ || before === 38; /* & */
  if (isSecretName(name)) return secretAfter(text, at, name);
  if (!isQuery || !QUERY_NAME.test(name)) return undefined;
  const value = bareValue(text, at + 1);
  return value.end - value.start >= MIN_QUERY_VALUE ? value : undefined;
}

function isNameCharacter(code: number): boolean {
  return isTokenCharacter(code) || code === 46 || code > 127;
}

/** Where the name before a separator ends: before quotes, their backslashes and blanks. */
function skipBack(text: string, at: number): number {
  let end = at;
  while (end > 0 && at - end < MAX_GAP && !isNameCharacter(text.charCodeAt(end - 1))) {
    const code = text.charCodeAt(end - 1);
    if (!isBlank(code) && !isQuoteOrBackslash(code) && !"=:]*".includes(text.charAt(end - 1)))
      break;
    end -= 1;
  }
  return end;
}

function isQuoteOrBackslash(code: number): boolean {
  return code === 34 || code === 39 || code === 96 || code === 92;
}

function secretAfter(text: string, separator: number, name: string): Part | undefined {
  let at = separator + 1;
  while (at - separator <= MAX_GAP && (isBlank(text.charCodeAt(at)) || text[at] === ">")) at += 1;
  let quote = at;
  while (text.charCodeAt(quote) === 92) quote += 1;
  const hasQuote = isQuoteOrBackslash(text.charCodeAt(quote));
  if (hasQuote) return quotedValue(text, quote, quote - at, name);
  if (quote > at) return undefined; // an escape: the line ends behind the name
  if (text.charCodeAt(separator) === 62 && text.charCodeAt(separator - 1) !== 61) {
    return elementValue(text, at);
  }
  if (isHeaderName(name)) return headerValue(text, at);
  return plainValue(text, separator, at, name);
}

/**
 * @param depth - backslashes before the opening quote: a quote with more of them belongs to the
 * value, one with as many or fewer ends it
 */
function quotedValue(text: string, quote: number, depth: number, name: string): Part | undefined {
  const quoteCode = text.charCodeAt(quote);
  let end = quote + 1;
  for (let backslashes = 0; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === 10 || code === 13) break;
    if (code === quoteCode && backslashes <= depth) {
      end -= backslashes;
      break;
    }
    backslashes = code === 92 ? backslashes + 1 : 0;
  }
  const value = text.slice(quote + 1, end);
  if (isMark(value) || isReference(value) || !isSecretText(name, value)) return undefined;
  const cut = value.lastIndexOf("...[cut: ");
  return { start: quote + 1, end: cut > 0 ? quote + 1 + cut : end };
}

function isReference(value: string): boolean {
  return value.length < 80 && /^[$%<{]/.test(value) && isPlaceholder(value);
}

/** `<password>…</password>` */
function elementValue(text: string, start: number): Part | undefined {
  let end = start;
  while (end < text.length && !"<\n\r".includes(text.charAt(end))) end += 1;
  return text.charAt(end) !== "<" || isMark(text.slice(start, end)) ? undefined : { start, end };
}

/** `Authorization: Bearer …`, `Cookie: a=b; c=d`: to the end of the line or of the quotes around. */
function headerValue(text: string, from: number): Part | undefined {
  const scheme = SCHEME.exec(text.slice(from, from + 40));
  const start = from + (scheme?.[0].length ?? 0);
  if (endOfMark(text, start) > start) return undefined;
  let end = start;
  while (end < text.length && !isLineEnd(text.charCodeAt(end))) end += 1;
  const first = /^[^\s=]*=?/.exec(text.slice(start, Math.min(end, start + MAX_NAME_LENGTH)))?.[0];
  // Without a scheme or a pair it is one word: what follows may be prose.
  if (scheme === null && first?.endsWith("=") !== true) {
    const value = bareValue(text, start);
    return isPlaceholder(text.slice(value.start, value.end)) ? undefined : value;
  }
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return { start, end };
}

function isLineEnd(code: number): boolean {
  return code === 10 || code === 13 || isQuoteOrBackslash(code);
}

function plainValue(
  text: string,
  separator: number,
  start: number,
  name: string,
): Part | undefined {
  const value = bareValue(text, start);
  const content = text.slice(value.start, value.end);
  if (content === "" || endOfMark(text, start) > start || isMark(content)) return undefined;
  if (/^[[{(]/.test(content) || isPlaceholder(content)) return undefined;
  if (/^PWD$|^OLDPWD$/.test(name) && content.startsWith("/")) return undefined;
  const isNumber = /^-?\d+(?:\.\d+)?[%.]?$/.test(content);
  if (isNumber && !isSecretNumber(name, content)) return undefined;
  const isSpaced = start > separator + 1 || isBlank(text.charCodeAt(separator - 1));
  if (isSpaced && isCode(name, text.slice(value.start, value.end + 1))) return undefined;
  // JSON text stays JSON text: what was a number becomes a text where it can.
  return value;
}

/** Up to a blank, a quote, an escape, `&`, `;` or `<`, without closing brackets and commas. */
function bareValue(text: string, start: number): Part {
  let end = start;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code <= 32 || code === 38 || code === 59 || code === 60 || code === 34) break;
    if (code === 39 || code === 96 || code === 92 || text.startsWith("...[cut: ", end)) break;
    end = Math.max(end + 1, code === 91 /* [ */ ? endOfMark(text, end) : 0);
  }
  while (end > start && ")]},".includes(text.charAt(end - 1))) end -= 1;
  return { start, end };
}

/** Whether `--name` starts here. */
function isFlag(text: string, at: number): boolean {
  return (
    text.charCodeAt(at + 1) === 45 &&
    isAlphanumeric(text.charCodeAt(at + 2)) &&
    !isTokenCharacter(text.charCodeAt(at - 1))
  );
}

/** `--password hunter2`; with `=` between, the separator finds it. */
function valueOfFlag(text: string, at: number): Part | undefined {
  const nameStart = at + 2;
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

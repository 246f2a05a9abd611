import { isBase64, isBlank, isInsideWord } from "./characters";
import { isCutAt } from "./marks";
import type { Spans } from "./spans";

const SCHEMES = [
  { name: "bearer", isSecret: isBearerToken },
  { name: "basic", isSecret: isBasicPair },
] as const;
const MIN_TOKEN_LENGTH = 8;
/** From here on a run of letters is no word. */
const MIN_WORDLESS_LENGTH = 24;
/** As much of a pair as is decoded to see whether it is one. */
const MAX_DECODED_LENGTH = 512;

/**
 * Credentials behind `Bearer` and `Basic`, wherever they stand. Not "bearer of bad news", not
 * "basic understanding".
 * Spec: https://www.rfc-editor.org/rfc/rfc6750#section-2.1, https://www.rfc-editor.org/rfc/rfc7617
 */
export function findAuthSchemes(text: string): Spans {
  let spans: number[] | undefined;
  for (let at = nextB(text, 0); at !== -1; ) {
    const match = credentialsAt(text, at);
    if (match !== undefined) {
      spans ??= [];
      spans.push(match.start, match.end);
    }
    at = nextB(text, match?.end ?? at + 1);
  }
  return spans;
}

/** The next b or B in front of "earer" or "asic". */
function nextB(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 98 || code === 66) {
      const second = text.charCodeAt(at + 1) | 32;
      if (second === 101 || second === 97) return at;
    }
  }
  return -1;
}

function credentialsAt(text: string, at: number): { start: number; end: number } | undefined {
  const scheme = SCHEMES.find(
    ({ name }) => text.slice(at, at + name.length).toLowerCase() === name,
  );
  if (scheme === undefined || isInsideWord(text, at)) return undefined;
  const nameEnd = at + scheme.name.length;
  let start = nameEnd;
  while (start - nameEnd < 4 && (isBlank(text.charCodeAt(start)) || text[start] === "+"))
    start += 1;
  if (text.startsWith("%20", start)) start += 3;
  if (start === nameEnd) return undefined;
  let end = start;
  while (isCredential(text.charCodeAt(end)) && !isCutAt(text, end)) end += 1;
  while (end > start && text.charAt(end - 1) === ".") end -= 1;
  const isWhole = !isCutAt(text, end);
  return scheme.isSecret(text.slice(start, end), isWhole) ? { start, end } : undefined;
}

function isCredential(code: number): boolean {
  return isBase64(code) || code === 46 || code === 126;
}

function isBearerToken(token: string, isWhole: boolean): boolean {
  if (token.length < MIN_TOKEN_LENGTH) return !isWhole && token.length > 0;
  return token.length >= MIN_WORDLESS_LENGTH || /\d|[a-z][A-Z]|_/.test(token.slice(0, 64));
}

function isBasicPair(pair: string, isWhole: boolean): boolean {
  if (pair.length < 4) return false;
  if (!isWhole && pair.length > 8) return true;
  const decoded = Buffer.from(pair.slice(0, MAX_DECODED_LENGTH), "base64").toString("latin1");
  return decoded.includes(":") && /^[\x20-\x7e\xa0-\xff]*$/.test(decoded);
}

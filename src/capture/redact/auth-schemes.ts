import { isBase64, isInsideWord } from "./characters";
import type { Spans } from "./spans";

const SCHEME = /(?:bearer|basic)(?:[ \t+]{1,4}|%20)(?=[A-Za-z0-9+/._~-])/gi;
/** The mark of a cut around the end of a run, whose dots belong to the run. */
const CUT_END = /^\.\.\.\[cut: /;
const MIN_TOKEN_LENGTH = 8;
/** In base64: six characters. */
const MIN_PAIR_LENGTH = 8;
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
  let at = 0;
  for (;;) {
    SCHEME.lastIndex = at;
    const scheme = SCHEME.exec(text);
    if (scheme === null) return spans;
    const start = scheme.index + scheme[0].length;
    at = start;
    if (isInsideWord(text, scheme.index)) continue;
    let end = start;
    while (isCredential(text.charCodeAt(end))) end += 1;
    const isWhole = !CUT_END.test(text.slice(end - 3, end + 6));
    while (end > start && text.charAt(end - 1) === ".") end -= 1;
    const isBasic = (text.charCodeAt(scheme.index + 1) | 32) === 97;
    const credentials = text.slice(start, end);
    if (!(isBasic ? isBasicPair : isBearerToken)(credentials, isWhole)) continue;
    spans ??= [];
    spans.push(start, end);
    at = end;
  }
}

function isCredential(code: number): boolean {
  return isBase64(code) || code === 46 || code === 126;
}

function isBearerToken(token: string, isWhole: boolean): boolean {
  if (token.length < MIN_TOKEN_LENGTH) return !isWhole && token.length > 0;
  return token.length >= MIN_WORDLESS_LENGTH || /\d|[a-z][A-Z]|_/.test(token.slice(0, 64));
}

function isBasicPair(pair: string, isWhole: boolean): boolean {
  if (pair.length < MIN_PAIR_LENGTH) return false;
  if (!isWhole && pair.length > 8) return true;
  const decoded = Buffer.from(pair.slice(0, MAX_DECODED_LENGTH), "base64").toString("latin1");
  return decoded.includes(":") && /^[\x20-\x7e\xa0-\xff]*$/.test(decoded);
}

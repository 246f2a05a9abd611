import { isAlphanumeric } from "./characters";
import type { Spans } from "./spans";

const MAX_AUTHORITY_LENGTH = 1_024;
/** A user without a password is a name, unless it is as long as a token. */
const MIN_TOKEN_LENGTH = 16;

/**
 * What stands before the host of a URL: `postgres://user:password@host`, `https://token@host`.
 * Spec: https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1
 */
export function findUrlCredentials(text: string): Spans {
  let spans: number[] | undefined;
  let at = text.indexOf("://");
  while (at !== -1) {
    const start = at + 3;
    let end = start;
    let sign = -1;
    const limit = Math.min(text.length, start + MAX_AUTHORITY_LENGTH);
    for (; end < limit && !isAuthorityEnd(text.charCodeAt(end)); end += 1) {
      if (text.charCodeAt(end) === 64 /* @ */) sign = end;
    }
    const hasScheme = isAlphanumeric(text.charCodeAt(at - 1));
    if (hasScheme && sign > start && isSecret(text.slice(start, sign))) {
      spans ??= [];
      spans.push(start, sign);
    }
    at = text.indexOf("://", Math.max(end, start));
  }
  return spans;
}

/** Blanks, quotes, brackets, and what starts path, query and fragment. */
function isAuthorityEnd(code: number): boolean {
  return code <= 32 || "/?#\"'<>\\`[]{}|".includes(String.fromCharCode(code));
}

function isSecret(userInfo: string): boolean {
  const colon = userInfo.indexOf(":");
  return colon === -1 ? userInfo.length >= MIN_TOKEN_LENGTH : colon < userInfo.length - 1;
}

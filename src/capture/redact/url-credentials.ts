import type { Spans } from "./spans";

/** A user without a password is a name, unless it is as long as a token. */
const MIN_TOKEN_LENGTH = 16;

/** Up to the last `@` before what starts path, query or fragment, or ends the URL. */
const USER_INFO = /:\/\/(?<=[A-Za-z0-9]:\/\/)([^\s/?#"'<>\\`[\]{}|]{1,1024})@/g;

/**
 * What stands before the host of a URL: `postgres://user:password@host`, `https://token@host`.
 * Spec: https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1
 */
export function findUrlCredentials(text: string): Spans {
  let spans: number[] | undefined;
  if (!text.includes("://")) return undefined;
  let at = 0;
  for (;;) {
    USER_INFO.lastIndex = at;
    const match = USER_INFO.exec(text);
    if (match === null) return spans;
    const userInfo = match[1] ?? "";
    const start = match.index + "://".length;
    at = start + userInfo.length;
    if (!isSecret(userInfo)) continue;
    spans ??= [];
    spans.push(start, at);
  }
}

function isSecret(userInfo: string): boolean {
  const colon = userInfo.indexOf(":");
  return colon === -1 ? userInfo.length >= MIN_TOKEN_LENGTH : colon < userInfo.length - 1;
}

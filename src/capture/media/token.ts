import { randomBytes } from "node:crypto";

/** Unguessable, so that no content can pretend to be a token. */
const TOKEN_START = `@@@playhead:${randomBytes(8).toString("hex")}:`;
const TOKEN_END = "@@@";
/** With the largest count there can be. */
const MAX_TOKEN_LENGTH = TOKEN_START.length + 16 + TOKEN_END.length;

let count = 0;

/** Stands for one attachment in a text; plain ASCII, the same inside JSON. */
export function createToken(): string {
  count += 1;
  return `${TOKEN_START}${count}${TOKEN_END}`;
}

/** The tokens in a text, each once. Linear. */
export function tokensIn(text: string): ReadonlySet<string> {
  const tokens = new Set<string>();
  for (let at = text.indexOf(TOKEN_START); at !== -1; ) {
    const end = endOfToken(text, at);
    if (end !== -1) tokens.add(text.slice(at, end));
    at = text.indexOf(TOKEN_START, at + TOKEN_START.length);
  }
  return tokens;
}

/** `end`, or the start of the token that a cut there would go through. */
export function endBeforeToken(text: string, end: number): number {
  const from = Math.max(0, end - MAX_TOKEN_LENGTH);
  const at = text.slice(from, end + TOKEN_START.length).lastIndexOf(TOKEN_START);
  if (at === -1) return end;
  const start = from + at;
  return start < end && endOfToken(text, start) > end ? start : end;
}

/** @returns -1 where it does not end */
function endOfToken(text: string, start: number): number {
  const rest = text.slice(start, start + MAX_TOKEN_LENGTH);
  const at = rest.indexOf(TOKEN_END, TOKEN_START.length);
  return at === -1 ? -1 : start + at + TOKEN_END.length;
}

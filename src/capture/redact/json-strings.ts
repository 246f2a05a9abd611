const CUT_MARK = /\.\.\.\[cut: \d+ bytes\]$/;
const CUT_MARK_LENGTH = 32;
/** Of an escape that a cut went through: a backslash, `u` and three digits. */
const MAX_TORN_LENGTH = 5;

/** @returns undefined for what JSON does not know: an escape, a control character */
export function parseString(json: string): string | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined; // no JSON, then: the caller takes it for plain text
  }
}

/** What a text of JSON says that has lost its end, without the opening quote. */
export function parseTornString(raw: string): string | undefined {
  return parseString(`"${raw.slice(0, raw.length - lengthOfTornEscape(raw))}"`);
}

/** The mark of a cut at the end of a text, or an empty text. */
export function cutMarkOf(text: string): string {
  return CUT_MARK.exec(text.slice(-CUT_MARK_LENGTH))?.[0] ?? "";
}

/** Of the escape at the end of `raw` that a cut went through; 0 where there is none. */
function lengthOfTornEscape(raw: string): number {
  const backslash = raw.lastIndexOf("\\");
  const length = raw.length - backslash;
  if (backslash === -1 || length > MAX_TORN_LENGTH) return 0;
  let first = backslash;
  while (raw.charCodeAt(first - 1) === 92) first -= 1;
  const isEscape = (backslash - first) % 2 === 0;
  return isEscape && /^(?:u[0-9A-Fa-f]{0,3})?$/.test(raw.slice(backslash + 1)) ? length : 0;
}

import type { RedactPattern } from "../../config/redact-rules";
import { endOfMark, LONGEST_MARK, MARK_START, PATTERN_MARK } from "./marks";

/**
 * Redaction by a pattern of the user's own. The regular expression is used as a copy, so that its
 * `lastIndex` is left alone; `g` is added, `y` taken off; matches of no length are passed over, and
 * those inside a mark of a preset. Where it fails (a text can be too long for one that backtracks),
 * `replace` stands for all of the text. How long it takes is the user's affair.
 */
export function createPatternRedactor({
  pattern,
  replace = PATTERN_MARK,
}: RedactPattern): (text: string) => string {
  if (pattern === "") return (text) => text;
  const expression =
    typeof pattern === "string"
      ? new RegExp(pattern.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"), "g")
      : new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, "")}g`);
  return (text) => {
    try {
      return replaceMatches(text, expression, replace);
    } catch {
      // The stack of the regular expression ran out. What it was to hide is unknown, so all is hidden.
      return replace;
    }
  };
}

function replaceMatches(text: string, expression: RegExp, replace: string): string {
  // Asking first keeps a text without a match the same string.
  expression.lastIndex = 0;
  if (!expression.test(text)) return text;
  return text.replace(expression, (match: string, ...groups: unknown[]) => {
    const at = groups.find((group) => typeof group === "number") ?? 0;
    return match === "" || isInsideMark(text, at, match.length) ? match : replace;
  });
}

function isInsideMark(text: string, at: number, length: number): boolean {
  const from = Math.max(0, at - LONGEST_MARK);
  const start = text.slice(from, at + MARK_START.length).lastIndexOf(MARK_START);
  return start !== -1 && from + start <= at && endOfMark(text, from + start) >= at + length;
}

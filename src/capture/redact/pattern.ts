import type { RedactPattern } from "../../config/redact-rules";
import { PATTERN_MARK } from "./marks";

/**
 * Redaction by a pattern of the user's own. The regular expression is used as a copy, so that its
 * `lastIndex` is left alone; `g` is added, `y` taken off; matches of no length are passed over. How
 * long it takes is the user's affair: one that backtracks may be slow.
 */
export function createPatternRedactor({
  pattern,
  replace = PATTERN_MARK,
}: RedactPattern): (text: string) => string {
  if (typeof pattern === "string") {
    if (pattern === "") return (text) => text;
    return (text) => (text.includes(pattern) ? text.replaceAll(pattern, () => replace) : text);
  }
  const expression = new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, "")}g`);
  return (text) => {
    expression.lastIndex = 0;
    if (!expression.test(text)) return text;
    return text.replace(expression, (match: string) => (match === "" ? "" : replace));
  };
}

import type { RedactPreset } from "../../config/redact-rules";

/** What stands in place of what a preset found. Public: readers search for these. */
export const MARKS: Readonly<Record<RedactPreset, string>> = {
  secrets: "[redacted secret]",
  email: "[redacted email]",
  phone: "[redacted phone]",
  creditCard: "[redacted card]",
  iban: "[redacted iban]",
  ipAddress: "[redacted ip]",
};

/** What every mark of a preset starts with. */
export const MARK_START = "[redacted ";

/** Stands in place of what a pattern found, where it names nothing else. */
export const PATTERN_MARK = "[redacted]";

/** In characters. */
export const LONGEST_MARK = 80;
/** Texts of ours, and those of others who masked before us. */
const WHOLE_MARK =
  /^(?:\[(?:redacted(?: [a-z]+)?|circular|masking failed|too deep|cut|Filtered|REDACTED|MASKED|(?:function|getter threw:|unreadable:|shared:) ?[^\]]*|\w+: \d+ bytes)\]|\*+|<redacted>|REDACTED)$/;
const CUT_START = "...[cut: ";

/** Whether nothing of a value is left to hide. */
export function isMark(value: string): boolean {
  return value.length <= LONGEST_MARK && WHOLE_MARK.test(value);
}

/** The end of a mark of redaction that starts at `start`, or `start` where there is none. */
export function endOfMark(text: string, start: number): number {
  if (!text.startsWith("[redacted", start)) return start;
  const end = text.slice(start, start + LONGEST_MARK).indexOf("]");
  return end === -1 ? start : start + end + 1;
}

/** Whether the text was cut at `index`: what stands before may have gone on. */
export function isCutAt(text: string, index: number): boolean {
  return text.startsWith(CUT_START, index);
}

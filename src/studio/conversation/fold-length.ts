export interface FoldLimits {
  /** UTF-16 units. */
  readonly length: number;
  /** Lines as the text breaks them; one that wraps counts once. */
  readonly lines: number;
}

/** A text this much over a limit is not worth a button. */
const TOLERANCE = 1.15;

/**
 * How much of a text to show at first, in UTF-16 units: all of it within the limits, else as much
 * as both allow.
 */
export function foldLength(text: string, limits: FoldLimits): number {
  const isWithin =
    text.length <= limits.length * TOLERANCE &&
    lengthOfLines(text, Math.floor(limits.lines * TOLERANCE)) === text.length;
  if (isWithin) return text.length;
  return Math.min(limits.length, lengthOfLines(text, limits.lines));
}

/** The length of the first lines, without the last one's end. */
function lengthOfLines(text: string, count: number): number {
  let end = -1;
  for (let line = 0; line < count; line++) {
    end = text.indexOf("\n", end + 1);
    if (end === -1) return text.length;
  }
  return end;
}

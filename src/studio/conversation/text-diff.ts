import { diffSequences } from "./sequence-diff";

/** A stretch of text that two texts share, or that only one of them has. */
export interface DiffPart {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** Longer texts are compared line by line, in characters of both together. */
const MAX_LENGTH_BY_WORD = 200_000;
/** Differences that are told one by one. */
const MAX_EDITS = 1_500;

/**
 * What turns one text into another, word by word: without `added` the parts are the first text,
 * without `removed` the second. Removed stands before added.
 */
export function diffTexts(before: string, after: string): readonly DiffPart[] {
  if (before === after) return before === "" ? [] : [{ kind: "same", text: before }];
  const split = before.length + after.length > MAX_LENGTH_BY_WORD ? linesOf : wordsOf;
  const [itemsA, itemsB] = [split(before), split(after)];
  return diffSequences(itemsA, itemsB, MAX_EDITS).map(({ kind, a: atA, b: atB, length }) => ({
    kind,
    text: (kind === "added"
      ? itemsB.slice(atB, atB + length)
      : itemsA.slice(atA, atA + length)
    ).join(""),
  }));
}

/** Words, white space, and every other character for itself. */
function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}\p{M}_]+|\s+|[^\p{L}\p{N}\p{M}_\s]/gu) ?? [];
}

function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

import { diffSequences } from "./sequence-diff";

export interface TextPart {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** Longer texts are compared line by line, in characters of both together. */
const MAX_LENGTH_BY_WORD = 200_000;
/** Differences that are told one by one. */
const MAX_EDITS = 1_500;

/**
 * What differs between two texts, word by word: without `added` the parts are the first text,
 * without `removed` the second.
 */
export function diffTexts(a: string, b: string): readonly TextPart[] {
  if (a === b) return a === "" ? [] : [{ kind: "same", text: a }];
  const split = a.length + b.length > MAX_LENGTH_BY_WORD ? linesOf : wordsOf;
  const [itemsA, itemsB] = [split(a), split(b)];
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

/** A piece of a text; `isMatch` where it is what was searched for. */
export interface TextPart {
  readonly text: string;
  readonly isMatch: boolean;
}

/** A search of more words than this marks the first ones only. */
const MAX_WORDS = 16;

/**
 * Cuts a text where the words of a search begin and end, whatever their case; a word may go on, as
 * the last one is still being typed. The parts joined are the text; none is empty.
 */
export function highlightParts(text: string, search: string): readonly TextPart[] {
  const words = search.match(/[\p{L}\p{N}\p{M}]+/gu)?.slice(0, MAX_WORDS) ?? [];
  if (text === "" || words.length === 0) return text === "" ? [] : [{ text, isMatch: false }];
  const longestFirst = [...new Set(words)].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(${longestFirst.join("|")})`, "giu"); // words: nothing to escape
  return text
    .split(pattern) // with the group: what matched stands at the odd places
    .map((part, index) => ({ text: part, isMatch: index % 2 === 1 }))
    .filter((part) => part.text !== "");
}

import { CJK, spreadCjk } from "./searchable-text";

/** A word of a search, as typed. */
export interface SearchWord {
  readonly text: string;
  /** The word may go on: it is the last one, and still being typed. */
  readonly isPrefix: boolean;
}

/** Words beyond this are not looked for. */
const MAX_WORDS = 12;
/** Characters of a search that are read. */
const MAX_SEARCH_LENGTH = 500;
/** Longest snippet, in characters before and after the start of the match. */
const BEFORE = 40;
const AFTER = 110;

/**
 * The words of what was typed: runs of letters and digits, and each Chinese or Japanese character by
 * itself. Empty when there is nothing to look for.
 */
export function searchWords(typed: string): readonly SearchWord[] {
  const texts =
    spreadCjk(typed.slice(0, MAX_SEARCH_LENGTH).normalize("NFC")).match(/[\p{L}\p{N}\p{Co}]+/gu) ??
    [];
  const used = texts.slice(0, MAX_WORDS);
  return used.map((text, index) => ({
    text,
    isPrefix: index === used.length - 1 && !CJK.test(text),
  }));
}

/** The same words as a query of FTS5. All of them are quoted, so none is taken for an operator. */
export function ftsQuery(words: readonly SearchWord[]): string {
  return words.map(({ text, isPrefix }) => `"${text}"${isPrefix ? "*" : ""}`).join(" ");
}

/** Finds words in texts the way the index does: whole words, case and accents aside. */
export interface WordMatcher {
  readonly wordCount: number;
  /** A bit for each word that the text holds. */
  found(text: string): number;
  /** The text round the first word in it, white space folded; null where there is none. */
  snippet(text: string): string | null;
}

/** Has all bits of `wordCount` words. */
export function allFound(bits: number, wordCount: number): boolean {
  return bits === 2 ** wordCount - 1;
}

export function createWordMatcher(words: readonly SearchWord[]): WordMatcher {
  const patterns = words.map(({ text, isPrefix }) => {
    const letters = [...decomposed(text).replace(/\p{M}/gu, "")];
    // Letters and digits alone, so nothing needs escaping; accents may follow each.
    const body = letters.map((letter) => `${letter}\\p{M}*`).join("");
    if (CJK.test(text)) return new RegExp(body, "iu");
    const end = isPrefix ? "" : "(?![\\p{L}\\p{N}])";
    return new RegExp(`(?<![\\p{L}\\p{N}])${body}${end}`, "iu");
  });
  return {
    wordCount: words.length,
    found(text) {
      const plain = decomposed(text);
      return patterns.reduce(
        (bits, pattern, index) => (pattern.test(plain) ? bits | (1 << index) : bits),
        0,
      );
    },
    snippet(text) {
      const plain = decomposed(text);
      const starts = patterns.map((pattern) => plain.search(pattern)).filter((at) => at >= 0);
      if (starts.length === 0) return null;
      return cut(plain, Math.min(...starts));
    },
  };
}

/** Accents as characters of their own. Almost all text is ASCII and stays as it is. */
function decomposed(text: string): string {
  return isAscii(text) ? text : text.normalize("NFD");
}

function isAscii(text: string): boolean {
  return !/[^\p{ASCII}]/u.test(text);
}

function cut(text: string, at: number): string {
  const start = wholeCharacter(text, Math.max(0, at - BEFORE));
  const end = wholeCharacter(text, Math.min(text.length, at + AFTER));
  const piece = text.slice(start, end).replace(/\s+/g, " ").trim().normalize("NFC");
  return `${start > 0 ? "…" : ""}${piece}${end < text.length ? "…" : ""}`;
}

/** Where a cut splits no surrogate pair. */
function wholeCharacter(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

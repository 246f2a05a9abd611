import type { Fields } from "./fields";

/** Puts chunks of one shape together to the message they add up to. Keeps texts, not chunks. */
export interface Assembler {
  /** @returns false for a chunk that is not of this shape: nothing was taken from it */
  add(chunk: Fields): boolean;
  /** Something came that only this shape has. */
  readonly isCertain: boolean;
  join(): unknown;
}

/** What one more tool call or content block counts towards the bound beside its text, in bytes. */
export const ENTRY_BYTES = 100;

/**
 * Text that ends up in a terminal or a log. What users and servers said is hostile there: an escape
 * sequence could rewrite what stands above it, set the window's title or turn the line around.
 */

import { stripVTControlCharacters } from "node:util";

/** Marks that change the direction of the text after them. Spec: UAX 9, section 2. */
const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const LINE_ENDS = /\r\n|[\r\u0085\u2028\u2029]/g;

/** Leaves only what a terminal prints: no escape sequences, no control characters but line ends. */
export function cleanText(text: string): string {
  return stripVTControlCharacters(text.replace(LINE_ENDS, "\n"))
    .replace(/\t/g, "  ")
    .replace(/(?!\n)\p{Cc}/gu, "")
    .replace(DIRECTION_MARKS, "");
}

/** As {@link cleanText}, on one line. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s+/g, " ").trim();
}

/**
 * Text that ends up in a terminal or a log. What users and servers said is hostile there: an escape
 * sequence could rewrite what stands above it, set the window's title or turn the line around.
 */

/**
 * Sequences as a terminal reads them: strings up to their end (titles, links, a device's own), then
 * `CSI` with parameters, intermediates and a final character, then what an escape alone begins; what
 * is cut off goes as far as it came. Node's own `stripVTControlCharacters` takes time by the square of
 * the length; here no character belongs to two classes that follow each other, and a string holds
 * nothing that could begin another one, so that each is looked at a few times at most.
 * Spec: ECMA-48, sections 5.3 to 5.6
 */
const SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  /(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])\P{Cc}*(?:\u0007|\u001b\\|\u009c)|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?/gu;
/** Marks that change the direction of the text after them. Spec: UAX 9, section 2. */
const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const LINE_ENDS = /\r\n|[\r\u0085\u2028\u2029]/g;

/** Leaves only what a terminal prints: no escape sequences, no control characters but line ends. */
export function printableText(text: string): string {
  return text
    .replace(LINE_ENDS, "\n")
    .replace(SEQUENCES, "")
    .replace(/\t/g, "  ")
    .replace(/(?!\n)\p{Cc}/gu, "")
    .replace(DIRECTION_MARKS, "");
}

/** As {@link printableText}, on one line. */
export function printableLine(text: string): string {
  return printableText(text).replace(/\s+/g, " ").trim();
}

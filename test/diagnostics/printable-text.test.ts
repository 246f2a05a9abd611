import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { printableLine, printableText } from "../../src/diagnostics/printable-text";

it.each([
  ["a colour", "\u001b[1;31mred\u001b[0m", "red"],
  ["a move of the cursor", "one\u001b[2Atwo\u001b[10;20Hthree", "onetwothree"],
  ["a mode", "\u001b[?25lhidden\u001b[?25h", "hidden"],
  ["a sequence of one character", "\u009b31mred\u009b0m", "red"],
  ["a title", "\u001b]0;title\u0007text", "text"],
  ["a link", "\u001b]8;;https://a.test\u0007text\u001b]8;;\u0007", "text"],
  ["a character set", "\u001b(Btext\u001b)0", "text"],
  ["a reset", "\u001bctext", "text"],
])("takes away %s as Node does", (_, text, left) => {
  expect(printableText(text)).toBe(left);
  expect(stripVTControlCharacters(text)).toBe(left);
});

it.each([
  ["a title of several words", "\u001b]0;rm -rf /\u0007text", "text"],
  [
    "a link that a sequence ends",
    "\u001b]8;;https://a.test/ä\u001b\\text\u001b]8;;\u001b\\",
    "text",
  ],
  ["a saved cursor", "\u001b7text\u001b8", "text"],
  ["a colour by colons", "\u001b[38:2::1:2:3mtext", "text"],
  ["a device's string", "\u001bPq#0;2;0;0;0~\u001b\\text\u0090q\u009c", "text"],
  ["a sequence that never ends", "text\u001b[1;31", "text"],
  ["a title that never ends", "\u001b]0;title\nnext line", "0;title\nnext line"],
  ["a last escape", "text\u001b", "text"],
  ["control characters", "a\u0000b\bc\u007fd\u0090e", "abcde"],
  ["marks of direction", "a\u202eb\u2066c", "abc"],
])("takes away %s", (_, text, left) => {
  expect(printableText(text)).toBe(left);
});

it("keeps line ends, all of one kind, and tabs as spaces", () => {
  expect(printableText("a\r\nb\rc\u0085d\u2028e\u2029f\tg")).toBe("a\nb\nc\nd\ne\nf  g");
  expect(printableLine("  a\r\n\tb  ")).toBe("a b");
});

// Work that grows with the square of the length takes a minute or more here, beyond any time-out.
it.each([
  ["separators", "\u001b", ";#", "!"],
  ["escapes", "", "\u001b", "!"],
  ["beginnings of sequences", "", "\u001b[", "!"],
  ["numbers", "\u001b[", "1;", "\n"],
  ["beginnings of titles", "", "\u001b]0;", "!"],
  ["words of a title", "\u001b]", "a;", ""],
  ["beginnings of a device's string", "", "\u0090a", ""],
  ["spaces", "\u001b", "  ", "\n"],
])("cleans a long text of %s in one go", (_, start, repeated, end) => {
  const text = start + repeated.repeat(100_000) + end;
  expect(printableText(text).length).toBeLessThan(text.length);
});

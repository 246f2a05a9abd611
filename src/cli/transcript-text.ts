/** Text laid out for a terminal, by the cells it takes. */

/** Marks that are drawn over the character before them, and joiners. */
const ZERO_WIDTH = /^[\p{M}\p{Cf}]$/u;
/** Characters that take two cells, by block; good enough to keep columns in line. */
const DOUBLE_WIDTH =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]$/u;

/** Cells the text takes in a terminal. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** Whether the text is wider than `width` cells; reads no further than that. */
function isWider(text: string, width: number): boolean {
  let cells = 0;
  for (const character of text) {
    cells += characterWidth(character);
    if (cells > width) return true;
  }
  return false;
}

function characterWidth(character: string): number {
  if (character >= " " && character <= "~") return 1;
  if (ZERO_WIDTH.test(character)) return 0;
  return DOUBLE_WIDTH.test(character) ? 2 : 1;
}

/** Cuts to at most `width` cells, the last of them `…` where something was cut. */
export function fitText(text: string, width: number): string {
  if (!isWider(text, width)) return text;
  return `${takeCells(text, width - 1)}…`;
}

/** Cuts or fills with spaces to exactly `width` cells. */
export function padText(text: string, width: number, side: "start" | "end" = "end"): string {
  const fitted = fitText(text, width);
  const fill = " ".repeat(Math.max(0, width - textWidth(fitted)));
  return side === "end" ? fitted + fill : fill + fitted;
}

/** The lines of one paragraph, none wider than `width` cells; a longer word is broken. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").filter((part) => part !== "")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (!isWider(joined, width)) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    line = word;
    while (isWider(line, width)) {
      const head = takeCells(line, width);
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** As many characters as fit into `width` cells, at least one. */
function takeCells(text: string, width: number): string {
  let taken = "";
  let cells = 0;
  for (const character of text) {
    cells += characterWidth(character);
    if (cells > width && taken !== "") break;
    taken += character;
  }
  return taken;
}

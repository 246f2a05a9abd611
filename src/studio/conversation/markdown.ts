import { type Inline, parseInline } from "./markdown-inline";

/** What a text in Markdown consists of. */
export type Block =
  | { readonly kind: "paragraph"; readonly children: readonly Inline[] }
  | { readonly kind: "heading"; readonly level: number; readonly children: readonly Inline[] }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  | {
      readonly kind: "list";
      /** The first number; null for a list without numbers. */
      readonly start: number | null;
      readonly items: readonly (readonly Block[])[];
    }
  | {
      readonly kind: "table";
      readonly head: readonly Cell[];
      readonly rows: readonly (readonly Cell[])[];
    }
  | { readonly kind: "rule" };

export type Cell = readonly Inline[];

/** Lists in lists and quotes in quotes; deeper ones are paragraphs. */
const MAX_DEPTH = 6;
const MAX_COLUMNS = 40;

const HEADING = /^ {0,3}(#{1,6})[ \t]/;
const LIST_MARK = /^( {0,3})([-*+]|\d{1,9}[.)])(?: {1,4}|\t|$)/;
const INDENTED_MARK = /^\s*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/;
const DELIMITER_ROW = /^[ \t|:-]+$/;
/** A longer line is not a rule and not a delimiter row of a table. */
const MAX_MARK_LINE = 400;

/**
 * Reads the common part of Markdown's blocks: headings, lists, quotes, tables, rules, paragraphs.
 * Line breaks in a paragraph stay. Code fences are the caller's, see {@link splitCodeFences}. Total,
 * and in time proportional to the text, whatever it holds. Spec: https://spec.commonmark.org/0.31.2/
 */
export function parseMarkdown(text: string): readonly Block[] {
  return parseBlocks(text.split("\n"), 0);
}

function parseBlocks(lines: readonly string[], depth: number): readonly Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    if (line.trim() === "") {
      at += 1;
      continue;
    }
    const [block, end] = readBlock(lines, at, depth);
    blocks.push(block);
    at = end;
  }
  return blocks;
}

/** @returns the block that starts at a line, and the line after it */
function readBlock(lines: readonly string[], at: number, depth: number): [Block, number] {
  const line = lines[at] ?? "";
  const level = HEADING.exec(line)?.[1]?.length;
  if (level !== undefined) {
    const words = line
      .trimStart()
      .slice(level)
      .trim()
      .replace(/ #{1,6}$/, "");
    return [{ kind: "heading", level, children: parseInline(words) }, at + 1];
  }
  if (isRule(line)) return [{ kind: "rule" }, at + 1];
  if (depth < MAX_DEPTH) {
    if (isQuote(line)) return readQuote(lines, at, depth);
    if (LIST_MARK.test(line)) return readList(lines, at, depth);
  }
  if (isTableAt(lines, at)) return readTable(lines, at);
  return readParagraph(lines, at, depth);
}

function readParagraph(lines: readonly string[], at: number, depth: number): [Block, number] {
  let end = at + 1;
  while (end < lines.length && !endsParagraph(lines, end, depth)) end += 1;
  const words = lines.slice(at, end).join("\n").trimEnd();
  return [{ kind: "paragraph", children: parseInline(words) }, end];
}

function endsParagraph(lines: readonly string[], at: number, depth: number): boolean {
  const line = lines[at] ?? "";
  if (line.trim() === "" || HEADING.test(line) || isRule(line) || isTableAt(lines, at)) return true;
  if (depth >= MAX_DEPTH) return false;
  // Only a list that begins with 1 breaks into a paragraph: "in\n1984. was" is a sentence.
  const mark = LIST_MARK.exec(line)?.[2];
  return isQuote(line) || (mark !== undefined && (!/\d/.test(mark) || /^1[.)]$/.test(mark)));
}

function readQuote(lines: readonly string[], at: number, depth: number): [Block, number] {
  const inner: string[] = [];
  let end = at;
  while (end < lines.length && isQuote(lines[end] ?? "")) {
    inner.push((lines[end] ?? "").trimStart().slice(1).replace(/^ /, ""));
    end += 1;
  }
  return [{ kind: "quote", blocks: parseBlocks(inner, depth + 1) }, end];
}

function readList(lines: readonly string[], at: number, depth: number): [Block, number] {
  const isOrdered = /\d/.test(markOf(lines[at] ?? "") ?? "");
  const start = isOrdered ? Number.parseInt(markOf(lines[at] ?? "") ?? "1", 10) : null;
  const items: (readonly Block[])[] = [];
  let end = at;
  while (end < lines.length) {
    const mark = markOf(lines[end] ?? "");
    if (mark === null || /\d/.test(mark) !== isOrdered || isRule(lines[end] ?? "")) break;
    const [item, next] = readItem(lines, end);
    items.push(parseBlocks(item, depth + 1));
    end = next;
  }
  return [{ kind: "list", start, items }, end];
}

/** @returns the lines of an item without their indentation, and the line after it */
function readItem(lines: readonly string[], at: number): [readonly string[], number] {
  const first = lines[at] ?? "";
  const width = LIST_MARK.exec(first)?.[0].length ?? 0;
  const item = [first.slice(width)];
  let end = at + 1;
  while (end < lines.length) {
    const line = lines[end] ?? "";
    const indentation = line.length - line.trimStart().length;
    if (line.trim() === "") {
      const next = lines.slice(end, end + 3).find((one) => one.trim() !== "");
      // An item goes on after an empty line only where it is indented.
      if (next === undefined || next.length - next.trimStart().length < 2) {
        return [item, markOf(next ?? "") === null ? end : skipEmpty(lines, end)];
      }
      item.push("");
    } else if (indentation >= Math.min(width, 2)) {
      item.push(line.slice(Math.min(indentation, width)));
    } else if (INDENTED_MARK.test(line) || startsBlock(line) || item.at(-1) === "") {
      break;
    } else {
      item.push(line);
    }
    end += 1;
  }
  return [item, end];
}

function skipEmpty(lines: readonly string[], at: number): number {
  let end = at;
  while (end < lines.length && lines[end]?.trim() === "") end += 1;
  return end;
}

function readTable(lines: readonly string[], at: number): [Block, number] {
  const head = cellsOf(lines[at] ?? "");
  const rows: Cell[][] = [];
  let end = at + 2;
  while (end < lines.length && (lines[end] ?? "").includes("|")) {
    const cells = cellsOf(lines[end] ?? "");
    rows.push(head.map((_, column) => cells[column] ?? []));
    end += 1;
  }
  return [{ kind: "table", head, rows }, end];
}

function isTableAt(lines: readonly string[], at: number): boolean {
  const delimiters = lines[at + 1] ?? "";
  return (
    delimiters.includes("|") &&
    delimiters.includes("-") &&
    delimiters.length <= MAX_MARK_LINE &&
    DELIMITER_ROW.test(delimiters) &&
    (lines[at] ?? "").includes("|")
  );
}

function cellsOf(line: string): Cell[] {
  const inner = line.trim().replace(/^\|/, "").replace(/\|$/, "");
  return inner
    .split(/(?<!\\)\|/, MAX_COLUMNS)
    .map((cell) => parseInline(cell.trim().replaceAll("\\|", "|")));
}

function markOf(line: string): string | null {
  return LIST_MARK.exec(line)?.[2] ?? null;
}

function startsBlock(line: string): boolean {
  return HEADING.test(line) || isQuote(line) || isRule(line);
}

function isQuote(line: string): boolean {
  return /^ {0,3}>/.test(line);
}

function isRule(line: string): boolean {
  if (line.length > MAX_MARK_LINE) return false;
  const marks = line.replaceAll(" ", "");
  return /^(?:-{3,}|\*{3,}|_{3,})$/.test(marks);
}

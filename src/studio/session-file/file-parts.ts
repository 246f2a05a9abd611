import { IMPORT_PART, MAX_IMPORT_BYTES, MAX_IMPORT_SIGNS } from "../api/import-types";
import { countJsonSigns, hasMoreJsonSigns } from "../ingest/json-signs";

/** The file is no session as it is exported, line by line, or breaks off, or has a line too large. */
export class UnpartableFileError extends Error {
  override readonly name = "UnpartableFileError";
}

const LISTS = ["traces", "scores", "comments", "media"] as const;

type List = (typeof LISTS)[number];
type Line = Uint8Array<ArrayBuffer>;

/** Of the first line. The id in it went through the address of an export, which is shorter. */
const MAX_HEAD_BYTES = 64 * 1024;

const LINE_FEED = 0x0a;
const COMMA = 0x2c;
const BRACE = 0x7b;

/** Of the lines of a part, unless a single one is more. */
export interface PartLimits {
  readonly maxBytes: number;
  /** As {@link countJsonSigns} counts them. */
  readonly maxSigns: number;
}

/** Whether the studio takes a file as it is, whatever its lines are. */
export function isTakenAtOnce(file: Uint8Array): boolean {
  return file.length <= MAX_IMPORT_BYTES && !hasMoreJsonSigns(file, MAX_IMPORT_SIGNS);
}

/**
 * Parts a session file, too large to be imported at once, into such as the studio takes one after
 * the other: each is a session file with `isPart`, and holds some of the lines of the whole, in their
 * order. No more than a part, or a line, is in memory, which is why only a file that stands line by line, as it
 * is exported, can be parted.
 * @param chunks - the file, cut anywhere
 * @throws UnpartableFileError, maybe after some parts
 */
export async function* sessionFileParts(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { maxBytes, maxSigns }: PartLimits = IMPORT_PART,
): AsyncGenerator<Blob, void> {
  let head: string | undefined;
  let list: List | undefined;
  let isAtEnd = false;
  let [bytes, signs, lines] = [0, 0, noLines()];
  for await (const line of linesOf(chunks)) {
    if (head === undefined) {
      head = headOf(line);
      continue;
    }
    if (line[0] === BRACE && list !== undefined) {
      const lineSigns = countJsonSigns(line);
      if (bytes > 0 && (bytes + line.length > maxBytes || signs + lineSigns > maxSigns)) {
        yield partOf(head, lines);
        [bytes, signs, lines] = [0, 0, noLines()];
      }
      lines[list].push(line.at(-1) === COMMA ? line.subarray(0, -1) : line);
      bytes += line.length;
      signs += lineSigns;
      continue;
    }
    const bracket = /^(?:"(\w+)":\[)?(\](,|\})?)?$/.exec(new TextDecoder().decode(line));
    if (bracket === null || isAtEnd) throw new UnpartableFileError(NOT_IN_LINES);
    const [, name, close, after] = bracket;
    if (name !== undefined) list = LISTS.find((one) => one === name);
    if (name !== undefined && list === undefined) throw new UnpartableFileError(NOT_IN_LINES);
    if (close !== undefined) list = undefined;
    isAtEnd = after === "}";
  }
  if (head === undefined || !isAtEnd) throw new UnpartableFileError("The file breaks off.");
  if (bytes > 0) yield partOf(head, lines);
}

const NOT_IN_LINES =
  "A file of this size, or of so many values, is imported as it was exported, line by line; this one was written anew.";
const LINE_TOO_LARGE = `One trace (or file) of it is larger than ${MAX_IMPORT_BYTES / (1024 * 1024)} MiB, which is more than a studio imports at once.`;

function noLines(): Record<List, Line[]> {
  return { traces: [], scores: [], comments: [], media: [] };
}

/** `{"format":…,"version":…,"session":{…},` */
function headOf(line: Line): string {
  const text = new TextDecoder().decode(line);
  if (!/^\{"format":.*,$/s.test(text)) throw new UnpartableFileError(NOT_IN_LINES);
  return text;
}

function partOf(head: string, lines: Record<List, readonly Line[]>): Blob {
  const pieces: (string | Line)[] = [head, '"isPart":true'];
  for (const list of LISTS) {
    pieces.push(`,"${list}":[`);
    for (const [index, line] of lines[list].entries()) pieces.push(index === 0 ? "" : ",", line);
    pieces.push("]");
  }
  const part = new Blob([...pieces, "}"], { type: "application/json" });
  if (part.size > MAX_IMPORT_BYTES) throw new UnpartableFileError(LINE_TOO_LARGE);
  return part;
}

/**
 * Without their line feeds.
 * @throws UnpartableFileError as soon as a line is too long, with no more of it read
 */
async function* linesOf(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Line, void> {
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  let isHead = true;
  function add(piece: Uint8Array): void {
    bytes += piece.length;
    if (isHead && bytes > MAX_HEAD_BYTES) throw new UnpartableFileError(NOT_IN_LINES);
    if (bytes > MAX_IMPORT_BYTES) throw new UnpartableFileError(LINE_TOO_LARGE);
    pieces.push(piece);
  }
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      add(chunk.subarray(start, end));
      yield joined(pieces);
      [pieces, bytes, isHead] = [[], 0, false];
      start = end + 1;
    }
    add(chunk.subarray(start));
  }
  const last = joined(pieces);
  if (last.length > 0) yield last;
}

function joined(pieces: readonly Uint8Array[]): Line {
  const line = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    line.set(piece, at);
    at += piece.length;
  }
  return line;
}

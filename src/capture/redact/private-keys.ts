import { isBase64, isBlank } from "./characters";
import type { Spans } from "./spans";

const BEGIN = "-----BEGIN ";
const END = "-----END ";
const DASHES = "-----";
const MAX_LABEL_LENGTH = 64;

/**
 * Blocks of private keys in PEM form, also with their line ends escaped and without their end.
 * Spec: https://www.rfc-editor.org/rfc/rfc7468
 */
export function findPrivateKeys(text: string): Spans {
  let spans: number[] | undefined;
  let begin = text.indexOf(BEGIN);
  let end = begin === -1 ? -1 : text.indexOf(END, begin);
  while (begin !== -1) {
    const labelStart = begin + BEGIN.length;
    let next = labelStart;
    const label = text.slice(labelStart, labelStart + MAX_LABEL_LENGTH);
    if (/^[A-Z0-9 ]*PRIVATE KEY/.test(label)) {
      if (end !== -1 && end < labelStart) end = text.indexOf(END, labelStart);
      const other = text.indexOf(BEGIN, labelStart);
      next =
        end !== -1 && (other === -1 || end < other)
          ? endOfLine(text, end)
          : endOfBody(text, labelStart);
      spans ??= [];
      spans.push(begin, next);
    }
    begin = text.indexOf(BEGIN, next);
  }
  return spans;
}

/** Behind the dashes that close the line `-----END …`. */
function endOfLine(text: string, start: number): number {
  const labelStart = start + END.length;
  const label = text.slice(labelStart, labelStart + MAX_LABEL_LENGTH);
  const dashes = label.indexOf(DASHES);
  return dashes === -1 ? labelStart : labelStart + dashes + DASHES.length;
}

/** As far as a key without an end can go: base64, line ends and their escapes, lines like `A: b`. */
function endOfBody(text: string, start: number): number {
  let end = start;
  while (isBodyCharacter(text.charCodeAt(end)) && !text.startsWith(BEGIN, end)) end += 1;
  return end;
}

function isBodyCharacter(code: number): boolean {
  return (
    isBase64(code) ||
    isBlank(code) ||
    code === 10 ||
    code === 13 ||
    code === 92 ||
    code === 58 ||
    code === 44
  );
}

import { nextOrEnd } from "./next-character";

/** Longest part from `data:` to `;base64,`. */
const MAX_HEADER_LENGTH = 100;
const NO_BASE64 = /[^A-Za-z0-9+/=_-]/g;
const BASE64_ANCHOR = ";base64,";
const MAX_REFERENCE_LENGTH = 300;
const REFERENCE_START = /@@@(?:langfuseMedia|playhead):/g;
const REFERENCE = /@@@(?:langfuseMedia|playhead):[\w/+.=|:-]*@@@/y;

/**
 * The parts of a text that are bytes, not words: bodies of base64 data URIs, and references to
 * media. Nothing in them is looked at.
 * @returns start, end, start, end, …; undefined where there is none
 */
export function findProtectedParts(text: string): number[] | undefined {
  let parts: number[] | undefined;
  let reference = nextReference(text, 0);
  let anchor = text.indexOf(BASE64_ANCHOR);
  for (let at = 0; reference !== -1 || anchor !== -1; ) {
    let start: number;
    let end: number;
    if (anchor === -1 || (reference !== -1 && reference < anchor)) {
      start = reference;
      end = endOfReference(text, start);
    } else {
      start = anchor + BASE64_ANCHOR.length;
      end = isDataUri(text, at, anchor) ? endOfBase64(text, start) : start;
    }
    if (end > start) {
      parts ??= [];
      parts.push(start, end);
    }
    at = Math.max(end, start + 1);
    if (reference !== -1 && reference < at) reference = nextReference(text, at);
    if (anchor !== -1 && anchor < at) anchor = text.indexOf(BASE64_ANCHOR, at);
  }
  return parts;
}

/** @returns -1 where no more follows */
function nextReference(text: string, from: number): number {
  if (!text.includes("@@@", from)) return -1;
  REFERENCE_START.lastIndex = from;
  return REFERENCE_START.exec(text)?.index ?? -1;
}

function endOfReference(text: string, start: number): number {
  // The slice bounds the work: a reference that never ends is looked for in it only.
  const part = text.slice(start, start + MAX_REFERENCE_LENGTH);
  REFERENCE.lastIndex = 0;
  const match = REFERENCE.exec(part);
  return match === null ? start : start + match[0].length;
}

function isDataUri(text: string, from: number, anchor: number): boolean {
  const header = text.slice(Math.max(from, anchor - MAX_HEADER_LENGTH), anchor);
  const at = header.toLowerCase().lastIndexOf("data:");
  return at !== -1 && /^[\w.+\-/=;]*$/.test(header.slice(at + "data:".length));
}

function endOfBase64(text: string, from: number): number {
  return nextOrEnd(NO_BASE64, text, from);
}

import type { MediaCollector } from "./media-collector";

/** Rarer than `data:`, and every URI of interest has it. */
const ANCHOR = /;base64,/gi;
/** In prose, looking for these takes a tenth of the time. */
const SPELLINGS = [";base64,", ";BASE64,", ";Base64,"];
/** Of every spelling; a search for so short a text runs at the speed of memory. */
const END_OF_ANCHOR = "64,";
const ANCHOR_LENGTH = ";base64,".length;
/** Longest part between `data:` and `;base64,` that is looked at. */
const MAX_HEADER_LENGTH = 200;
const HEADER = /^([\w.+-]+\/[\w.+-]+)?(?:;[\w.+-]+=[\w.+-]*)*$/;
/** Fewer characters of base64 are an example in a text, no file. */
const MIN_BASE64_LENGTH = 8;
/** A long run is followed so far by character; then its end is searched for. */
const MAX_STEPS = 4_096;
const BLOCK_LENGTH = 65_536;
const BASE64_RUN = new RegExp(`[A-Za-z0-9+/_-]{0,${MAX_STEPS}}={0,2}`, "y");
/** What can stand behind a data URI in prose, JSON, Markdown, HTML and CSS. */
const TERMINATORS = ['"', "'", "\\", " ", "\n", "\r", "\t", ")", "<", ">", "]", "}", ",", ";", "`"];

/** Whether a search may pay; most texts are told apart by it. */
export function mayHoldDataUri(text: string): boolean {
  return text.includes(END_OF_ANCHOR);
}

/**
 * Puts tokens in place of the base64 data URIs in a text, also in JSON text, whatever stands around
 * them. Linear in the text, by searches that run natively.
 * @param maxLength - of the text that will be kept; what stands beyond is not looked at
 * Spec: https://www.rfc-editor.org/rfc/rfc2397
 */
export function replaceDataUris(text: string, media: MediaCollector, maxLength: number): string {
  if (!mayHoldDataUri(text)) return text;
  if (!SPELLINGS.some((anchor) => text.includes(anchor))) return text;
  let replaced = "";
  let copiedTo = 0;
  let at = 0;
  while (!media.isFull) {
    const room = maxLength - replaced.length + MAX_HEADER_LENGTH;
    const anchor = findAnchor(text, at, copiedTo + room);
    if (anchor === -1) break;
    const from = anchor + ANCHOR_LENGTH;
    const header = readHeader(text, at, anchor);
    at = header === undefined ? from : endOfBase64(text, from);
    if (header === undefined || at - from < MIN_BASE64_LENGTH) continue;
    const uri = text.slice(header.start, at);
    const token = media.base64(text.slice(from, at), header.contentType, uri);
    if (token === undefined) continue;
    replaced += text.slice(copiedTo, header.start) + token;
    copiedTo = at;
  }
  return copiedTo === 0 ? text : replaced + text.slice(copiedTo);
}

function findAnchor(text: string, from: number, to: number): number {
  const part = to < text.length ? text.slice(0, to) : text;
  ANCHOR.lastIndex = from;
  return ANCHOR.exec(part)?.index ?? -1;
}

/** @param from - where the last URI ended: none starts before */
function readHeader(
  text: string,
  from: number,
  anchor: number,
): { start: number; contentType: string } | undefined {
  const first = Math.max(from, anchor - MAX_HEADER_LENGTH);
  const before = text.slice(first, anchor).toLowerCase();
  const at = before.lastIndexOf("data:");
  if (at === -1) return undefined;
  const header = HEADER.exec(before.slice(at + "data:".length));
  return header === null
    ? undefined
    : { start: first + at, contentType: header[1] ?? "text/plain" };
}

function endOfBase64(text: string, from: number): number {
  BASE64_RUN.lastIndex = from;
  const length = BASE64_RUN.exec(text)?.[0].length ?? 0;
  if (length < MAX_STEPS) return from + length;
  // Whatever else stands in between shows when it is decoded.
  for (let start = from; start < text.length; start += BLOCK_LENGTH) {
    const whole = text.slice(start, start + BLOCK_LENGTH);
    let block = whole;
    for (const terminator of TERMINATORS) {
      const end = block.indexOf(terminator);
      if (end !== -1) block = block.slice(0, end);
    }
    if (block.length < whole.length) return start + block.length;
  }
  return text.length;
}

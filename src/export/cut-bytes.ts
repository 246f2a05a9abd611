import { cutMark } from "../capture/text-limit";

/** The mark of an earlier cut, read back so that the new one counts all that is gone. */
const EARLIER_MARK = /\.\.\.\[cut: (\d{1,15}) bytes\]$/;
const MAX_MARK_BYTES = 32;

/**
 * Cuts UTF-8 on a character boundary, with a mark that says how much is gone, what an earlier cut
 * took included.
 * @param maxBytes - of the result, the mark included; less than the text has, and at least 64
 */
export function cutBytes(text: Buffer, maxBytes: number): Buffer {
  const tail = text.toString("latin1", Math.max(0, text.length - MAX_MARK_BYTES));
  const earlier = EARLIER_MARK.exec(tail);
  const contentBytes = text.length - (earlier?.[0].length ?? 0);
  const wholeBytes = contentBytes + Number(earlier?.[1] ?? 0);
  // The longest mark there can be decides how much room is left for content.
  let end = Math.min(contentBytes, maxBytes - cutMark(wholeBytes).length);
  while (end > 0 && isWithinCharacter(text[end])) end -= 1;
  return Buffer.concat([text.subarray(0, end), Buffer.from(cutMark(wholeBytes - end))]);
}

/** Whether a byte of UTF-8 continues a character that began before it. */
function isWithinCharacter(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** Characters at either end that are looked at; the rest is found out when it is decoded. */
const LOOK_LENGTH = 64;
const HEAD = /^[A-Za-z0-9+/_-]+={0,2}\s*$/;
const TAIL = /^[A-Za-z0-9+/_\s-]*={0,2}\s*$/;

/** Whether a text looks like base64, by its two ends. */
export function looksLikeBase64(text: string): boolean {
  if (text.length <= LOOK_LENGTH) return HEAD.test(text);
  return HEAD.test(text.slice(0, LOOK_LENGTH)) && TAIL.test(text.slice(-LOOK_LENGTH));
}

/** Bytes that base64 of this text holds, if it is valid. */
export function decodedLength(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return Math.floor(((base64.length - padding) * 3) / 4);
}

/**
 * Decodes base64 or base64url, with or without padding, line breaks allowed.
 * @throws RangeError for anything else, which the platform would decode in part
 */
export function decodeBase64(text: string): Buffer {
  const base64 = /\s/.test(text) ? text.replace(/\s+/g, "") : text;
  const bytes = Buffer.from(base64, "base64");
  const unpadded = base64.replace(/={1,2}$/, "").length;
  if (unpadded % 4 === 1 || bytes.length !== decodedLength(base64)) {
    throw new RangeError("Expected base64, got a text that is none.");
  }
  return bytes;
}

/** What the first characters decode to. */
export function decodeHead(base64: string): Buffer {
  return Buffer.from(base64.slice(0, LOOK_LENGTH), "base64");
}

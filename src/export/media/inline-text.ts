import { cutMark, cutText } from "../../capture/text-limit";

/** What is known of media that cannot be a reference. */
export interface InlineMedia {
  readonly contentType: string;
  /** As it stood in the text; see `MediaAttachment.original`. */
  readonly original: string | undefined;
  /** Undefined where they were not, or could not be read. */
  readonly bytes: Uint8Array | undefined;
}

/** Longest reason that stands in a text: with it, a mark is no longer than a reference tag. */
const MAX_REASON_LENGTH = 30;
/** Less of the content than this says nothing; a mark stands for it. */
const MIN_CONTENT_LENGTH = 64;
const CONTENT_TYPE = /^[a-z0-9][a-z0-9.+-]{0,99}\/[a-z0-9][a-z0-9.+-]{0,99}$/;

/**
 * The content itself, within a number of bytes: as it stood in the text, or as a data URI; cut with
 * the usual mark where it is longer, and a mark alone where there is no room for it.
 * @param reason - why an upload failed, which then stands before it
 * @returns text that is valid inside a JSON string as it is
 */
export function inlineText(media: InlineMedia, roomBytes: number, reason?: string): string {
  const { contentType, original, bytes } = media;
  const words = reason === undefined ? undefined : plainWords(reason);
  const head = words === undefined ? "" : `[media upload failed: ${words}] `;
  if (words === undefined && original !== undefined) {
    if (Buffer.byteLength(original) <= roomBytes) return original;
    // A cut could part an escape of the JSON text that it stands in.
    const isPlain = !original.includes("\\");
    if (isPlain && roomBytes >= MIN_CONTENT_LENGTH) return cutText(original, roomBytes);
  }
  const byteLength = bytes?.length;
  if (bytes === undefined) return mediaMark({ contentType, byteLength }, words ?? "no room");
  const text = dataUri(`${head}data:${plainType(contentType)};base64,`, bytes, roomBytes);
  return text ?? mediaMark({ contentType, byteLength }, words ?? "no room");
}

/** Of media of which nothing else is kept. */
interface MarkedMedia {
  readonly contentType: string;
  readonly byteLength: number | undefined;
}

/** Stands for media of which nothing else is kept. */
export function mediaMark({ contentType, byteLength }: MarkedMedia, reason: string): string {
  const size = byteLength === undefined ? "" : `, ${byteLength} bytes`;
  return `[media ${plainType(contentType)}${size}: ${plainWords(reason)}]`;
}

/** Stands for media that could not be read. */
export function unreadableMark(reason: string): string {
  return `[media unreadable: ${plainWords(reason)}]`;
}

/** A content type in its plainest form, without parameters; what is none is called bytes. */
export function plainType(contentType: string): string {
  const [type = ""] = contentType.split(";", 1);
  const plain = type.trim().toLowerCase();
  return CONTENT_TYPE.test(plain) ? plain : "application/octet-stream";
}

/** Encodes no more than fits. @returns undefined where too little would be left of the content */
function dataUri(head: string, bytes: Uint8Array, roomBytes: number): string | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const byteLength = head.length + 4 * Math.ceil(bytes.length / 3);
  if (byteLength <= roomBytes) return head + view.toString("base64");
  const keptLength = roomBytes - cutMark(byteLength).length;
  const contentLength = keptLength - head.length;
  if (contentLength < MIN_CONTENT_LENGTH) return undefined;
  const content = view.toString("base64", 0, 3 * Math.ceil(contentLength / 4));
  return head + content.slice(0, contentLength) + cutMark(byteLength - keptLength);
}

/** Words come from servers and the file system: nothing but what is safe in any text stays. */
function plainWords(words: string): string {
  return words.replace(/[^\w .:-]+/g, " ").slice(0, MAX_REASON_LENGTH);
}

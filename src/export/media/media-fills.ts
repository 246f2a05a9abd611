import type { MediaAttachment } from "../../attributes/media-attachment";
import { inlineText, mediaMark, unreadableMark } from "./inline-text";
import type { MediaReference } from "./media-reference";
import type { Fill } from "./media-texts";
import type { Piece } from "./media-transit";
import type { MediaUploader } from "./media-uploader";

/** Media whose text is longer than this leave a mark where too many wait. */
export const MAX_EXCESS_INLINE_BYTES = 4_096;
const BASE64_RATIO = 4 / 3;

/** What stood there before; a mark where that was no text. */
export function plainFill(attachment: MediaAttachment, problem = "no room"): Fill {
  return (roomBytes) => {
    const { contentType, original } = attachment;
    if (original === undefined) return unreadableMark(problem);
    return inlineText({ contentType, original, bytes: undefined }, roomBytes);
  };
}

/** The content itself. @param reason - why its upload failed */
export function inlineFill(
  { attachment, bytes }: Pick<Piece, "attachment" | "bytes">,
  reason?: string,
): Fill {
  return (roomBytes) => {
    // With a reason before it, the content stands in a form of ours: the text need not be made.
    const original = reason === undefined ? attachment.original : undefined;
    return inlineText({ contentType: attachment.contentType, original, bytes }, roomBytes, reason);
  };
}

/**
 * For what comes beyond what may wait: the content where it is small, else a mark. Many large ones at
 * once would take the room of the spans that wait to be sent.
 * @param bytes - undefined where they were not read, which is for media that were a text
 */
export function excessFill(attachment: MediaAttachment, bytes: Uint8Array | undefined): Fill {
  const { contentType, original } = attachment;
  const inlineLength = original?.length ?? Math.ceil((bytes?.length ?? 0) * BASE64_RATIO);
  if (inlineLength <= MAX_EXCESS_INLINE_BYTES) return inlineFill({ attachment, bytes });
  // Of a data URI, what stands behind its comma; other texts are base64 as a whole.
  const base64 = original?.slice(original.indexOf(",") + 1) ?? "";
  const byteLength = bytes?.length ?? Buffer.byteLength(base64, "base64");
  const mark = mediaMark({ contentType, byteLength }, "too many waiting");
  return () => mark;
}

/** By tag, for what may not be with each of these servers. */
export function missingReferences(
  pieces: readonly Piece[],
  uploaders: readonly MediaUploader[],
): ReadonlyMap<string, Fill> {
  const fills = new Map<string, Fill>();
  for (const piece of pieces) {
    const { reference } = piece;
    if (reference !== undefined && !isEverywhere(reference, uploaders)) {
      fills.set(reference.tag, inlineFill(piece));
    }
  }
  return fills;
}

/** Whether each of the servers is known to have it. */
export function isEverywhere({ id }: MediaReference, uploaders: readonly MediaUploader[]): boolean {
  return uploaders.length > 0 && uploaders.every((uploader) => uploader.has(id));
}

/** In words that hold neither paths nor content. */
export function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return "failed";
  const { code } = error as NodeJS.ErrnoException; // any error may have one
  return typeof code === "string" && /^[A-Z_0-9]+$/.test(code) ? code : error.name;
}

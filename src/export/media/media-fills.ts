import type { MediaAttachment } from "../../attributes/media-attachment";
import { type InlineMedia, inlineText, unreadableMark } from "./inline-text";
import type { Piece } from "./media-passage";
import type { MediaReference } from "./media-reference";
import type { Fill } from "./media-texts";
import type { MediaUploader } from "./media-uploader";

/** What stood there before; a mark where that was no text. */
export function plainFill(attachment: MediaAttachment, problem = "no room"): Fill {
  const media: InlineMedia = { ...attachment, bytes: undefined };
  if (attachment.original === undefined) return () => unreadableMark(problem);
  return (roomBytes) => inlineText(media, roomBytes);
}

/** The content itself. @param reason - why its upload failed */
export function inlineFill(piece: Pick<Piece, "attachment" | "bytes">, reason?: string): Fill {
  const { contentType, original } = piece.attachment;
  const media: InlineMedia = { contentType, original, bytes: piece.bytes };
  return (roomBytes) => inlineText(media, roomBytes, reason);
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

import type { Context } from "hono";
import { INLINE_MEDIA_TYPES } from "../api/media-types";
import { notFound } from "../api/public-answers";
import type { MediaStore } from "../store/media-store";

export interface MediaContentOptions {
  readonly id: string;
  /** Whether the browser may keep it: the address is that of the content. */
  readonly mayBeKept: boolean;
}

export const MEDIA_NOT_FOUND = notFound("Media asset not found");

/** The content of a file. Captured content is hostile: nothing of it runs, whatever it is opened as. */
export function answerMediaContent(
  context: Context,
  media: MediaStore,
  { id, mayBeKept }: MediaContentOptions,
): Response {
  const record = media.get(id);
  const content = media.contentOf(id);
  if (record === undefined || content === undefined) return context.json(MEDIA_NOT_FOUND, 404);
  const isShown = INLINE_MEDIA_TYPES.has(record.contentType);
  // What SQLite gives stands on memory of its own.
  return context.body(content as Uint8Array<ArrayBuffer>, 200, {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": mayBeKept ? "private, max-age=31536000, immutable" : "no-store",
    "Content-Type": isShown ? record.contentType : "application/octet-stream",
    "Content-Disposition": isShown ? "inline" : `attachment; filename="${record.id}"`,
  });
}

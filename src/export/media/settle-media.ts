import type { MediaAttachment } from "../../attributes/media-attachment";
import { mediaMark } from "./inline-text";
import { inlineFill, isEverywhere, plainFill, problemOf } from "./media-fills";
import { createReferenceSync } from "./media-reference";
import type { Fill } from "./media-texts";
import type { Piece } from "./media-transit";
import type { MediaUploader } from "./media-uploader";

interface SettleTools {
  /** Of all targets. */
  readonly uploaders: readonly MediaUploader[];
  /** Of one file. */
  readonly maxBytes: number;
}

const THE_END = "the process ends";

/**
 * By token, for when there is no time: references where the content is known to be there, else the
 * content.
 * @param pieces - of those attachments whose reading has begun
 */
export function fillsNow(
  attachments: readonly MediaAttachment[],
  pieces: readonly Piece[],
  tools: SettleTools,
): ReadonlyMap<string, Fill> {
  const known = new Map(pieces.map((piece) => [piece.attachment.token, piece]));
  return new Map(
    attachments.map((attachment) => {
      let fill: Fill | undefined; // nothing is read for a token that stands nowhere
      const fillLate: Fill = (roomBytes) => {
        fill ??= readNow(attachment, known.get(attachment.token), tools);
        return fill(roomBytes);
      };
      return [attachment.token, fillLate] as const;
    }),
  );
}

function readNow(
  attachment: MediaAttachment,
  piece: Piece | undefined,
  { uploaders: all, maxBytes }: SettleTools,
): Fill {
  if (piece?.fill !== undefined && piece.reference === undefined) return piece.fill;
  // Being read: nobody waits for that any more.
  const isBeingRead = piece !== undefined && piece.bytes === undefined;
  if (isBeingRead) return plainFill(attachment, THE_END);
  const uploaders = all.filter(({ hasApi }) => hasApi);
  const isMaybeThere = uploaders.length > 0 && uploaders.every(({ hasAny }) => hasAny);
  if (!isMaybeThere && attachment.original !== undefined) return plainFill(attachment);
  try {
    const bytes = piece?.bytes ?? attachment.load();
    if (!(bytes instanceof Uint8Array)) {
      bytes.catch(() => undefined); // it comes too late
      return plainFill(attachment, THE_END);
    }
    if (bytes.length > maxBytes) {
      const { contentType } = attachment;
      return () => mediaMark({ contentType, byteLength: bytes.length }, "too large");
    }
    const reference = isMaybeThere ? createReferenceSync(attachment, bytes) : undefined;
    if (reference !== undefined && isEverywhere(reference, uploaders)) return () => reference.tag;
    return inlineFill({ attachment, bytes });
  } catch (error) {
    return plainFill(attachment, problemOf(error));
  }
}

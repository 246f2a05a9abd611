import type { MediaAttachment } from "../../attributes/media-attachment";
import type { Diagnostics } from "../../diagnostics/logger";
import { mediaMark } from "./inline-text";
import {
  excessFill,
  inlineFill,
  MAX_EXCESS_INLINE_BYTES,
  plainFill,
  problemOf,
} from "./media-fills";
import { createReference } from "./media-reference";
import { type MediaTransit, type Piece, within } from "./media-transit";
import { Slots } from "./slots";

export interface MediaReaderOptions {
  /** Of one file; a larger one is recorded by its length alone. */
  readonly maxBytes: number;
  /** Of all media that wait; what comes beyond stands inline where it is small, else as a mark. */
  readonly maxPendingBytes: number;
  readonly diagnostics: Diagnostics;
}

/** Files and streams read at the same time. */
const READ_CONCURRENCY = 8;
const PENDING_TOPIC = "media pending";

/**
 * Reads media, and finds out what stands in the place of their tokens. Bounded: what it has read for
 * an upload counts until it is released.
 */
export class MediaReader {
  readonly #options: MediaReaderOptions;
  readonly #slots = new Slots(READ_CONCURRENCY);
  #pendingBytes = 0;

  constructor(options: MediaReaderOptions) {
    this.#options = options;
  }

  /** Finds out what goes in the place of a token. Never rejects. */
  async read(piece: Piece, transit: MediaTransit): Promise<void> {
    const { attachment } = piece;
    const isTaken = transit.uploaders.length > 0;
    const isUploaded = isTaken && this.#hasRoomFor(1);
    // What is not uploaded need not be read where it was a text.
    if (!isUploaded && attachment.original !== undefined) {
      piece.fill = isTaken ? excessFill(attachment, undefined) : plainFill(attachment);
      return;
    }
    try {
      const bytes = await this.#load(attachment, transit);
      if (bytes === undefined || transit.isReadingOver) return;
      if (bytes.length === 0) {
        piece.fill = plainFill(attachment, "empty");
        return;
      }
      if (bytes.length > this.#options.maxBytes) {
        const { contentType } = attachment;
        const mark = mediaMark({ contentType, byteLength: bytes.length }, "too large");
        piece.fill = () => mark;
        return;
      }
      if (!isTaken) piece.fill = inlineFill({ attachment, bytes });
      else if (!this.#reserve(transit, bytes.length)) piece.fill = excessFill(attachment, bytes);
      else {
        piece.bytes = bytes;
        const reference = await createReference(attachment, bytes);
        piece.reference = reference;
        piece.fill = () => reference.tag;
      }
    } catch (error) {
      piece.fill = plainFill(attachment, problemOf(error));
    }
  }

  /** Lets go of what was read: nothing of it waits any more. */
  release(transit: MediaTransit): void {
    this.#pendingBytes -= transit.byteLength;
    transit.byteLength = 0;
    for (const piece of transit.pieces) piece.bytes = undefined;
  }

  /** A data URI is in memory already: it need not wait for files and streams that are slow. */
  #load(attachment: MediaAttachment, transit: MediaTransit): Promise<Uint8Array | undefined> {
    const load = async (): Promise<Uint8Array> => attachment.load();
    if (attachment.source === "base64_data_uri") return load();
    return this.#slots.run(() => within(transit, load));
  }

  /** @returns whether there was room for so much more */
  #reserve(transit: MediaTransit, byteLength: number): boolean {
    if (!this.#hasRoomFor(byteLength)) return false;
    this.#pendingBytes += byteLength;
    transit.byteLength += byteLength;
    return true;
  }

  #hasRoomFor(byteLength: number): boolean {
    const { maxPendingBytes, diagnostics } = this.#options;
    if (this.#pendingBytes + byteLength <= maxPendingBytes) return true;
    diagnostics.warnOnce(
      PENDING_TOPIC,
      `More than ${maxPendingBytes} bytes of media wait for their upload: what comes beyond stands inline up to ${MAX_EXCESS_INLINE_BYTES} bytes of text, and leaves a mark of its type and size beyond that. Raise maxQueueBytes, or record fewer of them at a time.`,
    );
    return false;
  }
}

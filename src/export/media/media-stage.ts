import type { MediaAttachment } from "../../attributes/media-attachment";
import type { SpanRecord } from "../../attributes/span-record";
import type { TargetConfig } from "../../config/targets";
import { reportDefect } from "../../diagnostics/guard";
import { detached } from "../detached";
import type { Transport } from "../transport";
import { mediaMark, plainType } from "./inline-text";
import { inlineFill, isEverywhere, missingReferences, plainFill, problemOf } from "./media-fills";
import { type Passage, type Piece, startPassage, within } from "./media-passage";
import { createReference, createReferenceSync } from "./media-reference";
import { type Fill, fillNeedles, findNeedles } from "./media-texts";
import { type MediaPlace, MediaUploader, type UploadOutcome } from "./media-uploader";
import { Slots } from "./slots";
import { UploadTroubles, type UploadTroublesOptions } from "./upload-troubles";

/** What becomes of the media of a record on its way out. No method rejects or throws. */
export interface MediaStage {
  /**
   * Reads and hashes the media, and puts a reference in place of each token in the record's texts.
   * Resolves within half of the time for one record.
   * @param configs - of the targets that the record goes to, which alone may see its media; all of
   * them by default
   */
  refer(record: SpanRecord, configs?: readonly TargetConfig[]): Promise<void>;
  /**
   * Uploads what the record still refers to: a mask may have taken references out. Where an upload
   * finally fails, the content stands inline instead, with a word why. Resolves within what `refer`
   * has left of the time for one record.
   */
  upload(record: SpanRecord): Promise<void>;
  /**
   * The record leaves now: what is not uploaded stands inline. Also while the other two are at work:
   * they leave the record alone from here on.
   */
  settle(record: SpanRecord): void;
}

export interface MediaStageOptions extends UploadTroublesOptions {
  readonly targets: readonly { readonly config: TargetConfig; readonly transport: Transport }[];
  /** For one record from the start of `refer` on, in milliseconds. */
  readonly timeoutMs: number;
  /** Of one file; a larger one is recorded by its length alone. */
  readonly maxBytes: number;
  readonly maxFieldBytes: number;
  /** Of all media that wait; what comes beyond stands inline. */
  readonly maxPendingBytes: number;
}

/** Files and streams read at the same time. */
const READ_CONCURRENCY = 8;
const PENDING_TOPIC = "media pending";
const THE_END = "the process ends";
const LATE = "no answer in time";

export function createMediaStage(options: MediaStageOptions): MediaStage {
  return new UploadingStage(options);
}

class UploadingStage implements MediaStage {
  readonly #options: MediaStageOptions;
  readonly #uploaders: readonly MediaUploader[];
  readonly #readers = new Slots(READ_CONCURRENCY);
  readonly #passages = new WeakMap<SpanRecord, Passage>();
  readonly #troubles: UploadTroubles;
  #pendingBytes = 0;

  constructor(options: MediaStageOptions) {
    this.#options = options;
    this.#troubles = new UploadTroubles(options);
    this.#uploaders = options.targets.map(
      ({ config, transport }) => new MediaUploader(config, transport),
    );
  }

  refer(record: SpanRecord, configs?: readonly TargetConfig[]): Promise<void> {
    return this.#guarded(record, () => this.#refer(record, configs));
  }

  upload(record: SpanRecord): Promise<void> {
    return this.#guarded(record, () => this.#upload(record));
  }

  settle(record: SpanRecord): void {
    const passage = this.#passages.get(record);
    try {
      if (passage !== undefined) passage.isOver = true; // first: whatever happens below
      const fills = passage?.isReadingOver
        ? missingReferences(passage.pieces, passage.uploaders)
        : this.#fillsNow(record.media ?? [], passage?.pieces ?? []);
      fillNeedles(record, fills, this.#options.maxFieldBytes);
    } catch (error) {
      reportDefect(this.#options.diagnostics, error);
    }
    if (passage !== undefined) this.#end(record, passage);
  }

  /** Runs outside of the caller's context. A defect costs the media their references, nothing else. */
  async #guarded(record: SpanRecord, work: () => Promise<void>): Promise<void> {
    try {
      await detached(work);
    } catch (error) {
      reportDefect(this.#options.diagnostics, error);
      this.settle(record);
    }
  }

  async #refer(record: SpanRecord, configs: readonly TargetConfig[] | undefined): Promise<void> {
    const tokens = (record.media ?? []).map(({ token }) => token);
    const present = findNeedles(record, tokens);
    if (present.size === 0) return;
    const attachments = (record.media ?? []).filter(({ token }) => present.has(token));
    const uploaders = this.#uploaders.filter(
      ({ hasApi, config }) => hasApi && (configs === undefined || configs.includes(config)),
    );
    const passage = startPassage(uploaders, attachments, this.#options.timeoutMs);
    this.#passages.set(record, passage);
    const read = passage.pieces.map((piece) => this.#read(piece, passage));
    await Promise.race([Promise.all(read), passage.isReadingLate]);
    passage.isReadingOver = true;
    if (passage.isOver) return;
    const fills = passage.pieces.map((piece) => {
      const fill = piece.fill ?? plainFill(piece.attachment, "not read in time");
      return [piece.attachment.token, fill] as const;
    });
    fillNeedles(record, new Map(fills), this.#options.maxFieldBytes);
    if (passage.pieces.every(({ reference }) => reference === undefined)) {
      this.#end(record, passage);
    }
  }

  #end(record: SpanRecord, passage: Passage): void {
    passage.stop();
    this.#passages.delete(record);
    passage.isReadingOver = true;
    this.#pendingBytes -= passage.byteLength;
    passage.byteLength = 0;
    for (const piece of passage.pieces) piece.bytes = undefined;
  }

  /** Finds out what goes in the place of a token. Never rejects. */
  async #read(piece: Piece, passage: Passage): Promise<void> {
    const { attachment } = piece;
    const isUploaded = passage.uploaders.length > 0 && this.#hasRoomFor(1);
    // What nobody takes stays as it was, and need not be read where that was a text.
    if (!isUploaded && attachment.original !== undefined) {
      piece.fill = plainFill(attachment);
      return;
    }
    try {
      const bytes = await this.#load(attachment, passage);
      if (bytes === undefined || passage.isReadingOver) return;
      if (bytes.length === 0) {
        piece.fill = plainFill(attachment, "empty");
        return;
      }
      if (bytes.length > this.#options.maxBytes) {
        const mark = mediaMark({ contentType: attachment.contentType, bytes }, "too large");
        piece.fill = () => mark;
        return;
      }
      piece.bytes = bytes;
      if (isUploaded && this.#reserve(passage, bytes.length)) {
        piece.reference = await createReference(attachment, bytes);
      }
      const { reference } = piece;
      piece.fill = reference === undefined ? inlineFill(piece) : () => reference.tag;
    } catch (error) {
      piece.fill = plainFill(attachment, problemOf(error));
    }
  }

  /** A data URI is in memory already: it need not wait for files and streams that are slow. */
  #load(attachment: MediaAttachment, passage: Passage): Promise<Uint8Array | undefined> {
    const load = async (): Promise<Uint8Array> => attachment.load();
    if (attachment.source === "base64_data_uri") return load();
    return this.#readers.run(() => within(passage, load));
  }

  /** @returns whether there was room for so much more */
  #reserve(passage: Passage, byteLength: number): boolean {
    if (!this.#hasRoomFor(byteLength)) return false;
    this.#pendingBytes += byteLength;
    passage.byteLength += byteLength;
    return true;
  }

  #hasRoomFor(byteLength: number): boolean {
    const { maxPendingBytes, diagnostics } = this.#options;
    if (this.#pendingBytes + byteLength <= maxPendingBytes) return true;
    diagnostics.warnOnce(
      PENDING_TOPIC,
      `More than ${maxPendingBytes} bytes of media wait for their upload: what comes beyond stands inline, cut to maxFieldBytes.`,
    );
    return false;
  }

  async #upload(record: SpanRecord): Promise<void> {
    const passage = this.#passages.get(record);
    if (passage === undefined || passage.isOver) return;
    const pieces = new Map<string, Piece>(); // by tag: the same content may stand in several places
    for (const piece of passage.pieces) {
      if (piece.reference !== undefined) pieces.set(piece.reference.tag, piece);
    }
    const places = findNeedles(record, [...pieces.keys()]);
    const problems = new Map<string, string | undefined>(); // by tag, of those that are not there
    const settled = new Set<string>();
    const uploads = [...places].map(async ([tag, fields]) => {
      const piece = pieces.get(tag);
      if (piece === undefined) return;
      const outcome = await this.#uploadPiece(piece, passage, record, fields);
      settled.add(tag);
      if (outcome.status === "failed") problems.set(tag, outcome.reason);
      if (outcome.status === "no api") problems.set(tag, undefined);
    });
    await Promise.race([Promise.all(uploads), passage.isLate]);
    if (passage.isOver) return;
    for (const tag of places.keys()) {
      if (settled.has(tag)) continue;
      this.#troubles.tell(undefined, LATE);
      problems.set(tag, LATE);
    }
    const fills = [...problems].flatMap(([tag, reason]) => {
      const piece = pieces.get(tag);
      return piece === undefined ? [] : [[tag, inlineFill(piece, reason)] as const];
    });
    fillNeedles(record, new Map(fills), this.#options.maxFieldBytes);
    passage.isOver = true;
    this.#end(record, passage);
  }

  /** @returns the outcome for all targets together: one that keeps no files needs no reference */
  async #uploadPiece(
    { attachment, bytes, reference }: Piece,
    { uploaders, deadlineAt }: Passage,
    { traceId, spanId }: SpanRecord,
    fields: ReadonlySet<MediaPlace["field"]>,
  ): Promise<UploadOutcome> {
    if (bytes === undefined || reference === undefined) return { status: "no api" };
    const file = { ...reference, bytes, contentType: plainType(attachment.contentType) };
    const outcomes = await Promise.all(
      uploaders.flatMap((uploader) =>
        [...fields].map(async (field) => {
          const place = { traceId, observationId: spanId, field };
          const outcome = await uploader.upload(file, place, deadlineAt);
          if (outcome.status === "failed")
            this.#troubles.tell(uploader.config.name, outcome.reason);
          return outcome;
        }),
      ),
    );
    const failure = outcomes.find(({ status }) => status === "failed");
    if (failure !== undefined) return failure;
    const there = outcomes.find(({ status }) => status === "there");
    if (there === undefined) return { status: "no api" };
    this.#troubles.settle();
    return there;
  }

  /** For tokens when there is no time: references where the content is known to be there. */
  #fillsNow(
    attachments: readonly MediaAttachment[],
    pieces: readonly Piece[],
  ): ReadonlyMap<string, Fill> {
    const known = new Map(pieces.map((piece) => [piece.attachment.token, piece]));
    return new Map(
      attachments.map((attachment) => {
        let fill: Fill | undefined; // nothing is read for a token that stands nowhere
        const fillLate: Fill = (roomBytes) => {
          fill ??= this.#readNow(attachment, known.get(attachment.token));
          return fill(roomBytes);
        };
        return [attachment.token, fillLate] as const;
      }),
    );
  }

  #readNow(attachment: MediaAttachment, piece: Piece | undefined): Fill {
    if (piece?.fill !== undefined && piece.reference === undefined) return piece.fill;
    // Being read: nobody waits for that any more.
    const isBeingRead = piece !== undefined && piece.bytes === undefined;
    if (isBeingRead) return plainFill(attachment, THE_END);
    const uploaders = this.#uploaders.filter(({ hasApi }) => hasApi);
    const isMaybeThere = uploaders.length > 0 && uploaders.every(({ hasAny }) => hasAny);
    if (!isMaybeThere && attachment.original !== undefined) return plainFill(attachment);
    try {
      const bytes = piece?.bytes ?? attachment.load();
      if (!(bytes instanceof Uint8Array)) {
        bytes.catch(() => undefined); // it comes too late
        return plainFill(attachment, THE_END);
      }
      if (bytes.length > this.#options.maxBytes) {
        const { contentType } = attachment;
        return () => mediaMark({ contentType, bytes }, "too large");
      }
      const reference = isMaybeThere ? createReferenceSync(attachment, bytes) : undefined;
      if (reference !== undefined && isEverywhere(reference, uploaders)) {
        return () => reference.tag;
      }
      return inlineFill({ attachment, bytes });
    } catch (error) {
      return plainFill(attachment, problemOf(error));
    }
  }
}

import type { SpanRecord } from "../../attributes/span-record";
import type { TargetConfig } from "../../config/targets";
import { reportDefect } from "../../diagnostics/guard";
import { detached } from "../detached";
import type { Transport } from "../transport";
import { plainType } from "./inline-text";
import { inlineFill, missingReferences, plainFill } from "./media-fills";
import { MediaReader, type MediaReaderOptions } from "./media-reader";
import { fillNeedles, findNeedles } from "./media-texts";
import { type MediaTransit, type Piece, startTransit } from "./media-transit";
import { type MediaPlace, MediaUploader, type UploadOutcome } from "./media-uploader";
import { fillsNow } from "./settle-media";
import { UploadTroubles, type UploadTroublesOptions } from "./upload-troubles";

/** What becomes of the media of a record on its way out. No method rejects or throws. */
export interface MediaStage {
  /**
   * Reads and hashes the media, and puts a reference in place of each token in the record's texts.
   * Begins in a turn of its own, off the caller's stack: base64 is decoded here. Resolves within half
   * of the time for one record.
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

export interface MediaStageOptions extends UploadTroublesOptions, MediaReaderOptions {
  readonly targets: readonly { readonly config: TargetConfig; readonly transport: Transport }[];
  /** For one record from the start of `refer` on, in milliseconds. */
  readonly timeoutMs: number;
  readonly maxFieldBytes: number;
}

const LATE = "no answer in time";

export function createMediaStage(options: MediaStageOptions): MediaStage {
  return new UploadingStage(options);
}

class UploadingStage implements MediaStage {
  readonly #options: MediaStageOptions;
  readonly #uploaders: readonly MediaUploader[];
  readonly #reader: MediaReader;
  readonly #transits = new WeakMap<SpanRecord, MediaTransit>();
  readonly #troubles: UploadTroubles;

  constructor(options: MediaStageOptions) {
    this.#options = options;
    this.#reader = new MediaReader(options);
    this.#troubles = new UploadTroubles(options);
    this.#uploaders = options.targets.map(
      ({ config, transport }) => new MediaUploader(config, transport),
    );
  }

  refer(record: SpanRecord, configs?: readonly TargetConfig[]): Promise<void> {
    return this.#guarded(record, async () => {
      await nextTurn();
      await this.#refer(record, configs);
    });
  }

  upload(record: SpanRecord): Promise<void> {
    return this.#guarded(record, () => this.#upload(record));
  }

  settle(record: SpanRecord): void {
    const transit = this.#transits.get(record);
    try {
      if (transit !== undefined) transit.isOver = true; // first: whatever happens below
      const fills = transit?.isReadingOver
        ? missingReferences(transit.pieces, transit.uploaders)
        : fillsNow(record.media ?? [], transit?.pieces ?? [], {
            uploaders: this.#uploaders,
            maxBytes: this.#options.maxBytes,
          });
      fillNeedles(record, fills, this.#options.maxFieldBytes);
    } catch (error) {
      reportDefect(this.#options.diagnostics, error);
    }
    if (transit !== undefined) this.#end(record, transit);
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
    const transit = startTransit(uploaders, attachments, this.#options.timeoutMs);
    this.#transits.set(record, transit);
    const read = transit.pieces.map((piece) => this.#reader.read(piece, transit));
    await Promise.race([Promise.all(read), transit.isReadingLate]);
    transit.isReadingOver = true;
    if (transit.isOver) return;
    const fills = transit.pieces.map((piece) => {
      const fill = piece.fill ?? plainFill(piece.attachment, "not read in time");
      return [piece.attachment.token, fill] as const;
    });
    fillNeedles(record, new Map(fills), this.#options.maxFieldBytes);
    if (transit.pieces.every(({ reference }) => reference === undefined)) {
      this.#end(record, transit);
    }
  }

  #end(record: SpanRecord, transit: MediaTransit): void {
    transit.stop();
    this.#transits.delete(record);
    transit.isReadingOver = true;
    this.#reader.release(transit);
  }

  async #upload(record: SpanRecord): Promise<void> {
    const transit = this.#transits.get(record);
    if (transit === undefined || transit.isOver) return;
    const pieces = new Map<string, Piece>(); // by tag: the same content may stand in several places
    for (const piece of transit.pieces) {
      if (piece.reference !== undefined) pieces.set(piece.reference.tag, piece);
    }
    const places = findNeedles(record, [...pieces.keys()]);
    const problems = new Map<string, string | undefined>(); // by tag, of those that are not there
    const settled = new Set<string>();
    const uploads = [...places].map(async ([tag, fields]) => {
      const piece = pieces.get(tag);
      if (piece === undefined) return;
      const outcome = await this.#uploadPiece(piece, transit, record, fields);
      settled.add(tag);
      if (outcome.status === "failed") problems.set(tag, outcome.reason);
      if (outcome.status === "no api") problems.set(tag, undefined);
    });
    await Promise.race([Promise.all(uploads), transit.isLate]);
    if (transit.isOver) return;
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
    transit.isOver = true;
    this.#end(record, transit);
  }

  /** @returns the outcome for all targets together: one that keeps no files needs no reference */
  async #uploadPiece(
    { attachment, bytes, reference }: Piece,
    { uploaders, deadlineAt }: MediaTransit,
    { traceId, spanId }: SpanRecord,
    fields: ReadonlySet<MediaPlace["field"]>,
  ): Promise<UploadOutcome> {
    if (bytes === undefined || reference === undefined) return { status: "no api" };
    const file = { ...reference, bytes, contentType: plainType(attachment.contentType) };
    const outcomes = await Promise.all(
      uploaders.flatMap((uploader) =>
        [...fields].map(async (field) => {
          const place = { traceId: traceId.hex, observationId: spanId.hex, field };
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
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

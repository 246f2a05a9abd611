import type { MediaAttachment } from "../../attributes/media-attachment";
import type { MediaReference } from "./media-reference";
import type { Fill } from "./media-texts";
import type { MediaUploader } from "./media-uploader";

/** One attachment of a record on its way. */
export interface Piece {
  readonly attachment: MediaAttachment;
  bytes: Uint8Array | undefined;
  reference: MediaReference | undefined;
  /** What stands in its token's place; undefined until that is known. */
  fill: Fill | undefined;
}

/** The media of one record on their way. */
export interface MediaTransit {
  /** Of the targets that the record goes to, those that keep files. */
  readonly uploaders: readonly MediaUploader[];
  readonly pieces: readonly Piece[];
  /** By `performance.now()`. */
  readonly deadlineAt: number;
  /** Resolves at the deadline, or when the transit is stopped. */
  readonly isLate: Promise<void>;
  /** The same after half of the time: what cannot be read costs no other attachment its upload. */
  readonly isReadingLate: Promise<void>;
  stop(): void;
  /** That it takes of what may wait. */
  byteLength: number;
  /** What is still being read comes too late: tokens stand nowhere any more. */
  isReadingOver: boolean;
  /** The record must not be touched any more. */
  isOver: boolean;
}

/** @param timeoutMs - until the record goes on; the timer keeps no process alive */
export function startTransit(
  uploaders: readonly MediaUploader[],
  attachments: readonly MediaAttachment[],
  timeoutMs: number,
): MediaTransit {
  const deadlineAt = performance.now() + timeoutMs;
  return {
    uploaders,
    pieces: attachments.map((attachment) => ({
      attachment,
      bytes: undefined,
      reference: undefined,
      fill: undefined,
    })),
    deadlineAt,
    ...startTimer(timeoutMs / 2),
    byteLength: 0,
    isReadingOver: false,
    isOver: false,
  };
}

/** One timer, that rings twice: after half of the time, and at its end. */
function startTimer(halfMs: number): Pick<MediaTransit, "isLate" | "isReadingLate" | "stop"> {
  // Replaced at once: executors run synchronously.
  let endReading: () => void = () => undefined;
  let endAll: () => void = () => undefined;
  const isReadingLate = new Promise<void>((resolve) => {
    endReading = resolve;
  });
  const isLate = new Promise<void>((resolve) => {
    endAll = resolve;
  });
  let isSecondHalf = false;
  const stop = (): void => {
    clearInterval(timer);
    endReading();
    endAll();
  };
  const timer = setInterval(() => {
    if (isSecondHalf) stop();
    isSecondHalf = true;
    endReading();
  }, halfMs).unref();
  return { isLate, isReadingLate, stop };
}

/** @returns undefined when it is late, so that what never ends holds up nothing else */
export function within<Result>(
  { isReadingLate }: MediaTransit,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  const result = work();
  result.catch(() => undefined); // it may fail later, when nobody waits
  return Promise.race([result, isReadingLate.then(() => undefined)]);
}

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
export interface Passage {
  /** Of the targets that the record goes to, those that keep files. */
  readonly uploaders: readonly MediaUploader[];
  readonly pieces: readonly Piece[];
  /** By `performance.now()`. */
  readonly deadlineAt: number;
  /** Resolves at the deadline, or when the passage is stopped. */
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
export function startPassage(
  uploaders: readonly MediaUploader[],
  attachments: readonly MediaAttachment[],
  timeoutMs: number,
): Passage {
  const all = startTimer(timeoutMs);
  const reading = startTimer(timeoutMs / 2);
  return {
    uploaders,
    pieces: attachments.map((attachment) => ({
      attachment,
      bytes: undefined,
      reference: undefined,
      fill: undefined,
    })),
    deadlineAt: performance.now() + timeoutMs,
    isLate: all.isOver,
    isReadingLate: reading.isOver,
    stop() {
      all.stop();
      reading.stop();
    },
    byteLength: 0,
    isReadingOver: false,
    isOver: false,
  };
}

function startTimer(ms: number): { readonly isOver: Promise<void>; stop(): void } {
  let stop: () => void = () => undefined; // replaced at once: the executor runs synchronously
  const isOver = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms).unref();
    stop = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  return { isOver, stop: () => stop() };
}

/** @returns undefined when it is late, so that what never ends holds up nothing else */
export function within<Result>(
  { isReadingLate }: Passage,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  const result = work();
  result.catch(() => undefined); // it may fail later, when nobody waits
  return Promise.race([result, isReadingLate.then(() => undefined)]);
}

import type { Diagnostics } from "../../diagnostics/logger";

const UNWRITABLE = "spool unwritable";
const FULL = "spool full";
const TOO_LARGE = "spool record too large";
const DAMAGED = "spool damaged";
const UNREADABLE = "spool unreadable";
const UNKNOWN = "spool segment unknown";
/** A full spool is said to have room again below this share, so that it is not said per record. */
const ROOM_SHARE = 0.75;

/** What the spool tells people: each trouble once, and when it is over. */
export class SpoolMessages {
  readonly #diagnostics: Diagnostics;
  readonly #dir: string;
  readonly #maxBytes: number;
  /** The largest record refused since the spool is full. */
  #refusedLength = 0;

  constructor({
    diagnostics,
    dir,
    maxBytes,
  }: {
    readonly diagnostics: Diagnostics;
    readonly dir: string;
    readonly maxBytes: number;
  }) {
    this.#diagnostics = diagnostics;
    this.#dir = dir;
    this.#maxBytes = maxBytes;
  }

  unwritable(error: unknown): void {
    this.#diagnostics.warnOnce(
      UNWRITABLE,
      `Cannot write to the spool in ${this.#dir} (${errorCode(error)}). Nothing is stored there until that works; it is tried again every 30 s.`,
    );
  }

  writable(): void {
    this.#diagnostics.settle(UNWRITABLE, `The spool in ${this.#dir} works again.`);
  }

  /** @param length - of what found no room */
  full(length: number): void {
    this.#refusedLength = Math.max(this.#refusedLength, length);
    this.#diagnostics.warnOnce(
      FULL,
      `The spool in ${this.#dir} is full (${this.#maxBytes} bytes). Nothing more is stored until something is delivered.`,
    );
  }

  /** Ends the episode of a full spool once there is room for more than what was refused. */
  stored(bytes: number): void {
    if (this.#refusedLength === 0 || bytes > this.#maxBytes * ROOM_SHARE) return;
    if (bytes + this.#refusedLength > this.#maxBytes) return;
    this.#refusedLength = 0;
    this.#diagnostics.settle(FULL, `The spool in ${this.#dir} has room again.`);
  }

  tooLarge(byteLength: number): void {
    this.#diagnostics.warnOnce(
      TOO_LARGE,
      `A record of ${byteLength} bytes does not fit into the spool (${this.#maxBytes} bytes) and is not stored.`,
    );
  }

  damaged(fileName: string): void {
    this.#diagnostics.warnOnce(
      DAMAGED,
      `Skipping damaged records in the spool (first in ${fileName} of ${this.#dir}); the rest is read.`,
    );
  }

  unreadable(fileName: string, error: unknown): void {
    this.#diagnostics.warnOnce(
      UNREADABLE,
      `Cannot read ${fileName} of the spool in ${this.#dir} (${errorCode(error)}). It stays where it is.`,
    );
  }

  /** After a `kill -9` in the middle of a write, nothing that had been stored is missing. */
  tail(fileName: string, byteLength: number): void {
    this.#diagnostics.info(
      `Cut ${byteLength} bytes of an unfinished write off ${fileName} of the spool.`,
    );
  }

  unknown(fileName: string): void {
    this.#diagnostics.warnOnce(
      UNKNOWN,
      `Leaving ${fileName} of the spool in ${this.#dir} alone: it is damaged or of another version of Playhead.`,
    );
  }
}

/** The file is not there, or no longer under the name this process knows. */
export function isMissing(error: unknown): boolean {
  return errorCode(error) === "ENOENT";
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return (error as NodeJS.ErrnoException).code ?? error.name;
}

import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  renameSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { encodeHeader } from "./segment-format";
import { formatSegmentName, type SegmentName } from "./segment-name";

/** A segment on disk. All methods are synchronous and throw what the file system throws. */
export class SegmentFile {
  readonly #dir: string;
  #name: SegmentName;
  #size: number;
  /** Open while records are appended; afterwards each write opens the file anew. */
  #descriptor: number | undefined;

  /** @param size - of the part that counts; what stands behind it is overwritten */
  constructor(dir: string, name: SegmentName, size: number) {
    this.#dir = dir;
    this.#name = name;
    this.#size = size;
  }

  /** Makes a new file with a header; the folder must exist. */
  static create(dir: string, name: SegmentName): SegmentFile {
    const file = new SegmentFile(dir, name, 0);
    // Exclusive: neither an existing file nor a link that somebody laid here is written to.
    file.#descriptor = openSync(file.path, "wx", 0o600);
    try {
      file.write(encodeHeader());
    } catch (error) {
      file.remove();
      throw error;
    }
    return file;
  }

  get name(): SegmentName {
    return this.#name;
  }

  get path(): string {
    return join(this.#dir, formatSegmentName(this.#name));
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Writes at the end, whole or not at all: after an error the next write starts where this did.
   * @returns where the bytes begin
   */
  write(bytes: Buffer): number {
    const at = this.#size;
    if (this.#descriptor !== undefined) {
      writeWhole(this.#descriptor, bytes, at);
    } else {
      const descriptor = openSync(this.path, "r+");
      try {
        writeWhole(descriptor, bytes, at);
      } finally {
        closeSync(descriptor);
      }
    }
    this.#size += bytes.length;
    return at;
  }

  /** Closes the descriptor. */
  seal(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) closeSync(descriptor);
  }

  /** Whether the file is where it was made: somebody may have removed the folder. */
  isThere(): boolean {
    return existsSync(this.path);
  }

  /** Cuts off what does not count; where that fails, the next write goes over it. */
  cutTo(size: number): void {
    this.#size = size;
    truncateSync(this.path, size);
  }

  /** Gives the file to another owner; atomic, and an error when somebody else was faster. */
  rename(owner: SegmentName["owner"]): void {
    const name = { ...this.#name, owner };
    renameSync(this.path, join(this.#dir, formatSegmentName(name)));
    this.#name = name;
  }

  /** @param at - Unix milliseconds */
  touch(at: number): void {
    utimesSync(this.path, at / 1_000, at / 1_000);
  }

  remove(): void {
    this.seal();
    unlinkSync(this.path);
  }
}

function writeWhole(descriptor: number, bytes: Buffer, position: number): void {
  let written = 0;
  try {
    while (written < bytes.length) {
      // At a position, since after a failed write the descriptor's own one may be anywhere.
      written += writeSync(descriptor, bytes, written, bytes.length - written, position + written);
    }
  } catch (error) {
    if (written > 0) cutBack(descriptor, position);
    throw error;
  }
}

function cutBack(descriptor: number, size: number): void {
  try {
    ftruncateSync(descriptor, size);
  } catch {
    // The next write goes over it; until then it is a torn tail, which readers cut off.
  }
}

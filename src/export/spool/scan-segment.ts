import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "./crc32";
import type { RecordPlace } from "./segment";
import {
  checksumSeed,
  decodeHead,
  decodePrefix,
  decodeSettled,
  type EntryHead,
  HEAD_BYTES,
  HEADER_BYTES,
  PREFIX_BYTES,
} from "./segment-format";

/** Read at once; a longer entry is summed piece by piece. */
const WINDOW_BYTES = 256 * 1024;

/** Where an entry is in its file. */
export interface EntryPlace {
  readonly offset: number;
  readonly length: number;
}

export interface SegmentContent {
  /** Not settled, in the order of the file. */
  readonly records: readonly RecordPlace[];
  /** The last entry that bound attributes, by trace. */
  readonly bounds: ReadonlyMap<string, EntryPlace>;
  /** Entries whose checksum is wrong; where a length cannot be, one for all that follows. */
  readonly damagedCount: number;
  /** Where the last good entry ends; what follows is a torn tail. */
  readonly goodBytes: number;
  readonly fileBytes: number;
}

/**
 * Reads a segment that nobody writes to, a window at a time. Entries with a wrong checksum are
 * skipped as long as their lengths lead on; the first length that cannot be ends the reading.
 * Rejects with what the file system says.
 */
export async function scanSegment(path: string): Promise<SegmentContent> {
  const file = await open(path, "r");
  try {
    return await scan(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

async function scan(file: FileHandle, fileBytes: number): Promise<SegmentContent> {
  const window = new Window(file);
  const records = new Map<number, RecordPlace>();
  const bounds = new Map<string, EntryPlace>();
  let damagedCount = 0;
  let goodBytes = Math.min(HEADER_BYTES, fileBytes);

  for (let offset = HEADER_BYTES; offset + PREFIX_BYTES < fileBytes; ) {
    const start = await window.read(offset, PREFIX_BYTES);
    const prefix = decodePrefix(start);
    if (prefix === undefined) {
      // Zeros are a write that a crash of the machine left without its content.
      if (start.some((byte) => byte !== 0)) damagedCount += 1;
      break;
    }
    const { length } = prefix;
    const end = offset + PREFIX_BYTES + length;
    if (end > fileBytes) break;
    const head =
      (await checksum(window, offset, length)) === prefix.checksum
        ? decodeHead(await window.read(offset + PREFIX_BYTES, Math.min(length, HEAD_BYTES)), length)
        : undefined;
    if (head === undefined) {
      damagedCount += 1;
    } else {
      goodBytes = end;
      const place = { offset, length: PREFIX_BYTES + length };
      if (head.type === "settle") {
        const payload = await window.read(offset + PREFIX_BYTES + 1, length - 1);
        for (const settled of decodeSettled(payload)) records.delete(settled);
      } else {
        note(head, place, records, bounds);
      }
    }
    offset = end;
  }
  return { records: [...records.values()], bounds, damagedCount, goodBytes, fileBytes };
}

function note(
  head: EntryHead,
  place: EntryPlace,
  records: Map<number, RecordPlace>,
  bounds: Map<string, EntryPlace>,
): void {
  if (head.type === "record") {
    const { kind, traceId, byteLength } = head;
    records.set(place.offset, { ...place, kind, traceId, byteLength });
  } else if (head.type === "bind") {
    bounds.set(head.traceId, place);
  }
}

async function checksum(window: Window, offset: number, length: number): Promise<number> {
  let sum = checksumSeed(await window.read(offset, PREFIX_BYTES));
  const end = offset + PREFIX_BYTES + length;
  for (let at = offset + PREFIX_BYTES; at < end; at += WINDOW_BYTES) {
    sum = crc32(await window.read(at, Math.min(WINDOW_BYTES, end - at)), sum);
  }
  return sum;
}

/** A piece of a file, moved on when something beyond it is asked for. */
class Window {
  readonly #file: FileHandle;
  readonly #memory = Buffer.allocUnsafeSlow(WINDOW_BYTES);
  #start = 0;
  #length = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** @returns a view, valid until the next call; shorter than `length` where the file has shrunk */
  async read(position: number, length: number): Promise<Buffer> {
    if (position < this.#start || position + length > this.#start + this.#length) {
      this.#start = position;
      this.#length = 0;
      while (this.#length < length) {
        const { bytesRead } = await this.#file.read(
          this.#memory,
          this.#length,
          WINDOW_BYTES - this.#length,
          position + this.#length,
        );
        if (bytesRead === 0) throw new Error("segment shorter than before");
        this.#length += bytesRead;
      }
    }
    const from = position - this.#start;
    return this.#memory.subarray(from, from + length);
  }
}

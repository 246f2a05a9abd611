import { mkdirSync } from "node:fs";
import { type FoundSegment, listSegments } from "./folder";
import type { ProcessTable } from "./owner";
import { Segment, type StoredRecord, type Totals } from "./segment";
import { SegmentFile } from "./segment-file";
import { compareSegmentNames, formatSegmentName, newSegmentName } from "./segment-name";
import { isMissing } from "./spool-messages";

/** A segment stays below this, unless one record alone is larger. */
const SEGMENT_BYTES = 4 * 1024 * 1024;
/** Records end here; the rest of a segment is for what is bound and settled later. */
const RECORDS_BYTES = (SEGMENT_BYTES / 8) * 7;
/** How often appending looks whether its file is still in the folder. */
const PRESENCE_MS = 1_000;
/** How often files are touched, so that other hosts see that their process is alive. */
const TOUCH_MS = 2 * 60_000;

export interface SegmentSetOptions {
  readonly dir: string;
  readonly table: ProcessTable;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Told of spooled records whose file is gone. */
  readonly onLost: (records: readonly StoredRecord[]) => void;
}

/** The segments that belong to a spool, oldest first, one of them open for appending. */
export class SegmentSet {
  readonly #options: SegmentSetOptions;
  readonly #totals: Totals = { storedBytes: 0, spooledCount: 0, spooledBytes: 0 };
  /** Replaced, never changed, so that whoever walks it may drop segments. */
  #segments: readonly Segment[] = [];
  #active: Segment | undefined;
  #presentAt = 0;
  /** Segments of other processes, as last measured. */
  #othersBytes = 0;
  #touchTimer: NodeJS.Timeout | undefined;

  constructor(options: SegmentSetOptions) {
    this.#options = options;
  }

  get all(): readonly Segment[] {
    return this.#segments;
  }

  get storedBytes(): number {
    return this.#totals.storedBytes + this.#othersBytes;
  }

  get backlog(): { readonly count: number; readonly byteLength: number } {
    return { count: this.#totals.spooledCount, byteLength: this.#totals.spooledBytes };
  }

  /** Looks how much other processes have in the folder. */
  measure(found: readonly FoundSegment[] = listSegments(this.#options.dir)): void {
    const own = new Set(this.#segments.map(({ file }) => formatSegmentName(file.name)));
    this.#othersBytes = 0;
    for (const { fileName, byteLength } of found) {
      if (!own.has(fileName)) this.#othersBytes += byteLength;
    }
  }

  /**
   * The segment that takes the next entry; makes folder and file where there are none.
   * @throws what the file system throws
   */
  writable(entryLength: number): Segment {
    const { dir, table, now } = this.#options;
    const active = this.#presentActive();
    if (active !== undefined) {
      if (active.isEmpty || active.file.size + entryLength <= RECORDS_BYTES) return active;
      this.#active = undefined;
      active.file.seal();
    }
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const file = SegmentFile.create(dir, newSegmentName(now(), table.self));
    this.#active = this.#add(new Segment(file, this.#totals, { isAdopted: false }));
    this.#presentAt = now();
    return this.#active;
  }

  /** Makes an orphan ours. @returns undefined when somebody else was faster */
  claim(found: FoundSegment): Segment | undefined {
    const { dir, table, now } = this.#options;
    const file = new SegmentFile(dir, found.name, found.byteLength);
    try {
      // First, so that nobody on another host takes it for abandoned under its new name, too.
      file.touch(now());
      file.rename(table.self);
    } catch {
      return undefined;
    }
    this.#othersBytes = Math.max(0, this.#othersBytes - found.byteLength);
    return this.#add(new Segment(file, this.#totals, { isAdopted: true }));
  }

  /** Leaves a segment to whoever wants it. */
  release(segment: Segment): void {
    this.#quietly(() => segment.file.seal());
    this.#quietly(() => segment.file.rename(undefined));
    this.#forget(segment);
  }

  /** Says in the files what was settled and deletes those that are done. */
  tidy(): void {
    for (const segment of this.#segments) {
      if (segment.isDone && this.#remove(segment)) continue;
      try {
        segment.writeSettled();
      } catch (error) {
        if (isMissing(error)) this.drop(segment);
        // Else the disk is full or in trouble: the next call tries again.
      }
    }
  }

  /** Deals with a segment whose file is gone. */
  drop(segment: Segment): void {
    this.#quietly(() => segment.file.seal());
    this.#options.onLost(this.#forget(segment));
  }

  closeSync(): void {
    this.tidy();
    for (const segment of this.#segments) this.release(segment);
  }

  #presentActive(): Segment | undefined {
    const active = this.#active;
    if (active === undefined) return undefined;
    const now = this.#options.now();
    if (Math.abs(now - this.#presentAt) < PRESENCE_MS) return active;
    this.#presentAt = now;
    if (active.file.isThere()) return active;
    this.drop(active);
    return undefined;
  }

  #remove(segment: Segment): boolean {
    if (segment === this.#active) this.#active = undefined;
    try {
      segment.file.remove();
    } catch (error) {
      if (!isMissing(error)) return false; // the next call tries again
    }
    this.#forget(segment);
    return true;
  }

  #add(segment: Segment): Segment {
    this.#segments = [...this.#segments, segment].sort((left, right) =>
      compareSegmentNames(left.file.name, right.file.name),
    );
    this.#touchTimer ??= setInterval(() => this.#touch(), TOUCH_MS).unref();
    return segment;
  }

  #forget(segment: Segment): StoredRecord[] {
    if (segment === this.#active) this.#active = undefined;
    this.#segments = this.#segments.filter((other) => other !== segment);
    if (this.#segments.length === 0) {
      clearInterval(this.#touchTimer);
      this.#touchTimer = undefined;
    }
    return segment.leave();
  }

  #touch(): void {
    for (const segment of this.#segments) {
      try {
        segment.file.touch(this.#options.now());
      } catch (error) {
        if (isMissing(error)) this.drop(segment);
      }
    }
  }

  #quietly(work: () => void): void {
    try {
      work();
    } catch {
      // Closing or handing on a file that is gone or cannot be reached: it stays as it is, and
      // whoever comes when this process has ended takes it over.
    }
  }
}

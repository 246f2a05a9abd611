import { adoptSegment } from "./adopt-segment";
import { isOrphan, listSegments } from "./folder";
import { createProcessTable, type ProcessTable } from "./owner";
import { readRecords } from "./read-records";
import { type Segment, StoredRecord } from "./segment";
import {
  encodeBind,
  encodeRecord,
  HEADER_BYTES,
  MAX_ENTRY_BYTES,
  recordEntryLength,
} from "./segment-format";
import { formatSegmentName } from "./segment-name";
import { SegmentSet } from "./segment-set";
import type {
  Backlog,
  Spool,
  SpooledRecord,
  SpoolOptions,
  SpoolRecord,
  SpoolTicket,
} from "./spool";
import { isMissing, SpoolMessages } from "./spool-messages";

/** After disk trouble nothing is appended for this long. */
export const RETRY_MS = 30_000;
/** How often a full spool looks whether other processes made room. */
const MEASURE_MS = 5_000;

/**
 * Opens the spool of a folder and begins to adopt what is there. Makes neither folder nor file
 * before something is appended. Never throws.
 * @param table - replaced in tests
 */
export function openSpool(
  options: SpoolOptions,
  table: ProcessTable = createProcessTable(),
): Spool {
  return new DiskSpool(options, table);
}

class DiskSpool implements Spool {
  readonly #options: SpoolOptions;
  readonly #table: ProcessTable;
  readonly #now: () => number;
  readonly #messages: SpoolMessages;
  readonly #segments: SegmentSet;
  #adopting: Promise<void> | undefined;
  #isTidyDue = false;
  #isClosed = false;
  #damagedCount = 0;
  #measuredAt: number;
  /** When the disk last failed; undefined while it works. */
  #failedAt: number | undefined;

  constructor(options: SpoolOptions, table: ProcessTable) {
    this.#options = options;
    this.#table = table;
    this.#now = options.now ?? Date.now;
    this.#messages = new SpoolMessages(options);
    this.#segments = new SegmentSet({
      dir: options.dir,
      table,
      now: this.#now,
      onLost: (records) => this.#tellLost(records),
    });
    this.#measuredAt = this.#now();
    void this.adopt();
  }

  get backlog(): Backlog {
    return this.#segments.backlog;
  }

  get storedBytes(): number {
    return this.#segments.storedBytes;
  }

  get damagedCount(): number {
    return this.#damagedCount;
  }

  append(
    record: SpoolRecord,
    { isInMemory }: { readonly isInMemory: boolean },
  ): SpoolTicket | undefined {
    if (this.#isClosed || this.#isResting()) return undefined;
    const entryLength = recordEntryLength(record);
    if (!this.#hasRoom(entryLength)) return undefined;
    const { kind, body, traceAttributes, traceId } = record;
    const byteLength = body.length + traceAttributes.length;
    const entry = encodeRecord(record);
    try {
      const segment = this.#segments.writable(entryLength);
      const state = isInMemory ? "in memory" : "spooled";
      const stored = segment.append(entry, { kind, byteLength, traceId }, state);
      this.#recovered();
      return stored;
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  spill(ticket: SpoolTicket): boolean {
    const stored = this.#own(ticket);
    return stored?.segment.move(stored, "spooled") ?? false;
  }

  bind(traceId: string, traceAttributes: Buffer): void {
    if (this.#isClosed) return;
    let entry: Buffer | undefined;
    for (const segment of this.#segments.all) {
      if (!segment.hasTrace(traceId)) continue;
      entry ??= encodeBind(traceId, traceAttributes);
      if (entry === undefined || !this.#hasRoom(entry.length)) return;
      try {
        segment.bind(traceId, entry);
      } catch (error) {
        if (isMissing(error)) this.#segments.drop(segment);
        else this.#failed(error);
      }
    }
  }

  settle(ticket: SpoolTicket): void {
    const stored = this.#own(ticket);
    if (stored?.segment.move(stored, "settled")) this.#tidySoon();
  }

  async take(limits: {
    readonly maxRecords: number;
    readonly maxBytes: number;
  }): Promise<SpooledRecord[]> {
    await this.#adopting;
    const records: SpooledRecord[] = [];
    for (const [segment, wanted] of this.#pick(limits)) {
      for (const record of await this.#read(segment, wanted)) records.push(record);
    }
    // Settled or spilled while it was read, or closed: then somebody else decides about it.
    return records.filter(({ ticket }) => this.#own(ticket)?.state === "in memory");
  }

  adopt(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#adopting ??= this.#adoptAll().finally(() => {
      this.#adopting = undefined;
    });
    return this.#adopting;
  }

  closeSync(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#segments.closeSync();
  }

  /** The record behind a ticket, while it can still change hands. */
  #own(ticket: SpoolTicket): StoredRecord | undefined {
    return !this.#isClosed && ticket instanceof StoredRecord ? ticket : undefined;
  }

  /** Marks what is given out, by segment, so that nobody else picks it. */
  #pick({
    maxRecords,
    maxBytes,
  }: {
    maxRecords: number;
    maxBytes: number;
  }): Map<Segment, StoredRecord[]> {
    const picked = new Map<Segment, StoredRecord[]>();
    if (this.#isClosed) return picked;
    let count = 0;
    let bytes = 0;
    for (const segment of this.#segments.all) {
      for (const stored of segment.spooled()) {
        const isOver = count >= maxRecords || (count > 0 && bytes + stored.byteLength > maxBytes);
        if (isOver) return picked;
        count += 1;
        bytes += stored.byteLength;
        segment.move(stored, "in memory");
        const wanted = picked.get(segment);
        if (wanted === undefined) picked.set(segment, [stored]);
        else wanted.push(stored);
      }
    }
    return picked;
  }

  async #read(segment: Segment, wanted: readonly StoredRecord[]): Promise<SpooledRecord[]> {
    try {
      const { records, damaged } = await readRecords(segment, wanted);
      if (damaged.length > 0 && !this.#isClosed) this.#noteDamaged(segment, damaged);
      return records;
    } catch (error) {
      if (this.#isClosed) return [];
      if (isMissing(error)) {
        this.#segments.drop(segment);
        this.#tellLost(wanted);
      } else {
        this.#messages.unreadable(formatSegmentName(segment.file.name), error);
        for (const stored of wanted) segment.move(stored, "spooled");
      }
      return [];
    }
  }

  #noteDamaged(segment: Segment, damaged: readonly StoredRecord[]): void {
    this.#damagedCount += damaged.length;
    this.#messages.damaged(formatSegmentName(segment.file.name));
    for (const stored of damaged) segment.move(stored, "settled");
    this.#tellLost(damaged);
    this.#tidySoon();
  }

  #tellLost(records: readonly StoredRecord[]): void {
    for (const stored of records) this.#options.onLost?.(stored);
  }

  async #adoptAll(): Promise<void> {
    const listed = listSegments(this.#options.dir);
    this.#segments.measure(listed);
    const orphans = listed.filter((found) => isOrphan(found, this.#table, this.#now()));
    for (const found of orphans) {
      if (this.#isClosed) return;
      this.#damagedCount += await adoptSegment(found, {
        dir: this.#options.dir,
        segments: this.#segments,
        messages: this.#messages,
      });
    }
    if (orphans.length > 0 && !this.#isClosed) this.#measure();
  }

  #tidySoon(): void {
    if (this.#isTidyDue) return;
    this.#isTidyDue = true;
    setImmediate(() => {
      this.#isTidyDue = false;
      if (!this.#isClosed) this.#tidy();
    }).unref();
  }

  #tidy(): void {
    this.#segments.tidy();
    this.#messages.stored(this.storedBytes);
  }

  #hasRoom(entryLength: number): boolean {
    const { maxBytes } = this.#options;
    const length = entryLength + HEADER_BYTES; // of a new segment, should it need one
    if (entryLength > MAX_ENTRY_BYTES || length > maxBytes) {
      this.#messages.tooLarge(entryLength);
      return false;
    }
    if (this.storedBytes + length <= maxBytes) return true;
    this.#tidy();
    if (this.storedBytes + length <= maxBytes) return true;
    if (Math.abs(this.#now() - this.#measuredAt) >= MEASURE_MS) this.#measure();
    if (this.storedBytes + length <= maxBytes) return true;
    this.#messages.full(length);
    return false;
  }

  #measure(): void {
    this.#measuredAt = this.#now();
    this.#segments.measure();
    this.#messages.stored(this.storedBytes);
  }

  /** A clock set back does not make the rest longer. */
  #isResting(): boolean {
    return this.#failedAt !== undefined && Math.abs(this.#now() - this.#failedAt) < RETRY_MS;
  }

  #failed(error: unknown): void {
    this.#failedAt = this.#now();
    this.#messages.unwritable(error);
    this.#segments.tidy(); // deletes what was begun and stayed empty
  }

  #recovered(): void {
    if (this.#failedAt === undefined) return;
    this.#failedAt = undefined;
    this.#messages.writable();
  }
}

import type { SegmentFile } from "./segment-file";
import { encodeSettles, HEADER_BYTES } from "./segment-format";
import type { SpoolRecord, SpoolTicket } from "./spool";

/** Where a record is: with the caller (and on disk), on disk alone, or done with. */
export type RecordState = "in memory" | "spooled" | "settled";

/** Records of one trace in one segment. */
interface StoredTrace {
  unsettledCount: number;
  /** The entry that bound attributes to it last. */
  bound: { readonly offset: number; readonly length: number } | undefined;
}

/** A stored record, as the index knows it; handed out as its ticket. */
export class StoredRecord implements SpoolTicket {
  readonly kind: SpoolRecord["kind"];
  readonly byteLength: number;
  readonly segment: Segment;
  /** Of its entry in the file. */
  readonly offset: number;
  readonly length: number;
  readonly traceId: string;
  /** Changed by its segment alone. */
  state: RecordState;

  constructor(segment: Segment, found: RecordPlace, state: RecordState) {
    this.segment = segment;
    this.kind = found.kind;
    this.byteLength = found.byteLength;
    this.offset = found.offset;
    this.length = found.length;
    this.traceId = found.traceId;
    this.state = state;
  }

  get isAdopted(): boolean {
    return this.segment.isAdopted;
  }
}

/** A record and where it stands. */
export interface RecordPlace {
  readonly kind: SpoolRecord["kind"];
  /** Body and trace attributes. */
  readonly byteLength: number;
  readonly traceId: string;
  readonly offset: number;
  readonly length: number;
}

/** Sums over all segments of a spool, kept up to date by each of them. */
export interface Totals {
  storedBytes: number;
  spooledCount: number;
  spooledBytes: number;
}

/** A segment and the index of what is not settled in it. */
export class Segment {
  readonly file: SegmentFile;
  readonly isAdopted: boolean;
  readonly #totals: Totals;
  /** In the order of the file. */
  #records: StoredRecord[] = [];
  readonly #traces = new Map<string, StoredTrace>();
  /** Settled, but not yet said so in the file: offsets. */
  #unwritten: number[] = [];
  #unsettledCount = 0;
  #spooledCount = 0;
  /** No record before this one is spooled. */
  #cursor = 0;
  /** False while what is in the file is not known yet. */
  #isLoaded: boolean;
  #isGone = false;

  constructor(file: SegmentFile, totals: Totals, { isAdopted }: { isAdopted: boolean }) {
    this.file = file;
    this.#totals = totals;
    this.isAdopted = isAdopted;
    this.#isLoaded = !isAdopted;
    totals.storedBytes += file.size;
  }

  /** Nothing in it is left to deliver. */
  get isDone(): boolean {
    return this.#isLoaded && this.#unsettledCount === 0;
  }

  get isEmpty(): boolean {
    return this.file.size <= HEADER_BYTES;
  }

  /** The file is deleted or somebody else's. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Takes in what was found in a file; given to the totals at once, so that nobody sees half of it. */
  load(records: readonly RecordPlace[], bounds: ReadonlyMap<string, StoredTrace["bound"]>): void {
    for (const place of records) this.#index(new StoredRecord(this, place, "spooled"));
    for (const [traceId, bound] of bounds) {
      const trace = this.#traces.get(traceId);
      if (trace !== undefined) trace.bound = bound;
    }
    this.#isLoaded = true;
  }

  /** Writes a record's entry. @throws what the file system throws; then nothing has changed */
  append(
    entry: Buffer,
    record: Pick<RecordPlace, "kind" | "byteLength" | "traceId">,
    state: RecordState,
  ): StoredRecord {
    const offset = this.#write(entry);
    const { kind, byteLength, traceId } = record;
    const place = { kind, byteLength, traceId, offset, length: entry.length };
    const stored = new StoredRecord(this, place, state);
    this.#index(stored);
    return stored;
  }

  hasTrace(traceId: string): boolean {
    return this.#traces.has(traceId);
  }

  /** Writes an entry that binds. @throws what the file system throws; then nothing has changed */
  bind(traceId: string, entry: Buffer): void {
    const trace = this.#traces.get(traceId);
    if (trace === undefined) return;
    trace.bound = { offset: this.#write(entry), length: entry.length };
  }

  /** The entry whose attributes count for a record; undefined: those it was appended with. */
  boundFor({ traceId, offset }: StoredRecord): StoredTrace["bound"] {
    const bound = this.#traces.get(traceId)?.bound;
    return bound !== undefined && bound.offset > offset ? bound : undefined;
  }

  /** @returns whether the record was not settled before */
  move(record: StoredRecord, state: RecordState): boolean {
    if (this.#isGone || record.state === "settled") return false;
    if (record.state === "spooled") this.#countSpooled(record, -1);
    record.state = state;
    if (state === "spooled") {
      this.#countSpooled(record, 1);
      this.#cursor = 0;
    }
    if (state === "settled") this.#settled(record);
    return true;
  }

  /** Spooled records, oldest first. */
  *spooled(): Generator<StoredRecord> {
    if (this.#spooledCount === 0) return;
    for (let at = this.#cursor; at < this.#records.length; at += 1) {
      const record = this.#records[at];
      if (record?.state === "spooled") yield record;
      if (at === this.#cursor && record?.state !== "spooled") this.#cursor += 1;
    }
  }

  /** Says in the file what was settled. @throws what the file system throws; the next call tries again */
  writeSettled(): void {
    if (this.#unwritten.length === 0) return;
    this.#write(encodeSettles(this.#unwritten));
    this.#unwritten = [];
  }

  /** Cuts off what is not part of an entry. */
  truncate(size: number): void {
    this.#totals.storedBytes += size - this.file.size;
    this.file.cutTo(size);
  }

  /**
   * Forgets the segment, whose file is deleted or has another owner.
   * @returns records that only the file had
   */
  leave(): StoredRecord[] {
    if (this.#isGone) return [];
    const lost = [...this.spooled()];
    for (const record of lost) {
      this.#countSpooled(record, -1);
      record.state = "settled";
    }
    this.#totals.storedBytes -= this.file.size;
    this.#isGone = true;
    this.#records = [];
    this.#traces.clear();
    return lost;
  }

  #write(entry: Buffer): number {
    const offset = this.file.write(entry);
    this.#totals.storedBytes += entry.length;
    return offset;
  }

  #index(record: StoredRecord): void {
    this.#records.push(record);
    this.#unsettledCount += 1;
    if (record.state === "spooled") this.#countSpooled(record, 1);
    if (record.traceId === "") return;
    const trace = this.#traces.get(record.traceId);
    if (trace !== undefined) trace.unsettledCount += 1;
    else this.#traces.set(record.traceId, { unsettledCount: 1, bound: undefined });
  }

  #settled(record: StoredRecord): void {
    this.#unsettledCount -= 1;
    this.#unwritten.push(record.offset);
    const trace = this.#traces.get(record.traceId);
    if (trace === undefined) return;
    trace.unsettledCount -= 1;
    if (trace.unsettledCount === 0) this.#traces.delete(record.traceId);
  }

  #countSpooled(record: StoredRecord, sign: 1 | -1): void {
    this.#spooledCount += sign;
    this.#totals.spooledCount += sign;
    this.#totals.spooledBytes += sign * record.byteLength;
  }
}

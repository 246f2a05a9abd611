import type { Diagnostics } from "../../diagnostics/logger";

/** What the spool keeps: a span as bytes of OTLP, or a score as JSON text. */
export interface SpoolRecord {
  readonly kind: "span" | "score";
  /** Copied when appended; the caller may reuse the memory. */
  readonly body: Buffer;
  /** More fields of the same span; empty for a score. */
  readonly traceAttributes: Buffer;
  /** Root of its trace in the process that wrote it. */
  readonly isRoot: boolean;
  /** 32 lower-case hex digits, or "" for what no {@link Spool.bind} concerns. */
  readonly traceId: string;
}

/** Stands for one stored record; opaque but for what accounts need. */
export interface SpoolTicket {
  readonly kind: SpoolRecord["kind"];
  /** Body and trace attributes as they were appended. */
  readonly byteLength: number;
  /** Another process wrote it, or a spool closed before: no account of this process knows of it. */
  readonly isAdopted: boolean;
}

/** A record read back. Its trace attributes are those bound last. */
export interface SpooledRecord extends SpoolRecord {
  readonly ticket: SpoolTicket;
}

export interface Backlog {
  readonly count: number;
  /** Of bodies and trace attributes, as they were appended. */
  readonly byteLength: number;
}

export interface SpoolOptions {
  /** Created with the first record, for the owner alone. */
  readonly dir: string;
  /**
   * Of all segments in the folder, those of other processes included. Settling what is stored may
   * pass it by a few bytes per record.
   */
  readonly maxBytes: number;
  readonly diagnostics: Diagnostics;
  /**
   * Told of each record of the backlog that turns out not to be readable any more (damaged, its
   * file deleted): it counts as settled. Never throws.
   */
  readonly onLost?: (ticket: SpoolTicket) => void;
  /** Unix milliseconds. @default Date.now */
  readonly now?: () => number;
}

/**
 * Records on disk that survive the process: what is appended and not settled is given out once, by
 * this spool or by whoever opens the folder after its process has ended.
 *
 *     append ─▶ in memory ── spill ─▶ spooled        in memory: the caller has it, too, and delivers it
 *                   │ ▲                 │ │          spooled: only the spool has it; append may
 *                   │ └───── take ──────┘ │          begin here
 *                   └────── settle ───────┘ ─▶ given out to nobody any more
 *
 * What is in memory when the process ends goes to the next one, as what is spooled does. Survives
 * the death of the process, not that of the machine: nothing is fsync'd. Nothing here throws or
 * rejects; all files are open to the owner alone.
 */
export interface Spool {
  /**
   * Writes a record before it returns.
   * @param isInMemory - the caller has the record, too, and delivers it: `take` does not give it out
   * @returns undefined when it could not be stored: no room, disk trouble, closed
   */
  append(record: SpoolRecord, holder: { readonly isInMemory: boolean }): SpoolTicket | undefined;
  /**
   * The caller lets go of a record, appended or taken: it joins the backlog, at the place of its age.
   * @returns false when the spool does not have it (any more): the caller must keep or drop it
   */
  spill(ticket: SpoolTicket): boolean;
  /**
   * Gives a trace's stored records the attributes its trace has now. For keys named here they count
   * instead of what was appended or bound before; other keys stay as they were appended; what a
   * span says in its own body beats both. What is appended later brings its own.
   */
  bind(traceId: string, traceAttributes: Buffer): void;
  /**
   * Delivered, or given up for good: nobody gives it out again. Written for many records at once,
   * on the next turn of the event loop or in {@link Spool.closeSync}; after that it is ignored.
   */
  settle(ticket: SpoolTicket): void;
  /**
   * Gives out what is spooled, oldest first over all segments, each record once. At least one
   * record, if there is any, may it be larger than `maxBytes`. Waits for an adoption under way.
   */
  take(limits: {
    readonly maxRecords: number;
    readonly maxBytes: number;
  }): Promise<SpooledRecord[]>;
  /**
   * Takes over what processes that are gone, or spools that were closed, left in the folder. Runs
   * once on opening; calls while it runs share its promise.
   */
  adopt(): Promise<void>;
  /** What `take` would give; whole once `adopt` has resolved. */
  readonly backlog: Backlog;
  /** Size of all segments in the folder; those of other processes as they were last looked at. */
  readonly storedBytes: number;
  /** Records found unreadable so far, whoever wrote them. */
  readonly damagedCount: number;
  /** Lets go of all files; what is not settled waits for whoever opens the folder next. Idempotent. */
  closeSync(): void;
}

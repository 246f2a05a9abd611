import type { Diagnostics } from "../diagnostics/logger";
import type { DeliveryCounts, DeliveryEvent, LossReasons } from "../diagnostics/stats";
import { Account } from "./account";
import { Delivery } from "./delivery";
import type { DeliveryItem, DeliveryLimits, DrainWait, Overflow } from "./delivery-options";
import type { EndpointName } from "./endpoint-health";
import type { SendResult } from "./send";
import type { Spool, SpooledRecord, SpoolRecord, SpoolTicket } from "./spool/spool";

/** An item that may be on disk, too. */
export interface LaneItem extends DeliveryItem {
  /** Its place on disk; undefined while it is in memory only. */
  readonly ticket: SpoolTicket | undefined;
}

export interface LaneOptions<Item> {
  readonly signal: DeliveryEvent["signal"];
  readonly limits: DeliveryLimits;
  readonly send: (items: readonly Item[]) => Promise<SendResult<Item>>;
  readonly shrink: (item: Item) => Item | undefined;
  readonly describe: (item: Item) => string;
  /** Opens the lane's folder on disk; absent where nothing is kept on disk. */
  readonly openSpool: ((onLost: (ticket: SpoolTicket) => void) => Spool) | undefined;
  readonly toRecord: (item: Item) => SpoolRecord;
  readonly fromRecord: (record: SpooledRecord) => Item;
  readonly endpoint: EndpointName;
  readonly diagnostics: Diagnostics;
  readonly onEvent: (event: DeliveryEvent) => void;
}

/** Drains that follow each other faster do not all ask the disk what other processes have left there. */
const LOOK_MS = 250;
const LOST_ON_DISK = "lost on disk";

/** The books of a lane, as `stats()` shows them. */
export interface LaneStats {
  readonly counts: DeliveryCounts;
  readonly bytes: DeliveryCounts;
  readonly reasons: LossReasons;
  /** Of the pending: on disk only. */
  readonly spooled: number;
}

/**
 * One signal's way to one endpoint: its account, its delivery, its folder on disk. What is on disk
 * from an earlier process joins the account when it is read.
 */
export class Lane<Item extends LaneItem> {
  readonly account = new Account();
  readonly #options: LaneOptions<Item>;
  readonly #spool: Spool | undefined;
  readonly #delivery: Delivery<Item>;
  /** Bytes of items this process moved to disk, as the account knows them. */
  readonly #spilled = new Map<SpoolTicket, number>();
  /** When a drain last looked on disk, by `performance.now()`. */
  #lookedAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(options: LaneOptions<Item>) {
    this.#options = options;
    const { signal, limits, send, shrink, describe, diagnostics, onEvent } = options;
    const spool = options.openSpool?.((ticket) => this.#lostOnDisk(ticket));
    this.#spool = spool;
    this.#delivery = new Delivery<Item>({
      signal,
      limits,
      send,
      shrink,
      describe,
      endpoint: options.endpoint,
      diagnostics,
      onEvent,
      account: this.account,
      overflow: spool === undefined ? undefined : this.#overflow(spool),
      onSettled:
        spool &&
        (({ ticket }) => {
          if (ticket !== undefined) spool.settle(ticket);
        }),
    });
  }

  get lastError(): string | undefined {
    return this.#delivery.lastError;
  }

  /** @param item - already on the account */
  deliver(item: Item): void {
    this.#delivery.offer(item);
  }

  /** There is nothing that {@link Lane.drain} could wait for; false where there is a disk, which would have to be asked. */
  get isDrained(): boolean {
    return this.#spool === undefined && this.#delivery.pendingCount === 0;
  }

  /**
   * See {@link Delivery.drain}. Covers what earlier processes left on disk, also where it has not
   * been found yet, unless it was looked for a moment ago. What a closed lane left there stays pending.
   */
  drain(wait: DrainWait): Promise<boolean> {
    if (this.#isClosed) return Promise.resolve(this.account.counts.pending === 0);
    const drained = this.#delivery.drain(wait); // what is here does not wait for the search
    if (this.#spool === undefined || this.#hasJustLooked()) return drained;
    return this.#drainDisk(this.#spool, drained, wait);
  }

  async #drainDisk(spool: Spool, drained: Promise<boolean>, wait: DrainWait): Promise<boolean> {
    const looksAt = performance.now();
    const adopted = spool.adopt().then(() => {
      this.#lookedAt = looksAt;
    });
    const [isDrained] = await Promise.all([drained, adopted]);
    const isOver = this.#isClosed || performance.now() >= wait.deadlineAt;
    if (!isDrained || isOver || spool.backlog.count === 0) return isDrained;
    return this.#delivery.drain(wait);
  }

  #hasJustLooked(): boolean {
    return performance.now() - this.#lookedAt < LOOK_MS;
  }

  /** See {@link Delivery.halt}. */
  halt(): Promise<void> {
    return this.#delivery.halt();
  }

  /** See {@link Delivery.expireDrains}. */
  expireDrains(): void {
    this.#delivery.expireDrains();
  }

  /** Claims what earlier processes left, and begins to deliver it. */
  async adopt(): Promise<void> {
    if (this.#isClosed || this.#spool === undefined) return;
    await this.#spool.adopt();
    this.#delivery.wake();
  }

  /** Writes an item to disk that stays in memory, too. */
  journal(record: SpoolRecord): SpoolTicket | undefined {
    return this.#spool?.append(record, { isInMemory: true });
  }

  /** The attributes of a trace have changed since its spans were written to disk. */
  bind(traceId: string, traceAttributes: Buffer): void {
    this.#spool?.bind(traceId, traceAttributes);
  }

  /**
   * The end: what is in memory goes to disk, where there is one; the rest is dropped. Synchronous,
   * since nothing else works while a process exits. Doing it again does nothing.
   * @returns how many items are left on disk, and how many are lost
   */
  close(reason: string): { kept: number; lost: number } {
    if (this.#isClosed) return { kept: 0, lost: 0 };
    this.#isClosed = true;
    let kept = 0;
    let lost = 0;
    for (const item of this.#delivery.abandon()) {
      if (this.#keep(item)) {
        kept += 1;
      } else {
        lost += 1;
        this.#delivery.drop(item, reason);
      }
    }
    this.#spool?.closeSync();
    this.#delivery.tellDrops();
    this.#delivery.endDrains();
    return { kept, lost };
  }

  stats(): LaneStats {
    const { counts, bytes, reasons } = this.account;
    return { counts, bytes, reasons, spooled: this.#spilled.size };
  }

  /** Moves an item to disk. @returns whether it is there */
  #keep(item: Item): boolean {
    if (this.#spool === undefined) return false;
    const isThere = item.ticket !== undefined && this.#spool.spill(item.ticket);
    const ticket = isThere
      ? item.ticket
      : this.#spool.append(this.#options.toRecord(item), { isInMemory: false });
    if (ticket === undefined) return false;
    this.#spilled.set(ticket, item.byteLength);
    return true;
  }

  #overflow(spool: Spool): Overflow<Item> {
    const { fromRecord } = this.#options;
    return {
      get backlogCount() {
        return spool.backlog.count;
      },
      spill: (item) => this.#keep(item),
      take: async ({ maxItems, maxBytes }) => {
        const taken = await spool.take({ maxRecords: maxItems, maxBytes });
        return taken.map((record) => {
          const item = fromRecord(record);
          this.#readmit(item, record.ticket);
          return item;
        });
      },
    };
  }

  /** Its attributes may have grown on disk, or it may be another process's. */
  #readmit(item: Item, ticket: SpoolTicket): void {
    const known = this.#spilled.get(ticket);
    if (known === undefined) this.account.offer(item.byteLength);
    else this.account.grow(item.byteLength - known);
    this.#spilled.delete(ticket);
  }

  /** Damaged, or somebody deleted the file. */
  #lostOnDisk(ticket: SpoolTicket): void {
    const known = this.#spilled.get(ticket);
    if (known === undefined) return; // another process's: no account here knew of it
    this.#spilled.delete(ticket);
    this.account.settle("dropped", known, LOST_ON_DISK);
    this.#delivery.tellLost(LOST_ON_DISK);
  }
}

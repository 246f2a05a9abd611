import type { Diagnostics } from "../diagnostics/logger";
import type { DeliveryEvent } from "../diagnostics/stats";
import type { Account } from "./account";
import { BoundedQueue, type QueueItem } from "./bounded-queue";
import { BACKOFF, BLOCKED_PAUSE_MS, backoffMs } from "./retry";
import type { Failure, SendResult } from "./send";

export interface DeliveryLimits {
  readonly flushIntervalMs: number;
  readonly maxBatchItems: number;
  readonly maxBatchBytes: number;
  /** For queued items and those in batches together. */
  readonly maxQueueBytes: number;
  /** Batches on their way at the same time. */
  readonly concurrency: number;
}

export interface DeliveryOptions<Item> {
  readonly signal: DeliveryEvent["signal"];
  readonly limits: DeliveryLimits;
  /** One attempt; never rejects. */
  readonly send: (items: readonly Item[]) => Promise<SendResult>;
  readonly account: Account;
  readonly diagnostics: Diagnostics;
  /** Never throws. */
  readonly onEvent: (event: DeliveryEvent) => void;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

/** Topic of the warning that delivery fails: one for all signals, as they share the endpoint. */
export const UNDELIVERABLE = "undeliverable";

/** Items that leave together. The bytes of each were fixed before the first attempt, so a repeat is harmless. */
interface Batch<Item> {
  readonly items: readonly Item[];
  readonly byteLength: number;
  attempts: number;
}

/** Somebody waiting for all that was pending when they came. */
interface Waiter {
  /** Items that came later do not count. */
  readonly upToSequence: number;
  remaining: number;
  readonly done: () => void;
}

interface Sequenced {
  readonly sequence: number;
}

/**
 * Queue → batches → attempts, for one signal.
 *
 *     offer ─▶ queue ─▶ batch ─▶ in flight ─▶ delivered | rejected
 *                         ▲          │ retryable, blocked
 *                         └─ retry ◀─┘   (oldest first, one at a time until one succeeds)
 *
 * A batch leaves when enough items wait, when the oldest has waited `flushIntervalMs`, or on flush.
 * While the endpoint fails there is one pause for all batches, not one each: a dead endpoint gets
 * one attempt at a time. Timers are unref'd, except while somebody awaits a flush.
 */
export class Delivery<Item extends QueueItem> {
  readonly #options: DeliveryOptions<Item>;
  readonly #queue: BoundedQueue<Item & Sequenced>;
  readonly #retries: Batch<Item & Sequenced>[] = [];
  readonly #inFlight = new Set<Batch<Item & Sequenced>>();
  readonly #waiters = new Set<Waiter>();
  #batchedBytes = 0;
  #batchedCount = 0;
  #sequence = 0;
  /** Attempts that failed since the last one that did not. */
  #failures = 0;
  /** No attempt starts before this; `performance.now()` milliseconds. */
  #pausedUntil = 0;
  /** When the oldest queued item came, roughly: set when the queue was last seen empty or served. */
  #oldestSince = 0;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #kicked = false;
  /** Drops not yet told to `onEvent`, by reason: a flood is one event per turn of the loop. */
  readonly #untoldDrops = new Map<string, number>();
  /** Kind of the failure that goes on, if one does. */
  #failureCode: string | undefined;
  #lastError: string | undefined;

  constructor(options: DeliveryOptions<Item>) {
    this.#options = options;
    this.#queue = new BoundedQueue<Item & Sequenced>(
      { maxBytes: options.limits.maxQueueBytes },
      (item) => this.#drop(item, "queue full"),
    );
  }

  /** Items accepted and not settled, wherever they are. */
  get pendingCount(): number {
    return this.#queue.size + this.#batchedCount;
  }

  get lastError(): string | undefined {
    return this.#lastError;
  }

  offer(item: Item): void {
    this.#sequence += 1;
    if (this.#queue.size === 0) this.#oldestSince = performance.now();
    // The item is ours from here on; giving it its number in place saves an object per span.
    const sequenced: Item & Sequenced = Object.assign(item, { sequence: this.#sequence });
    this.#queue.enqueue(sequenced, this.#batchedBytes);
    if (this.#isBatchFull()) this.#kick();
    else this.#schedule();
  }

  /**
   * Resolves when everything offered so far is settled. Tries at once, without waiting for the
   * interval or for a pause after a failure.
   */
  drain(): Promise<void> {
    if (this.pendingCount === 0) return Promise.resolve();
    return new Promise((done) => {
      this.#waiters.add({ upToSequence: this.#sequence, remaining: this.pendingCount, done });
      this.#pausedUntil = 0;
      this.#pump();
    });
  }

  /** Gives up all that is pending but not in flight. For the end of a shutdown. */
  dropPending(reason: string): void {
    for (const batch of this.#retries.splice(0)) {
      this.#leave(batch);
      for (const item of batch.items) this.#drop(item, reason);
    }
    while (this.#queue.size > 0) {
      for (const item of this.#takeItems()) this.#drop(item, reason);
    }
    this.#clearTimer();
    this.#tellDrops();
  }

  #isBatchFull(): boolean {
    const { maxBatchItems, maxBatchBytes } = this.#options.limits;
    return this.#queue.size >= maxBatchItems || this.#queue.byteLength >= maxBatchBytes;
  }

  /** Pumps soon, outside the caller's own work: ending a span never gathers a batch. */
  #kick(): void {
    if (this.#kicked) return;
    this.#kicked = true;
    setImmediate(() => {
      this.#kicked = false;
      this.#pump();
    }).unref();
  }

  #pump(): void {
    const now = performance.now();
    while (this.#inFlight.size < this.#concurrency && now >= this.#pausedUntil) {
      const batch = this.#retries.shift() ?? this.#nextBatch(now);
      if (batch === undefined) break;
      void this.#attempt(batch);
    }
    this.#schedule();
  }

  #nextBatch(now: number): Batch<Item & Sequenced> | undefined {
    if (this.#queue.size === 0) return undefined;
    const isDue = now - this.#oldestSince >= this.#options.limits.flushIntervalMs;
    if (!isDue && !this.#isBatchFull() && this.#waiters.size === 0) return undefined;
    const items = this.#takeItems();
    let byteLength = 0;
    for (const item of items) byteLength += item.byteLength;
    this.#batchedBytes += byteLength;
    this.#batchedCount += items.length;
    return { items, byteLength, attempts: 0 };
  }

  #takeItems(): (Item & Sequenced)[] {
    const { maxBatchItems, maxBatchBytes } = this.#options.limits;
    const items = this.#queue.take({ maxItems: maxBatchItems, maxBytes: maxBatchBytes });
    this.#oldestSince = performance.now();
    return items;
  }

  async #attempt(batch: Batch<Item & Sequenced>): Promise<void> {
    this.#inFlight.add(batch);
    batch.attempts += 1;
    const result = await this.#options.send(batch.items);
    this.#inFlight.delete(batch);
    this.#conclude(batch, result);
    this.#pump();
  }

  #conclude(batch: Batch<Item & Sequenced>, result: SendResult): void {
    switch (result.status) {
      case "delivered":
        this.#recovered();
        this.#leave(batch);
        for (const item of batch.items) {
          this.#options.account.settle("delivered", item.byteLength);
          this.#settled(item);
        }
        return;
      case "rejected":
        this.#recovered(); // the endpoint is there, it only does not want these
        this.#leave(batch);
        this.#reject(batch, result);
        return;
      case "retryable":
        this.#putBack(
          batch,
          result,
          Math.max(
            result.retryAfterMs ?? 0,
            backoffMs(this.#failures + 1, BACKOFF, this.#options.random ?? Math.random),
          ),
          "They are kept and tried again.",
        );
        return;
      case "blocked":
        this.#putBack(
          batch,
          result,
          BLOCKED_PAUSE_MS,
          `${result.advice} They are kept and tried again.`,
        );
        return;
    }
  }

  #putBack(
    batch: Batch<Item & Sequenced>,
    failure: Failure,
    pauseMs: number,
    advice: string,
  ): void {
    const { signal, diagnostics, onEvent } = this.#options;
    const { code, reason } = failure;
    this.#failures += 1;
    this.#pausedUntil = performance.now() + pauseMs;
    this.#retries.unshift(batch);
    if (this.#failureCode !== code) {
      onEvent({ kind: "unreachable", signal, count: this.pendingCount, reason });
    }
    this.#failureCode = code;
    this.#lastError = reason;
    diagnostics.warnOnce(UNDELIVERABLE, `Cannot deliver ${signal}: ${reason}. ${advice}`);
  }

  #recovered(): void {
    if (this.#failures === 0) return;
    const { signal, diagnostics } = this.#options;
    this.#failures = 0;
    this.#failureCode = undefined;
    this.#lastError = undefined;
    diagnostics.settle(UNDELIVERABLE, `Delivery of ${signal} works again.`);
  }

  #reject(batch: Batch<Item & Sequenced>, { code, reason }: Failure): void {
    const { signal, account, diagnostics, onEvent } = this.#options;
    this.#lastError = reason;
    for (const item of batch.items) {
      account.settle("rejected", item.byteLength, code);
      this.#settled(item);
    }
    onEvent({ kind: "rejected", signal, count: batch.items.length, reason });
    diagnostics.warnOnce(
      `${signal} rejected: ${code}`,
      `The endpoint refused ${batch.items.length} ${signal}: ${reason}. See stats() for how many in all.`,
    );
  }

  #drop(item: Item & Sequenced, reason: string): void {
    const { signal, account, diagnostics } = this.#options;
    account.settle("dropped", item.byteLength, reason);
    this.#settled(item);
    if (this.#untoldDrops.size === 0) setImmediate(() => this.#tellDrops()).unref();
    this.#untoldDrops.set(reason, (this.#untoldDrops.get(reason) ?? 0) + 1);
    diagnostics.warnOnce(
      `${signal} dropped: ${reason}`,
      `Dropping ${signal}: ${reason}. See stats() for how many.`,
    );
  }

  #tellDrops(): void {
    const { signal, onEvent } = this.#options;
    for (const [reason, count] of this.#untoldDrops) {
      onEvent({ kind: "dropped", signal, count, reason });
    }
    this.#untoldDrops.clear();
  }

  #leave(batch: Batch<Item & Sequenced>): void {
    this.#batchedBytes -= batch.byteLength;
    this.#batchedCount -= batch.items.length;
  }

  #settled({ sequence }: Sequenced): void {
    for (const waiter of this.#waiters) {
      if (sequence > waiter.upToSequence) continue;
      waiter.remaining -= 1;
      if (waiter.remaining > 0) continue;
      this.#waiters.delete(waiter);
      waiter.done();
    }
  }

  /** Sets the one timer to when something is due next; what is in flight pumps when it is done. */
  #schedule(): void {
    if (this.#inFlight.size >= this.#concurrency) return;
    const dueAt = this.#dueAt();
    if (dueAt === undefined || dueAt >= this.#timerAt) return;
    this.#clearTimer();
    this.#timerAt = dueAt;
    this.#timer = setTimeout(
      () => {
        this.#clearTimer();
        this.#pump();
      },
      Math.max(0, Math.ceil(dueAt - performance.now())),
    );
    this.#timer.unref();
  }

  #clearTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
  }

  /** One at a time while the endpoint fails. */
  get #concurrency(): number {
    return this.#failures > 0 ? 1 : this.#options.limits.concurrency;
  }

  #dueAt(): number | undefined {
    if (this.#retries.length > 0) return this.#pausedUntil;
    if (this.#queue.size === 0) return undefined;
    const isReady = this.#isBatchFull() || this.#waiters.size > 0;
    const dueAt = isReady ? 0 : this.#oldestSince + this.#options.limits.flushIntervalMs;
    return Math.max(dueAt, this.#pausedUntil);
  }
}

import type { Diagnostics } from "../diagnostics/logger";
import type { DeliveryEvent } from "../diagnostics/stats";
import type { Account } from "./account";
import { BoundedQueue, type QueueItem } from "./bounded-queue";
import { detached } from "./detached";
import { DrainWaiters } from "./drain-waiters";
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

/** A timer that is to wait longer fires at once, and would again and again. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Items that leave together. The bytes of each were fixed before the first attempt, so a repeat is harmless. */
interface Batch<Item> {
  readonly items: readonly Item[];
  readonly byteLength: number;
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
 * one attempt at a time. Timers are unref'd: who awaits a drain keeps the process alive meanwhile.
 */
export class Delivery<Item extends QueueItem> {
  readonly #options: DeliveryOptions<Item>;
  readonly #queue: BoundedQueue<Item & Sequenced>;
  readonly #retries: Batch<Item & Sequenced>[] = [];
  readonly #inFlight = new Set<Batch<Item & Sequenced>>();
  readonly #waiters = new DrainWaiters();
  #batchedBytes = 0;
  #batchedCount = 0;
  #sequence = 0;
  /** Attempts that failed one after the other since the last one that did not. */
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
  /** Why nothing is tried again, once that is so. */
  #givenUp: string | undefined;

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
   * @param signal - ends the wait: once aborted, the promise stays unsettled
   */
  drain(signal?: AbortSignal): Promise<void> {
    if (this.pendingCount === 0) return Promise.resolve();
    const drained = this.#waiters.wait(this.#sequence, this.pendingCount, signal);
    this.#pausedUntil = 0;
    this.#pump();
    return drained;
  }

  /**
   * Gives up all that is pending; what is in flight has its answer counted, but is not tried again.
   * For the end of a shutdown.
   */
  dropPending(reason: string): void {
    this.#givenUp = reason;
    for (const batch of this.#retries.splice(0)) this.#dropBatch(batch, reason);
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
    const pump = (): void => {
      this.#kicked = false;
      this.#pump();
    };
    detached(() => setImmediate(pump)).unref();
  }

  #pump(): void {
    const now = performance.now();
    while (this.#inFlight.size < this.#concurrency && now >= this.#pausedUntil) {
      const batch = this.#retries.shift() ?? this.#nextBatch(now);
      if (batch === undefined) break;
      void detached(() => this.#attempt(batch));
    }
    this.#schedule();
  }

  #nextBatch(now: number): Batch<Item & Sequenced> | undefined {
    if (this.#queue.size === 0) return undefined;
    const isDue = now - this.#oldestSince >= this.#options.limits.flushIntervalMs;
    if (!isDue && !this.#isBatchFull() && this.#waiters.isEmpty) return undefined;
    const items = this.#takeItems();
    let byteLength = 0;
    for (const item of items) byteLength += item.byteLength;
    this.#batchedBytes += byteLength;
    this.#batchedCount += items.length;
    return { items, byteLength };
  }

  #takeItems(): (Item & Sequenced)[] {
    const { maxBatchItems, maxBatchBytes } = this.#options.limits;
    const items = this.#queue.take({ maxItems: maxBatchItems, maxBytes: maxBatchBytes });
    this.#oldestSince = performance.now();
    return items;
  }

  async #attempt(batch: Batch<Item & Sequenced>): Promise<void> {
    this.#inFlight.add(batch);
    const failuresBefore = this.#failures;
    const result = await this.#trySend(batch);
    this.#inFlight.delete(batch);
    this.#conclude(batch, result, failuresBefore);
    this.#pump();
  }

  /** A body that cannot be made would fail again each time, and its error end the process. */
  async #trySend(batch: Batch<Item & Sequenced>): Promise<SendResult> {
    try {
      return await this.#options.send(batch.items);
    } catch (error) {
      const reason = `cannot be sent (${error instanceof Error ? error.name : typeof error})`;
      return { status: "rejected", code: reason, reason };
    }
  }

  /** @param failuresBefore - failures when the attempt began: attempts at the same time fail as one */
  #conclude(batch: Batch<Item & Sequenced>, result: SendResult, failuresBefore: number): void {
    const failures = failuresBefore + 1;
    switch (result.status) {
      case "delivered":
        this.#recovered();
        this.#lastError = undefined;
        this.#leave(batch);
        for (const item of batch.items) {
          this.#options.account.settle("delivered", item.byteLength);
          this.#waiters.settled(item.sequence);
        }
        return;
      case "rejected":
        this.#recovered(); // the endpoint is there, it only does not want these
        this.#leave(batch);
        this.#reject(batch, result);
        return;
      case "retryable":
        this.#failed(
          batch,
          result,
          failures,
          Math.max(
            result.retryAfterMs ?? 0,
            backoffMs(failures, BACKOFF, this.#options.random ?? Math.random),
          ),
          "They are kept and tried again.",
        );
        return;
      case "blocked":
        this.#failed(
          batch,
          result,
          failures,
          BLOCKED_PAUSE_MS,
          `${result.advice} They are kept and tried again.`,
        );
        return;
    }
  }

  #failed(
    batch: Batch<Item & Sequenced>,
    { code, reason }: Failure,
    failures: number,
    pauseMs: number,
    advice: string,
  ): void {
    this.#lastError = reason;
    if (this.#givenUp !== undefined) {
      this.#dropBatch(batch, this.#givenUp);
      this.#tellDrops();
      return;
    }
    const { signal, diagnostics, onEvent } = this.#options;
    const isNews = this.#failureCode !== code;
    this.#failureCode = code;
    this.#failures = Math.max(this.#failures, failures);
    // One that asked for a longer pause is not overruled by one that failed beside it.
    this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + pauseMs);
    this.#putBack(batch);
    if (isNews) onEvent({ kind: "unreachable", signal, count: this.pendingCount, reason });
    diagnostics.warnOnce(UNDELIVERABLE, `Cannot deliver ${signal}: ${reason}. ${advice}`);
  }

  /** Oldest first, whatever the order in which attempts at the same time fail. */
  #putBack(batch: Batch<Item & Sequenced>): void {
    const age = ({ items }: Batch<Sequenced>): number => items[0]?.sequence ?? 0;
    const next = this.#retries.findIndex((other) => age(other) > age(batch));
    this.#retries.splice(next === -1 ? this.#retries.length : next, 0, batch);
  }

  #recovered(): void {
    if (this.#failures === 0) return;
    const { signal, diagnostics } = this.#options;
    this.#failures = 0;
    this.#failureCode = undefined;
    diagnostics.settle(UNDELIVERABLE, `Delivery of ${signal} works again.`);
  }

  #reject(batch: Batch<Item & Sequenced>, { code, reason }: Failure): void {
    const { signal, account, diagnostics, onEvent } = this.#options;
    this.#lastError = reason;
    for (const item of batch.items) {
      account.settle("rejected", item.byteLength, code);
      this.#waiters.settled(item.sequence);
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
    this.#waiters.settled(item.sequence);
    if (this.#untoldDrops.size === 0) setImmediate(() => this.#tellDrops()).unref();
    this.#untoldDrops.set(reason, (this.#untoldDrops.get(reason) ?? 0) + 1);
    diagnostics.warnOnce(
      `${signal} dropped: ${reason}`,
      `Dropping ${signal}: ${reason}. See stats() for how many.`,
    );
  }

  #dropBatch(batch: Batch<Item & Sequenced>, reason: string): void {
    this.#leave(batch);
    for (const item of batch.items) this.#drop(item, reason);
  }

  #tellDrops(): void {
    const { signal, onEvent } = this.#options;
    const drops = [...this.#untoldDrops];
    this.#untoldDrops.clear(); // first: whoever is told may cause another one
    for (const [reason, count] of drops) onEvent({ kind: "dropped", signal, count, reason });
  }

  #leave(batch: Batch<Item & Sequenced>): void {
    this.#batchedBytes -= batch.byteLength;
    this.#batchedCount -= batch.items.length;
  }

  /** Sets the one timer to when something is due next; what is in flight pumps when it is done. */
  #schedule(): void {
    if (this.#inFlight.size >= this.#concurrency) return;
    const dueAt = this.#dueAt();
    if (dueAt === undefined || dueAt >= this.#timerAt) return;
    this.#clearTimer();
    this.#timerAt = dueAt;
    const delayMs = Math.min(MAX_TIMER_MS, Math.max(0, Math.ceil(dueAt - performance.now())));
    const pump = (): void => {
      this.#clearTimer();
      this.#pump();
    };
    this.#timer = detached(() => setTimeout(pump, delayMs)).unref();
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
    const isReady = this.#isBatchFull() || !this.#waiters.isEmpty;
    const dueAt = isReady ? 0 : this.#oldestSince + this.#options.limits.flushIntervalMs;
    return Math.max(dueAt, this.#pausedUntil);
  }
}

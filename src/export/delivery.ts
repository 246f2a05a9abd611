import { BoundedQueue } from "./bounded-queue";
import type { DeliveryItem, DeliveryOptions, DrainWait } from "./delivery-options";
import { detached } from "./detached";
import { DrainWaiters } from "./drain-waiters";
import { EndpointHealth, type FailedAttempt } from "./endpoint-health";
import { type Batch, countRefused, createBatch, RetryList } from "./retry-list";
import type { Failure, SendResult } from "./send";
import { UntoldDrops } from "./untold-drops";
import { WakeTimer } from "./wake-timer";

/** Sequence of an item that comes back from disk. */
const COMES_BACK = Number.POSITIVE_INFINITY;

/** A batch that was not answered in time this often is halved. */
const MAX_TIMEOUTS = 2;
/** Batches are not made smaller than this after "too large" answers. */
const MIN_BATCH_BYTES = 64 * 1024;

/**
 * Queue → batches → attempts, for one signal to one endpoint.
 *
 *     offer ─▶ queue ─▶ batch ─▶ in flight ─▶ delivered | rejected
 *                │        ▲          │ retryable, blocked, halves of one that was refused
 *              spill      └─ retry ◀─┘   (oldest first, one at a time until one succeeds)
 *                └▶ disk ─▶ take ─▶ ┘
 *
 * A batch leaves when enough items wait, when the oldest has waited `flushIntervalMs`, or on flush.
 * While the endpoint fails there is one pause for all batches, not one each: a dead endpoint gets
 * one attempt at a time. Timers are unref'd: who awaits a drain keeps the process alive meanwhile.
 */
export class Delivery<Item extends DeliveryItem> {
  readonly #options: DeliveryOptions<Item>;
  readonly #queue: BoundedQueue<Item>;
  readonly #retries = new RetryList<Item>();
  /** With the promise of each attempt's end. */
  readonly #inFlight = new Map<Batch<Item>, Promise<void>>();
  readonly #waiters = new DrainWaiters();
  readonly #health: EndpointHealth;
  /** How often a batch was not answered in time. */
  readonly #timeouts = new WeakMap<Batch<Item>, number>();
  #maxBatchBytes: number;
  #batchedBytes = 0;
  #batchedCount = 0;
  /** Of the batched: items that came back from disk. */
  #returnedCount = 0;
  #sequence = 0;
  /** When the first item came into a queue that was empty: no queued item is older. */
  #oldestSince = 0;
  #isKicked = false;
  #isTaking = false;
  /** The disk gave nothing though it has a backlog. */
  #isDiskIdle = false;
  /** Nothing is tried any more. */
  #isHalted = false;
  readonly #timer = new WakeTimer(() => this.#pump());
  readonly #untoldDrops = new UntoldDrops((reason, count) => {
    const { signal, onEvent } = this.#options;
    onEvent({ kind: "dropped", signal, count, reason });
  });

  constructor(options: DeliveryOptions<Item>) {
    this.#options = options;
    this.#health = new EndpointHealth(options);
    this.#maxBatchBytes = options.limits.maxBatchBytes;
    this.#queue = new BoundedQueue<Item>({ maxBytes: options.limits.maxQueueBytes }, (item) =>
      this.#overflow(item),
    );
  }

  /** Items in memory that are not settled: queued, in a batch or in flight. */
  get pendingCount(): number {
    return this.#queue.size + this.#batchedCount;
  }

  /** What the endpoint, or the way to it, said last; undefined once it has gone right since. */
  get lastError(): string | undefined {
    return this.#health.lastError;
  }

  offer(item: Item): void {
    this.#sequence += 1;
    item.sequence = this.#sequence;
    const isFirst = this.#queue.size === 0;
    if (isFirst) this.#oldestSince = performance.now();
    this.#queue.enqueue(item, this.#batchedBytes);
    if (this.#isBatchFull()) this.#kick();
    else if (isFirst) this.#schedule(); // those behind it are due when it is
  }

  /** Looks whether anything is due, e.g. on disk. */
  wake(): void {
    this.#isDiskIdle = false;
    this.#pump();
  }

  /**
   * Resolves when everything offered so far is settled, or when it is clear that the endpoint will
   * take nothing before the deadline. Tries at once, unless the endpoint asked for a pause.
   * @param wait.deadlineAt - by `performance.now()`; the caller watches it itself, too
   * @param wait.leavesOnFailure - whether the first attempt that fails ends the wait
   * @returns resolves to whether everything is settled
   */
  drain({ deadlineAt, leavesOnFailure }: DrainWait): Promise<boolean> {
    const isOnDisk = !this.#isDiskSettled;
    if (this.pendingCount === 0 && !isOnDisk) return Promise.resolve(true);
    const drained = this.#waiters.add({
      upToSequence: this.#sequence,
      remaining: this.pendingCount - this.#returnedCount,
      needsDisk: isOnDisk,
      deadlineAt,
      leavesOnFailure: leavesOnFailure && this.#options.overflow !== undefined,
    });
    this.#health.lift();
    this.wake();
    this.#giveUpWaiting();
    return drained;
  }

  /** Lets go of those whose deadline has come. */
  expireDrains(): void {
    this.#waiters.giveUpBefore(performance.now());
  }

  /** Starts no more attempts. Resolves when those under way have ended, and are counted. */
  async halt(): Promise<void> {
    this.#isHalted = true;
    this.#timer.clear();
    await Promise.all(this.#inFlight.values());
  }

  /** Everything in memory that is not settled, oldest first, also what is in flight. The delivery is over; see {@link Delivery.halt}. */
  abandon(): Item[] {
    this.#isHalted = true;
    this.#timer.clear();
    const items: Item[] = [];
    for (const batch of [...this.#inFlight.keys(), ...this.#retries.takeAll()])
      items.push(...batch.items);
    while (this.#queue.size > 0) items.push(...this.#takeItems());
    this.#inFlight.clear();
    this.#batchedBytes = 0;
    this.#batchedCount = 0;
    this.#returnedCount = 0;
    return items;
  }

  /** Tells of an item that is on the account as dropped already, since its record on disk is gone. */
  tellLost(reason: string): void {
    this.#noteDrop(reason);
    if (!this.#waiters.isEmpty) this.#waiters.review(this.#isDiskSettled);
  }

  /** Books an item as dropped. */
  drop(item: Item, reason: string): void {
    this.#noteDrop(reason);
    this.#settle(item, "dropped", reason);
  }

  #noteDrop(reason: string): void {
    this.#untoldDrops.add(reason);
    this.#health.dropped(reason);
  }

  /** Lets all go who wait for a drain: the delivery is over. */
  endDrains(): void {
    this.#waiters.giveUpAll();
  }

  /** Tells `onEvent` of drops at once. */
  tellDrops(): void {
    this.#untoldDrops.tell();
  }

  get #backlogCount(): number {
    return this.#options.overflow?.backlogCount ?? 0;
  }

  #isBatchFull(): boolean {
    return (
      this.#queue.size >= this.#options.limits.maxBatchItems ||
      this.#queue.byteLength >= this.#maxBatchBytes
    );
  }

  /** Pumps soon, outside the caller's own work: ending a span never gathers a batch. */
  #kick(): void {
    if (this.#isKicked) return;
    this.#isKicked = true;
    const pump = (): void => {
      this.#isKicked = false;
      this.#pump();
    };
    detached(() => setImmediate(pump)).unref();
  }

  #pump(): void {
    if (this.#isHalted) return;
    const now = performance.now();
    while (this.#inFlight.size < this.#concurrency && now >= this.#health.pausedUntil) {
      const batch = this.#pickBatch(now);
      if (batch === undefined) break;
      this.#inFlight.set(
        batch,
        detached(() => this.#attempt(batch)),
      );
    }
    if (this.#isRoomForReturns && now >= this.#health.pausedUntil)
      void detached(() => this.#takeBack());
    this.#schedule();
  }

  /** What is on disk comes back one batch ahead of what can be sent. */
  get #isRoomForReturns(): boolean {
    const isWorthAsking = this.#backlogCount > 0 && !this.#isTaking && !this.#isDiskIdle;
    return isWorthAsking && this.#retries.isEmpty;
  }

  async #takeBack(): Promise<void> {
    const { overflow, limits } = this.#options;
    if (overflow === undefined) return;
    this.#isTaking = true;
    const items = await overflow.take({
      maxItems: limits.maxBatchItems,
      maxBytes: this.#maxBatchBytes,
    });
    this.#isTaking = false;
    if (items.length === 0) {
      this.#isDiskIdle = true; // asked again when something changes, not in a circle
      this.#waiters.review(this.#isDiskSettled);
      return;
    }
    for (const item of items) item.sequence = COMES_BACK;
    this.#returnedCount += items.length;
    this.#retries.append(this.#asBatch(items)); // when halted for `abandon` to give back
    this.#pump();
  }

  #pickBatch(now: number): Batch<Item> | undefined {
    const isRetryLast = this.#retries.isEmpty || this.#retries.startsWithSuspect;
    if (isRetryLast && this.#isQueueDue(now)) return this.#asBatch(this.#takeItems());
    return this.#retries.take(this.#health.refusals === "many");
  }

  #isQueueDue(now: number): boolean {
    if (this.#queue.size === 0) return false;
    const isOld = now - this.#oldestSince >= this.#options.limits.flushIntervalMs;
    return isOld || this.#isBatchFull() || !this.#waiters.isEmpty;
  }

  #takeItems(): Item[] {
    const { maxBatchItems } = this.#options.limits;
    return this.#queue.take({ maxItems: maxBatchItems, maxBytes: this.#maxBatchBytes });
  }

  #asBatch(items: readonly Item[]): Batch<Item> {
    const batch = createBatch(items);
    this.#batchedBytes += batch.byteLength;
    this.#batchedCount += items.length;
    return batch;
  }

  async #attempt(batch: Batch<Item>): Promise<void> {
    const failuresBefore = this.#health.failures;
    const result = await this.#trySend(batch);
    if (!this.#inFlight.delete(batch)) return; // abandoned meanwhile
    // Attempts at the same time fail as one.
    this.#conclude(batch, result, failuresBefore + 1);
    this.#pump();
    this.#giveUpWaiting();
  }

  /** A body that cannot be made would fail again each time, and its error end the process. */
  async #trySend(batch: Batch<Item>): Promise<SendResult<Item>> {
    try {
      return await this.#options.send(batch.items);
    } catch (error) {
      const reason = `cannot be sent (${error instanceof Error ? error.name : typeof error})`;
      return { status: "rejected", code: reason, reason };
    }
  }

  /** @param failures - attempts that failed in a row, if this one did */
  #conclude(batch: Batch<Item>, result: SendResult<Item>, failures: number): void {
    switch (result.status) {
      case "delivered":
        this.#accepted();
        this.#leaveAll(batch);
        return;
      case "partial":
        this.#concludeParts(batch, result, failures);
        return;
      case "rejected":
        this.#refused(batch, result, failures);
        return;
      case "too-large":
        this.#tooLarge(batch, result);
        return;
      case "retryable":
        if (result.isTimeout && this.#halveAfterTimeouts(batch, result, failures)) return;
        this.#failed(batch, result, (health) =>
          health.failed(this.#attemptOf(result, failures), result.retryAfterMs),
        );
        return;
      case "blocked":
        this.#failed(batch, result, (health) =>
          health.blocked(this.#attemptOf(result, failures), result.advice),
        );
        return;
    }
  }

  /** Of an answer per item, only what can be retried goes again. */
  #concludeParts(
    batch: Batch<Item>,
    { rejected, retryable }: Extract<SendResult<Item>, { status: "partial" }>,
    failures: number,
  ): void {
    const left = new Set(retryable?.items);
    const refusals = new Map(rejected.map(({ item, failure }) => [item, failure]));
    if (left.size + refusals.size < batch.items.length) this.#accepted();
    else if (refusals.size > 0) this.#health.answered();
    for (const item of batch.items) {
      const failure = refusals.get(item);
      if (failure !== undefined) this.#reject(item, failure);
      else if (!left.has(item)) this.#leave(item, "delivered");
    }
    if (retryable === undefined) return;
    const { failure } = retryable;
    const again = batch.items.filter((item) => left.has(item)); // in their order, whatever the answer's
    this.#failed(createBatch(again), failure, (health) =>
      health.failed(this.#attemptOf(failure, failures)),
    );
  }

  /**
   * One bad item spoils a batch: halve it until the bad one stands alone, and refuse that one. After
   * many refusals in a row no item is given up until something is accepted: that is looked for from
   * the other end, since bad items are often neighbours.
   */
  #refused(batch: Batch<Item>, failure: Failure, failures: number): void {
    const refusals = this.#health.refused();
    if (refusals !== "some" && (batch.items.length < 2 || refusals === "all")) {
      const suspect = { ...batch, refusal: "suspect" as const };
      if (refusals === "many" && this.#isAnotherReady()) {
        this.#health.answered();
        this.#retries.append(suspect);
        return;
      }
      this.#failed(suspect, failure, (health) => {
        health.blocked(this.#attemptOf(failure, failures));
      });
      return;
    }
    this.#health.answered();
    if (this.#split(batch, "part")) return;
    for (const item of batch.items) this.#reject(item, failure);
  }

  /** Whether something can be tried that is no suspect. */
  #isAnotherReady(): boolean {
    return !this.#retries.isWithoutFresh || this.#isQueueDue(performance.now());
  }

  /** The endpoint took something: what it refused is looked at item by item again. */
  #accepted(): void {
    this.#retries.trust();
    this.#health.accepted(this.#retries.refusedCount + countRefused(this.#inFlight.keys()));
  }

  #tooLarge(batch: Batch<Item>, failure: Failure): void {
    this.#health.answered();
    this.#learnBatchBytes(batch);
    if (this.#split(batch, batch.refusal && "part")) return;
    for (const item of batch.items) {
      const smaller = this.#options.shrink(item);
      if (smaller === undefined || smaller.byteLength >= item.byteLength) {
        this.#reject(item, failure);
        continue;
      }
      this.#options.account.grow(smaller.byteLength - item.byteLength);
      this.#batchedBytes += smaller.byteLength - item.byteLength;
      this.#retries.prepend(createBatch([smaller]));
    }
  }

  /** What does not get through in time twice goes in halves: the way may be too slow for all of it. */
  #halveAfterTimeouts(batch: Batch<Item>, failure: Failure, failures: number): boolean {
    const timeouts = (this.#timeouts.get(batch) ?? 0) + 1;
    this.#timeouts.set(batch, timeouts);
    if (timeouts < MAX_TIMEOUTS || batch.items.length < 2 || this.#isHalted) return false;
    this.#learnBatchBytes(batch);
    this.#split(batch, batch.refusal && "part");
    this.#health.failed(this.#attemptOf(failure, failures));
    this.#waiters.failed();
    return true;
  }

  #learnBatchBytes({ byteLength }: Batch<Item>): void {
    this.#maxBatchBytes = Math.max(
      MIN_BATCH_BYTES,
      Math.min(this.#maxBatchBytes, Math.ceil(byteLength / 2)),
    );
  }

  /** @returns false for a batch that cannot be split */
  #split(batch: Batch<Item>, refusal?: "part"): boolean {
    return this.#retries.putHalves(batch, refusal, this.#health.refusals === "many");
  }

  /** Keeps a batch for another attempt. @param tell - says so to the endpoint's health */
  #failed(batch: Batch<Item>, failure: Failure, tell: (health: EndpointHealth) => void): void {
    this.#retries.putBack(batch);
    if (this.#isHalted) {
      this.#health.ended(failure); // it failed since we ended it, as a rule
      return;
    }
    tell(this.#health);
    this.#waiters.failed();
  }

  #attemptOf(failure: Failure, failures: number): FailedAttempt {
    const isAwaited = !this.#waiters.isEmpty;
    return { failure, failures, isAwaited, pendingCount: this.pendingCount };
  }

  #reject(item: Item, failure: Failure): void {
    this.#health.rejected(this.#options.describe(item), failure);
    this.#leave(item, "rejected", failure.code);
  }

  /** A batch was delivered as a whole. */
  #leaveAll({ items, byteLength }: Batch<Item>): void {
    this.#batchedBytes -= byteLength;
    this.#batchedCount -= items.length;
    const { account, onSettled } = this.#options;
    account.settle("delivered", byteLength, undefined, items.length);
    // What comes back from disk is in batches of its own.
    if (items[0]?.sequence === COMES_BACK) this.#returnedCount -= items.length;
    if (onSettled !== undefined) for (const item of items) onSettled(item);
    if (!this.#waiters.isEmpty) this.#waiters.settled(items, this.#isDiskSettled);
  }

  #leave(item: Item, outcome: "delivered" | "rejected", reason?: string): void {
    this.#batchedBytes -= item.byteLength;
    this.#batchedCount -= 1;
    if (item.sequence === COMES_BACK) this.#returnedCount -= 1;
    this.#settle(item, outcome, reason);
  }

  #overflow(item: Item): void {
    if (this.#options.overflow?.spill(item)) {
      this.#waiters.spilled(item.sequence);
      this.#isDiskIdle = false;
      this.#schedule();
    } else {
      this.drop(item, "queue full");
    }
  }

  #settle(item: Item, outcome: "delivered" | "rejected" | "dropped", reason?: string): void {
    this.#options.account.settle(outcome, item.byteLength, reason);
    this.#options.onSettled?.(item);
    if (!this.#waiters.isEmpty) this.#waiters.settled([item], this.#isDiskSettled);
  }

  get #isDiskSettled(): boolean {
    return this.#backlogCount === 0 && this.#returnedCount === 0 && !this.#isTaking;
  }

  /** Nobody waits for a firm pause that lasts beyond their deadline. */
  #giveUpWaiting(): void {
    if (!this.#health.isPauseFirm || this.#inFlight.size > 0 || this.#isTaking) return;
    this.#waiters.giveUpBefore(this.#health.pausedUntil);
  }

  /** Sets the one timer to when something is due next; what is in flight pumps when it is done. */
  #schedule(): void {
    if (this.#isHalted || this.#inFlight.size >= this.#concurrency) return;
    const dueAt = this.#dueAt();
    if (dueAt !== undefined) this.#timer.setBy(dueAt);
  }

  /** One at a time while the endpoint fails. */
  get #concurrency(): number {
    return this.#health.failures > 0 ? 1 : this.#options.limits.concurrency;
  }

  #dueAt(): number | undefined {
    if (!this.#retries.isEmpty || this.#isRoomForReturns) return this.#health.pausedUntil;
    if (this.#queue.size === 0) return undefined;
    const isReady = this.#isBatchFull() || !this.#waiters.isEmpty;
    const dueAt = isReady ? 0 : this.#oldestSince + this.#options.limits.flushIntervalMs;
    return Math.max(dueAt, this.#health.pausedUntil);
  }
}

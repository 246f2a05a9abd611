import { Attempts } from "./attempts";
import { BatchQueue } from "./batch-queue";
import type { DeliveryItem, DeliveryOptions, DrainWait } from "./delivery-options";
import { detached } from "./detached";
import { DrainWaiters } from "./drain-waiters";
import { EndpointHealth } from "./endpoint-health";
import { type Batch, RetryList } from "./retry-list";
import { UnsettledItems } from "./unsettled-items";
import { UntoldDrops } from "./untold-drops";
import { WakeTimer } from "./wake-timer";

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
 * What becomes of a batch by the result of its attempt: {@link Attempts}.
 */
export class Delivery<Item extends DeliveryItem> {
  readonly #options: DeliveryOptions<Item>;
  readonly #waiters = new DrainWaiters();
  readonly #retries = new RetryList<Item>();
  readonly #queue: BatchQueue<Item>;
  readonly #unsettled: UnsettledItems<Item>;
  readonly #health: EndpointHealth;
  readonly #attempts: Attempts<Item>;
  #sequence = 0;
  #isKicked = false;
  /** The disk gave nothing though it has a backlog. */
  #isDiskIdle = false;
  readonly #timer = new WakeTimer(() => this.#pump());
  readonly #untoldDrops = new UntoldDrops((reason, count) => {
    const { signal, onEvent } = this.#options;
    onEvent({ kind: "dropped", signal, count, reason });
  });

  constructor(options: DeliveryOptions<Item>) {
    this.#options = options;
    this.#queue = new BatchQueue(options.limits, this.#waiters, (item) => this.#overflow(item));
    this.#unsettled = new UnsettledItems(options, this.#queue, this.#waiters);
    this.#health = new EndpointHealth(options);
    const parts = {
      queue: this.#queue,
      retries: this.#retries,
      unsettled: this.#unsettled,
      waiters: this.#waiters,
      health: this.#health,
    };
    this.#attempts = new Attempts(options, parts, () => {
      this.#pump();
      this.#giveUpWaiting();
    });
  }

  /** Items in memory that are not settled: queued, in a batch or in flight. */
  get pendingCount(): number {
    return this.#unsettled.pendingCount;
  }

  /** What the endpoint, or the way to it, said last; undefined once it has gone right since. */
  get lastError(): string | undefined {
    return this.#health.lastError;
  }

  offer(item: Item): void {
    this.#sequence += 1;
    item.sequence = this.#sequence;
    const isFirst = this.#queue.enqueue(item, this.#unsettled.batchedBytes);
    if (this.#queue.isFull) this.#kick();
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
    const isOnDisk = !this.#unsettled.isDiskSettled;
    if (this.pendingCount === 0 && !isOnDisk) return Promise.resolve(true);
    const drained = this.#waiters.add({
      upToSequence: this.#sequence,
      remaining: this.pendingCount - this.#unsettled.returnedCount,
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
  halt(): Promise<void> {
    this.#timer.clear();
    return this.#attempts.halt();
  }

  /** Everything in memory that is not settled, oldest first, also what is in flight. The delivery is over; see {@link Delivery.halt}. */
  abandon(): Item[] {
    this.#timer.clear();
    const items: Item[] = [];
    for (const batch of [...this.#attempts.abandon(), ...this.#retries.takeAll()])
      items.push(...batch.items);
    while (this.#queue.size > 0) items.push(...this.#queue.take());
    this.#unsettled.abandonBatched();
    return items;
  }

  /** Tells of an item that is on the account as dropped already, since its record on disk is gone. */
  tellLost(reason: string): void {
    this.#noteDrop(reason);
    if (!this.#waiters.isEmpty) this.#waiters.review(this.#unsettled.isDiskSettled);
  }

  /** Books an item as dropped. */
  drop(item: Item, reason: string): void {
    this.#noteDrop(reason);
    this.#unsettled.settle(item, "dropped", reason);
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
    if (this.#attempts.isHalted) return;
    const now = performance.now();
    while (this.#attempts.isRoomForMore && now >= this.#health.pausedUntil) {
      const batch = this.#pickBatch(now);
      if (batch === undefined) break;
      this.#attempts.start(batch);
    }
    if (this.#isRoomForReturns && now >= this.#health.pausedUntil)
      void detached(() => this.#takeBack());
    this.#schedule();
  }

  #pickBatch(now: number): Batch<Item> | undefined {
    const isRetryLast = this.#retries.isEmpty || this.#retries.startsWithSuspect;
    if (isRetryLast && this.#queue.dueAt <= now) return this.#unsettled.batch(this.#queue.take());
    return this.#retries.take(this.#health.refusals === "many");
  }

  /** What is on disk comes back one batch ahead of what can be sent. */
  get #isRoomForReturns(): boolean {
    const backlogCount = this.#options.overflow?.backlogCount ?? 0;
    const isWorthAsking = backlogCount > 0 && !this.#unsettled.isTaking && !this.#isDiskIdle;
    return isWorthAsking && this.#retries.isEmpty;
  }

  async #takeBack(): Promise<void> {
    const items = await this.#unsettled.take(this.#queue.batchLimits);
    const batch = this.#unsettled.batchReturned(items);
    if (items.length === 0) {
      this.#isDiskIdle = true; // asked again when something changes, not in a circle
      this.#waiters.review(this.#unsettled.isDiskSettled);
      return;
    }
    this.#retries.append(batch); // when halted for `abandon` to give back
    this.#pump();
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

  /** Nobody waits for a firm pause that lasts beyond their deadline. */
  #giveUpWaiting(): void {
    if (!this.#health.isPauseFirm || !this.#attempts.isIdle || this.#unsettled.isTaking) return;
    this.#waiters.giveUpBefore(this.#health.pausedUntil);
  }

  /** Sets the one timer to when something is due next; what is in flight pumps when it is done. */
  #schedule(): void {
    if (this.#attempts.isHalted || !this.#attempts.isRoomForMore) return;
    const isOtherDue = !this.#retries.isEmpty || this.#isRoomForReturns;
    this.#timer.setBy(Math.max(isOtherDue ? 0 : this.#queue.dueAt, this.#health.pausedUntil));
  }
}

import type { BatchQueue } from "./batch-queue";
import type { DeliveryItem, DeliveryOptions } from "./delivery-options";
import { detached } from "./detached";
import type { DrainWaiters } from "./drain-waiters";
import type { EndpointHealth, FailedAttempt } from "./endpoint-health";
import { type Batch, countRefused, createBatch, type RetryList } from "./retry-list";
import type { Failure, SendResult } from "./send";
import type { UnsettledItems } from "./unsettled-items";

/** A batch that was not answered in time this often is halved. */
const MAX_TIMEOUTS = 2;

/** What the result of an attempt changes. */
export interface AttemptsParts<Item extends DeliveryItem> {
  readonly queue: BatchQueue<Item>;
  readonly retries: RetryList<Item>;
  readonly unsettled: UnsettledItems<Item>;
  readonly waiters: DrainWaiters;
  readonly health: EndpointHealth;
}

/**
 * Batches in flight, and what becomes of each by its result: its items are settled, or the batch
 * waits for another attempt, as it is, in halves, or as what is left of it.
 */
export class Attempts<Item extends DeliveryItem> {
  readonly #options: DeliveryOptions<Item>;
  readonly #queue: BatchQueue<Item>;
  readonly #retries: RetryList<Item>;
  readonly #unsettled: UnsettledItems<Item>;
  readonly #waiters: DrainWaiters;
  readonly #health: EndpointHealth;
  readonly #onEnded: () => void;
  /** With the promise of each attempt's end. */
  readonly #inFlight = new Map<Batch<Item>, Promise<void>>();
  /** How often a batch was not answered in time. */
  readonly #timeouts = new WeakMap<Batch<Item>, number>();
  #isHalted = false;

  /** @param onEnded - told of each attempt whose result was dealt with */
  constructor(
    options: DeliveryOptions<Item>,
    { queue, retries, unsettled, waiters, health }: AttemptsParts<Item>,
    onEnded: () => void,
  ) {
    this.#options = options;
    this.#queue = queue;
    this.#retries = retries;
    this.#unsettled = unsettled;
    this.#waiters = waiters;
    this.#health = health;
    this.#onEnded = onEnded;
  }

  /** Nothing is in flight. */
  get isIdle(): boolean {
    return this.#inFlight.size === 0;
  }

  /** One at a time while the endpoint fails. */
  get isRoomForMore(): boolean {
    const concurrency = this.#health.failures > 0 ? 1 : this.#options.limits.concurrency;
    return this.#inFlight.size < concurrency;
  }

  /** No more are to be started. */
  get isHalted(): boolean {
    return this.#isHalted;
  }

  start(batch: Batch<Item>): void {
    this.#inFlight.set(
      batch,
      detached(() => this.#attempt(batch)),
    );
  }

  /** Resolves when those in flight have ended, and are counted. */
  async halt(): Promise<void> {
    this.#isHalted = true;
    await Promise.all(this.#inFlight.values());
  }

  /** What is in flight is somebody else's: results come to nothing. */
  abandon(): Batch<Item>[] {
    this.#isHalted = true;
    const batches = [...this.#inFlight.keys()];
    this.#inFlight.clear();
    return batches;
  }

  async #attempt(batch: Batch<Item>): Promise<void> {
    const failuresBefore = this.#health.failures;
    let result: SendResult<Item>;
    try {
      result = await this.#options.send(batch.items);
    } catch (error) {
      result = cannotBeSent(error);
    }
    if (!this.#inFlight.delete(batch)) return; // abandoned meanwhile
    // Attempts at the same time fail as one.
    this.#conclude(batch, result, failuresBefore + 1);
    this.#onEnded();
  }

  /** @param failures - attempts that failed in a row, if this one did */
  #conclude(batch: Batch<Item>, result: SendResult<Item>, failures: number): void {
    switch (result.status) {
      case "delivered":
        this.#accepted();
        if (result.warning !== undefined) this.#health.advised(result.warning);
        this.#unsettled.delivered(batch);
        return;
      case "partial-success":
        this.#concludePartialSuccess(batch, result);
        return;
      case "per-item":
        this.#concludeParts(batch, result, failures);
        return;
      case "rejected":
        this.#refused(batch, result, failures);
        return;
      case "too-large":
        this.#tooLarge(batch, result);
        return;
      case "retryable":
        if (!result.isTimeout || !this.#halveAfterTimeouts(batch)) this.#retries.putBack(batch);
        this.#failed(result, failures, (attempt) =>
          this.#health.failed(attempt, result.retryAfterMs),
        );
        return;
      case "blocked":
        this.#retries.putBack(batch);
        this.#failed(result, failures, (attempt) => this.#health.blocked(attempt, result.advice));
        return;
    }
  }

  /** Nobody says which items were refused: the account has their number, and the bytes of as many. */
  #concludePartialSuccess(
    { items }: Batch<Item>,
    { rejectedCount, code, reason }: Extract<SendResult<Item>, { status: "partial-success" }>,
  ): void {
    const count = Math.min(rejectedCount, items.length);
    if (count < items.length) this.#acceptedSome();
    else this.#health.answered();
    this.#health.rejectedSome(count, items.length, { code, reason });
    for (const [index, item] of items.entries()) {
      if (index < count) this.#unsettled.settleBatched(item, "rejected", code);
      else this.#unsettled.settleBatched(item, "delivered");
    }
  }

  /** Of an answer per item, only what can be retried goes again. */
  #concludeParts(
    batch: Batch<Item>,
    { rejected, retryable }: Extract<SendResult<Item>, { status: "per-item" }>,
    failures: number,
  ): void {
    const left = new Set(retryable?.items);
    const refusals = new Map(rejected.map(({ item, failure }) => [item, failure]));
    const deliveredCount = batch.items.length - left.size - refusals.size;
    if (deliveredCount === batch.items.length) this.#accepted();
    else if (deliveredCount > 0) this.#acceptedSome();
    else if (refusals.size > 0) this.#health.answered();
    for (const item of batch.items) {
      const failure = refusals.get(item);
      if (failure !== undefined) this.#reject(item, failure);
      else if (!left.has(item)) this.#unsettled.settleBatched(item, "delivered");
    }
    if (retryable === undefined) return;
    const again = batch.items.filter((item) => left.has(item)); // in their order, whatever the answer's
    this.#retries.putBack(createBatch(again));
    this.#failed(retryable.failure, failures, (attempt) => this.#health.failed(attempt));
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
      this.#retries.putBack(suspect);
      this.#failed(failure, failures, (attempt) => this.#health.blocked(attempt));
      return;
    }
    this.#health.answered();
    if (this.#split(batch, "part")) return;
    for (const item of batch.items) this.#reject(item, failure);
  }

  /** Whether something can be tried that is no suspect. */
  #isAnotherReady(): boolean {
    return !this.#retries.isWithoutFresh || this.#queue.dueAt <= performance.now();
  }

  /** The endpoint took something: what it refused is looked at item by item again. */
  #accepted(): void {
    this.#acceptedSome();
    this.#health.forgive();
  }

  /** As {@link Attempts.#accepted}, and refused others: what was warned about goes on. */
  #acceptedSome(): void {
    this.#retries.trust();
    this.#health.accepted(this.#retries.refusedCount + countRefused(this.#inFlight.keys()));
  }

  #tooLarge(batch: Batch<Item>, failure: Failure): void {
    this.#health.answered();
    this.#queue.learnTooLarge(batch.byteLength);
    if (this.#split(batch, batch.refusal && "part")) return;
    for (const item of batch.items) {
      const smaller = this.#options.shrink(item);
      if (smaller === undefined || smaller.byteLength >= item.byteLength) {
        this.#reject(item, failure);
        continue;
      }
      this.#unsettled.replace(item, smaller);
      this.#retries.prepend(createBatch([smaller]));
    }
  }

  /**
   * What does not get through in time twice goes in halves: the way may be too slow for all of it.
   * @returns whether it does
   */
  #halveAfterTimeouts(batch: Batch<Item>): boolean {
    const timeouts = (this.#timeouts.get(batch) ?? 0) + 1;
    this.#timeouts.set(batch, timeouts);
    if (timeouts < MAX_TIMEOUTS || batch.items.length < 2 || this.#isHalted) return false;
    this.#queue.learnTooLarge(batch.byteLength);
    return this.#split(batch, batch.refusal && "part");
  }

  /** @returns false for a batch that cannot be split */
  #split(batch: Batch<Item>, refusal?: "part"): boolean {
    return this.#retries.putHalves(batch, refusal, this.#health.refusals === "many");
  }

  /** @param tell - says so to the endpoint's health */
  #failed(failure: Failure, failures: number, tell: (attempt: FailedAttempt) => void): void {
    if (this.#isHalted) {
      this.#health.ended(failure); // it failed since we ended it, as a rule
      return;
    }
    const isAwaited = !this.#waiters.isEmpty;
    tell({ failure, failures, isAwaited, pendingCount: this.#unsettled.pendingCount });
    this.#waiters.failed();
  }

  #reject(item: Item, failure: Failure): void {
    this.#health.rejected(this.#options.describe(item), failure);
    this.#unsettled.settleBatched(item, "rejected", failure.code);
  }
}

/** A body that cannot be made would fail again each time, and its error end the process. */
function cannotBeSent(error: unknown): SendResult {
  const reason = `cannot be sent (${error instanceof Error ? error.name : typeof error})`;
  return { status: "rejected", code: reason, reason };
}

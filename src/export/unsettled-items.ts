import type { Outcome } from "./account";
import type { BatchLimits, DeliveryItem, DeliveryOptions } from "./delivery-options";
import type { DrainWaiters } from "./drain-waiters";
import { type Batch, createBatch } from "./retry-list";

/** Sequence of an item that comes back from disk. */
const COMES_BACK = Number.POSITIVE_INFINITY;

type UnsettledItemsOptions<Item> = Pick<
  DeliveryOptions<Item>,
  "account" | "onSettled" | "overflow"
>;

/**
 * The items of a delivery that are not settled: counts those in batches and those on their way from
 * disk, and tells everybody who has to know when one is settled.
 */
export class UnsettledItems<Item extends DeliveryItem> {
  readonly #options: UnsettledItemsOptions<Item>;
  readonly #queue: { readonly size: number };
  readonly #waiters: DrainWaiters;
  #batchedCount = 0;
  #batchedBytes = 0;
  /** Of the batched: items that came back from disk. */
  #returnedCount = 0;
  #isTaking = false;

  constructor(
    options: UnsettledItemsOptions<Item>,
    queue: { readonly size: number },
    waiters: DrainWaiters,
  ) {
    this.#options = options;
    this.#queue = queue;
    this.#waiters = waiters;
  }

  /** Those in memory: queued, in a batch or in flight. */
  get pendingCount(): number {
    return this.#queue.size + this.#batchedCount;
  }

  /** Of the pending: those that came back from disk. */
  get returnedCount(): number {
    return this.#returnedCount;
  }

  /** Bytes of those in batches. */
  get batchedBytes(): number {
    return this.#batchedBytes;
  }

  /** Some are on their way from disk. */
  get isTaking(): boolean {
    return this.#isTaking;
  }

  /** None is on disk, on its way from there, or has come back from there. */
  get isDiskSettled(): boolean {
    const backlogCount = this.#options.overflow?.backlogCount ?? 0;
    return backlogCount === 0 && this.#returnedCount === 0 && !this.#isTaking;
  }

  /** Puts queued items into a batch. */
  batch(items: readonly Item[]): Batch<Item> {
    const batch = createBatch(items);
    this.#batchedBytes += batch.byteLength;
    this.#batchedCount += items.length;
    return batch;
  }

  /** Items from disk, oldest first; {@link UnsettledItems.batchReturned} is to get them at once. */
  take(limits: BatchLimits): Promise<Item[]> {
    this.#isTaking = true;
    return this.#options.overflow?.take(limits) ?? Promise.resolve([]);
  }

  /** Puts items from disk into a batch, which holds no others. */
  batchReturned(items: readonly Item[]): Batch<Item> {
    this.#isTaking = false;
    this.#returnedCount += items.length;
    for (const item of items) item.sequence = COMES_BACK;
    return this.batch(items);
  }

  /** An item in a batch was made smaller. */
  replace(item: Item, smaller: Item): void {
    const growth = smaller.byteLength - item.byteLength;
    this.#options.account.grow(growth);
    this.#batchedBytes += growth;
  }

  /** Settles a batch that was delivered as a whole. */
  delivered({ items, byteLength }: Batch<Item>): void {
    this.#leave(items[0], items.length, byteLength);
    const { account, onSettled } = this.#options;
    account.settle("delivered", byteLength, undefined, items.length);
    if (onSettled !== undefined) for (const item of items) onSettled(item);
    if (!this.#waiters.isEmpty) this.#waiters.settled(items, this.isDiskSettled);
  }

  /** Settles an item in a batch. */
  settleBatched(item: Item, outcome: "delivered" | "rejected", reason?: string): void {
    this.#leave(item, 1, item.byteLength);
    this.settle(item, outcome, reason);
  }

  /** Settles an item that is in no batch. */
  settle(item: Item, outcome: Outcome, reason?: string): void {
    const { account, onSettled } = this.#options;
    account.settle(outcome, item.byteLength, reason);
    onSettled?.(item);
    if (!this.#waiters.isEmpty) this.#waiters.settled([item], this.isDiskSettled);
  }

  /** What is in batches is somebody else's. */
  abandonBatched(): void {
    this.#batchedBytes = 0;
    this.#batchedCount = 0;
    this.#returnedCount = 0;
  }

  /** @param first - of `count` items, which all came back from disk if it did */
  #leave(first: Item | undefined, count: number, byteLength: number): void {
    this.#batchedBytes -= byteLength;
    this.#batchedCount -= count;
    if (first?.sequence === COMES_BACK) this.#returnedCount -= count;
  }
}

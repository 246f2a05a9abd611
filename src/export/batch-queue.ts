import { BoundedQueue, type QueueItem } from "./bounded-queue";
import type { BatchLimits, DeliveryLimits } from "./delivery-options";
import type { DrainWaiters } from "./drain-waiters";

/** Batches are not made smaller than this after "too large" answers. */
const MIN_BATCH_BYTES = 64 * 1024;

/** Items that wait for their first batch: when one is due, and how large it is. */
export class BatchQueue<Item extends QueueItem> {
  readonly #limits: DeliveryLimits;
  readonly #waiters: DrainWaiters;
  readonly #queue: BoundedQueue<Item>;
  #maxBatchBytes: number;
  /** When the first item came into a queue that was empty: no queued item is older. */
  #oldestSince = 0;

  /** @param onDrop - gets what does not fit */
  constructor(limits: DeliveryLimits, waiters: DrainWaiters, onDrop: (item: Item) => void) {
    this.#limits = limits;
    this.#waiters = waiters;
    this.#maxBatchBytes = limits.maxBatchBytes;
    this.#queue = new BoundedQueue<Item>({ maxBytes: limits.maxQueueBytes }, onDrop);
  }

  get size(): number {
    return this.#queue.size;
  }

  /** Enough items wait for a batch. */
  get isFull(): boolean {
    return (
      this.#queue.size >= this.#limits.maxBatchItems ||
      this.#queue.byteLength >= this.#maxBatchBytes
    );
  }

  /** When a batch is due, by `performance.now()`; never while nothing waits. */
  get dueAt(): number {
    if (this.#queue.size === 0) return Number.POSITIVE_INFINITY;
    if (this.isFull || !this.#waiters.isEmpty) return 0;
    return this.#oldestSince + this.#limits.flushIntervalMs;
  }

  /** Of a batch, as far as it is known what the endpoint takes. */
  get batchLimits(): BatchLimits {
    return { maxItems: this.#limits.maxBatchItems, maxBytes: this.#maxBatchBytes };
  }

  /**
   * @param otherBytes - held elsewhere under the same bound
   * @returns whether nothing waited before: those behind it are due when it is
   */
  enqueue(item: Item, otherBytes: number): boolean {
    const isFirst = this.#queue.size === 0;
    if (isFirst) this.#oldestSince = performance.now();
    this.#queue.enqueue(item, otherBytes);
    return isFirst;
  }

  /** Those of one batch. */
  take(): Item[] {
    return this.#queue.take(this.batchLimits);
  }

  /** A batch of this many bytes was too large, for the endpoint or the way to it. */
  learnTooLarge(byteLength: number): void {
    this.#maxBatchBytes = Math.max(
      MIN_BATCH_BYTES,
      Math.min(this.#maxBatchBytes, Math.ceil(byteLength / 2)),
    );
  }
}

/** What a queue bounds and orders by. */
export interface QueueItem {
  readonly byteLength: number;
  /** Roots are dropped last: a trace without its root cannot be read. */
  readonly isRoot: boolean;
}

export interface QueueLimits {
  readonly maxBytes: number;
}

/** Share of the bound that is freed at once when children make room for a root, so that a flood of roots stays linear. */
const EVICTION_SHARE = 0.05;

/**
 * First in, first out, bounded by bytes. When full, what comes is dropped; but for a root, children
 * that came last make room. Conservation: items offered = taken + dropped + size, always.
 */
export class BoundedQueue<Item extends QueueItem> {
  readonly #limits: QueueLimits;
  readonly #onDrop: (item: Item) => void;
  /** Taken items leave a hole at `#head`; the array is compacted when half of it is holes. */
  #items: (Item | undefined)[] = [];
  #head = 0;
  #byteLength = 0;
  #childBytes = 0;

  constructor(limits: QueueLimits, onDrop: (item: Item) => void) {
    this.#limits = limits;
    this.#onDrop = onDrop;
  }

  get size(): number {
    return this.#items.length - this.#head;
  }

  get byteLength(): number {
    return this.#byteLength;
  }

  /** @param otherBytes - held elsewhere under the same bound (in flight, waiting for a retry) */
  enqueue(item: Item, otherBytes = 0): void {
    const room = this.#limits.maxBytes - otherBytes - this.#byteLength;
    if (item.byteLength > room) {
      if (!item.isRoot || !this.#evictChildren(item.byteLength - room)) {
        this.#onDrop(item);
        return;
      }
    }
    this.#items.push(item);
    this.#byteLength += item.byteLength;
    if (!item.isRoot) this.#childBytes += item.byteLength;
  }

  /**
   * Takes from the front, at least one item if there is any, then as many as fit.
   * @param limits - of the batch taken; the first item may be larger than `maxBytes`
   */
  take({ maxItems, maxBytes }: { maxItems: number; maxBytes: number }): Item[] {
    const isAll = this.#head === 0 && this.size <= maxItems && this.#byteLength <= maxBytes;
    if (isAll) return this.#takeAll();
    const end = Math.min(this.#items.length, this.#head + maxItems);
    const taken: Item[] = [];
    let bytes = 0;
    let next = this.#head;
    for (; next < end; next += 1) {
      const item = this.#items[next];
      if (item === undefined) break; // not reachable: within the array
      if (bytes > 0 && bytes + item.byteLength > maxBytes) break;
      taken.push(item);
      this.#items[next] = undefined; // what left must not stay in memory
      bytes += item.byteLength;
      if (!item.isRoot) this.#childBytes -= item.byteLength;
    }
    this.#head = next;
    this.#byteLength -= bytes;
    if (this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return taken;
  }

  #takeAll(): Item[] {
    const items = this.#items as Item[]; // holes are before the head only, which is the beginning
    this.#items = [];
    this.#byteLength = 0;
    this.#childBytes = 0;
    return items;
  }

  /** Drops the children that came last, unless all of them were too few. @returns whether `bytes` of room were made */
  #evictChildren(bytes: number): boolean {
    if (this.#childBytes < bytes) return false;
    const wanted = Math.max(bytes, this.#limits.maxBytes * EVICTION_SHARE);
    let freed = 0;
    const kept: Item[] = [];
    const evicted: Item[] = [];
    let index = this.#items.length - 1;
    for (; index >= this.#head && freed < wanted; index -= 1) {
      const item = this.#items[index];
      if (item === undefined) break; // not reachable: within the array
      if (item.isRoot) {
        kept.push(item);
        continue;
      }
      freed += item.byteLength;
      evicted.push(item);
    }
    this.#items.length = index + 1;
    for (const item of kept.reverse()) this.#items.push(item);
    this.#byteLength -= freed;
    this.#childBytes -= freed;
    // Last, when the queue is whole again: a logger that is told may itself be traced and enqueue.
    for (const item of evicted) this.#onDrop(item);
    return true;
  }
}

import type { DeliveryCounts, LossReasons } from "../diagnostics/stats";

/** The way an item left: each item takes exactly one, once. */
export type Outcome = "delivered" | "rejected" | "dropped";

interface Tally {
  offered: number;
  delivered: number;
  rejected: number;
  dropped: number;
}

/**
 * The books of one signal. What is pending is what was offered and has not left by one of the
 * outcomes; the parts that hold items count it for themselves, and a test compares the two.
 */
export class Account {
  readonly #items: Tally = { offered: 0, delivered: 0, rejected: 0, dropped: 0 };
  readonly #bytes: Tally = { offered: 0, delivered: 0, rejected: 0, dropped: 0 };
  readonly #reasons = new Map<string, number>();

  offer(byteLength: number): void {
    this.#items.offered += 1;
    this.#bytes.offered += byteLength;
  }

  /** Bytes that joined an item after it was offered (the attributes of its trace). */
  grow(byteLength: number): void {
    this.#bytes.offered += byteLength;
  }

  /** @param byteLength - of all of them @param count - of items, @default 1 */
  settle(outcome: Outcome, byteLength: number, reason?: string, count = 1): void {
    this.#items[outcome] += count;
    this.#bytes[outcome] += byteLength;
    if (reason !== undefined) this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + count);
  }

  get counts(): DeliveryCounts {
    return withPending(this.#items);
  }

  get bytes(): DeliveryCounts {
    return withPending(this.#bytes);
  }

  get reasons(): LossReasons {
    return Object.fromEntries(this.#reasons);
  }
}

function withPending(tally: Tally): DeliveryCounts {
  const { offered, delivered, rejected, dropped } = tally;
  return {
    offered,
    delivered,
    rejected,
    dropped,
    pending: offered - delivered - rejected - dropped,
  };
}

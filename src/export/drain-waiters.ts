/** Somebody waiting for all that was pending when they came. */
interface Waiter {
  /** Items that came later do not count. */
  readonly upToSequence: number;
  remaining: number;
  readonly done: () => void;
}

/** Those who wait for items to be settled. Items are numbered in the order they come. */
export class DrainWaiters {
  readonly #waiters = new Set<Waiter>();

  get isEmpty(): boolean {
    return this.#waiters.size === 0;
  }

  /**
   * Resolves when `pendingCount` items numbered up to `upToSequence` have been settled.
   * @param signal - ends the wait: once aborted, the promise stays unsettled and nothing is kept
   */
  wait(upToSequence: number, pendingCount: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((done) => {
      const waiter = { upToSequence, remaining: pendingCount, done };
      this.#waiters.add(waiter);
      signal?.addEventListener("abort", () => this.#waiters.delete(waiter), { once: true });
    });
  }

  /** To be told of every item once, when it has left for good. */
  settled(sequence: number): void {
    for (const waiter of this.#waiters) {
      if (sequence > waiter.upToSequence) continue;
      waiter.remaining -= 1;
      if (waiter.remaining > 0) continue;
      this.#waiters.delete(waiter);
      waiter.done();
    }
  }
}

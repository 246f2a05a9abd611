/** Somebody who waits until all that was pending when they came is settled. */
export interface DrainWaiter {
  /** Items that came later do not count. */
  readonly upToSequence: number;
  /** Items in memory that are still to be settled. */
  remaining: number;
  /** Part of what they wait for is on disk: they wait until nothing is there any more. */
  needsDisk: boolean;
  /** By `performance.now()`. */
  readonly deadlineAt: number;
  /** What is not settled is kept on disk anyway: they do not wait for an endpoint that fails. */
  readonly leavesOnFailure: boolean;
}

/** Those who wait for a delivery to be drained. Few at a time. */
export class DrainWaiters {
  readonly #waiting = new Map<DrainWaiter, (isSettled: boolean) => void>();

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** @returns resolves to whether all is settled; false when it was given up */
  add(waiter: DrainWaiter): Promise<boolean> {
    return new Promise((resolve) => {
      this.#waiting.set(waiter, resolve);
    });
  }

  /**
   * Items were settled.
   * @param items - in the order they came: where the last one counts, all of them do
   * @param isDiskSettled - nothing is on disk or on its way from there
   */
  settled(items: readonly { readonly sequence: number }[], isDiskSettled: boolean): void {
    const last = items.at(-1)?.sequence ?? 0;
    for (const [waiter] of this.#waiting) {
      if (last <= waiter.upToSequence) waiter.remaining -= items.length;
      else {
        for (const { sequence } of items)
          if (sequence <= waiter.upToSequence) waiter.remaining -= 1;
      }
    }
    this.review(isDiskSettled);
  }

  /** An item in memory went to disk. */
  spilled(sequence: number): void {
    for (const [waiter] of this.#waiting) {
      if (sequence > waiter.upToSequence) continue;
      waiter.remaining -= 1;
      waiter.needsDisk = true;
    }
  }

  /** Lets those go whose items are all settled. */
  review(isDiskSettled: boolean): void {
    for (const [waiter] of this.#waiting) {
      if (waiter.remaining <= 0 && (isDiskSettled || !waiter.needsDisk)) {
        this.#letGo(waiter, true);
      }
    }
  }

  /** Lets those go whose deadline comes before `at`, by `performance.now()`. */
  giveUpBefore(at: number): void {
    for (const [waiter] of this.#waiting) if (waiter.deadlineAt <= at) this.#letGo(waiter, false);
  }

  /** Lets everybody go. */
  giveUpAll(): void {
    this.giveUpBefore(Number.POSITIVE_INFINITY);
  }

  /** An attempt failed. */
  failed(): void {
    for (const [waiter] of this.#waiting) if (waiter.leavesOnFailure) this.#letGo(waiter, false);
  }

  #letGo(waiter: DrainWaiter, isSettled: boolean): void {
    const resolve = this.#waiting.get(waiter);
    this.#waiting.delete(waiter);
    resolve?.(isSettled);
  }
}

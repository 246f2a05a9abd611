/** Something to wait for before an item can go on. */
interface Job {
  /** Resolves when it has gone on. */
  readonly isOver: Promise<void>;
  /** Goes on now, with what is there. */
  expire(): void;
}

/**
 * What waits for an answer from outside (an async mask, an upload) before it can go on. Each job goes
 * on exactly once: when its wait is over, or when there is no more time for it.
 */
export class PendingWork {
  readonly #jobs = new Set<Job>();
  readonly #maxBytes: number;
  #byteLength = 0;

  /** @param maxBytes - that may wait at the same time; what comes beyond goes on at once */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * @param wait - never rejects, and does not resolve to undefined
   * @param goOn - gets what came, or undefined when there is no more time; never throws
   */
  add<T>(wait: Promise<T>, byteLength: number, goOn: (value: T | undefined) => void): void {
    if (this.#byteLength + byteLength > this.#maxBytes) {
      goOn(undefined);
      return;
    }
    this.#byteLength += byteLength;
    let settle: () => void = () => undefined; // replaced at once: the executor runs synchronously
    const isOver = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const end = (value: T | undefined): void => {
      if (!this.#jobs.delete(job)) return;
      this.#byteLength -= byteLength;
      goOn(value);
      settle();
    };
    const job: Job = { isOver, expire: () => end(undefined) };
    this.#jobs.add(job);
    void wait.then(end);
  }

  get isEmpty(): boolean {
    return this.#jobs.size === 0;
  }

  /** Resolves when everything that waits now has gone on. */
  async idle(): Promise<void> {
    await Promise.all([...this.#jobs].map(({ isOver }) => isOver));
  }

  /** Lets everything go on now. */
  expireAll(): void {
    for (const job of [...this.#jobs]) job.expire();
  }
}

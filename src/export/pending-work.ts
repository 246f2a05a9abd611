import { guard, reportDefect } from "../diagnostics/guard";
import type { Diagnostics } from "../diagnostics/logger";

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
  readonly #diagnostics: Diagnostics;
  #byteLength = 0;

  /** @param maxBytes - that may wait at the same time; what comes beyond goes on at once */
  constructor(maxBytes: number, diagnostics: Diagnostics) {
    this.#maxBytes = maxBytes;
    this.#diagnostics = diagnostics;
  }

  /**
   * @param wait - does not resolve to undefined; where it rejects, which is a defect, there is no
   * more time
   * @param goOn - gets what came, or undefined when there is no more time
   */
  add<T>(wait: Promise<T>, byteLength: number, goOn: (value: T | undefined) => void): void {
    if (this.#byteLength + byteLength > this.#maxBytes) {
      this.#diagnostics.warnOnce(
        "waiting",
        `More than ${this.#maxBytes} bytes wait for the mask or for uploads: what comes beyond does not wait, and leaves with its media inline and, where the mask is async, as "[masking failed]". Raise maxHoldBytes, or make the mask faster.`,
      );
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
      // Nobody above would catch what it throws: it would end the process.
      guard(this.#diagnostics, () => goOn(value));
      settle();
    };
    const job: Job = { isOver, expire: () => end(undefined) };
    this.#jobs.add(job);
    wait.then(end, (error) => {
      reportDefect(this.#diagnostics, error);
      end(undefined);
    });
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

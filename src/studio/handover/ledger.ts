import type { HandoverCounts, HandoverProgress } from "../api/handover-types";

type Step = HandoverProgress["step"];

interface Count {
  found: number;
  sent: number;
  refused: number;
}

const MAX_PROBLEMS = 10;

/** What has become of everything so far, and what is to be said of it. */
export class Ledger {
  readonly #onProgress: (progress: HandoverProgress) => void;
  readonly #counts: Readonly<Record<Step, Count>> = {
    files: { found: 0, sent: 0, refused: 0 },
    observations: { found: 0, sent: 0, refused: 0 },
    scores: { found: 0, sent: 0, refused: 0 },
  };
  readonly #problems: string[] = [];
  #unsaidCount = 0;
  readonly notes: string[] = [];
  /** Nothing more will be taken. */
  isStopped = false;

  constructor(onProgress: (progress: HandoverProgress) => void) {
    this.#onProgress = onProgress;
  }

  find(step: Step, count: number): void {
    this.#counts[step].found += count;
  }

  sent(step: Step, count = 1): void {
    this.#counts[step].sent += count;
    this.#tell(step, null);
  }

  refused(step: Step, count: number, reason: string): void {
    this.#counts[step].refused += count;
    this.#problem(reason);
    this.#tell(step, null);
  }

  /** An attempt failed, and there will be another one. */
  trouble(step: Step, reason: string): void {
    this.#tell(step, reason);
  }

  /** @param reason - a sentence */
  stop(reason: string): void {
    this.isStopped = true;
    this.#problem(reason);
  }

  countsOf(step: Step): HandoverCounts {
    const { found, sent, refused } = this.#counts[step];
    return { found, sent, refused, left: Math.max(0, found - sent - refused) };
  }

  get problems(): readonly string[] {
    const more = this.#unsaidCount;
    return more === 0 ? this.#problems : [...this.#problems, `… and ${more} more`];
  }

  #problem(reason: string): void {
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push(reason);
    else this.#unsaidCount += 1;
  }

  #tell(step: Step, trouble: string | null): void {
    const { found, sent, refused } = this.#counts[step];
    // What came while it was sent is sent as well.
    const doneCount = sent + refused;
    const count = Math.max(found, doneCount);
    this.#onProgress({ type: "progress", step, doneCount, count, trouble });
  }
}

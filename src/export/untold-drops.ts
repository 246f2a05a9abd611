import { detached } from "./detached";

/** Drops by reason, told together: a flood of them is one call per turn of the event loop. */
export class UntoldDrops {
  readonly #tell: (reason: string, count: number) => void;
  readonly #counts = new Map<string, number>();

  /** @param tell - never throws; may cause another drop */
  constructor(tell: (reason: string, count: number) => void) {
    this.#tell = tell;
  }

  add(reason: string): void {
    if (this.#counts.size === 0) detached(() => setImmediate(() => this.tell())).unref();
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  /** At once. */
  tell(): void {
    const drops = [...this.#counts];
    this.#counts.clear(); // first: whoever is told may cause another one
    for (const [reason, count] of drops) this.#tell(reason, count);
  }
}

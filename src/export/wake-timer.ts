import { detached } from "./detached";

/** A timer that is to wait longer fires at once, and would again and again. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** One timer for what is due next. Unref'd; may fire early where it is far off. */
export class WakeTimer {
  readonly #wake: () => void;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Number.POSITIVE_INFINITY;

  constructor(wake: () => void) {
    this.#wake = wake;
  }

  /** Fires at this time, by `performance.now()`, unless it fires before anyway. */
  setBy(dueAt: number): void {
    if (dueAt >= this.#dueAt) return;
    this.clear();
    this.#dueAt = dueAt;
    const delayMs = Math.min(MAX_TIMER_MS, Math.max(0, Math.ceil(dueAt - performance.now())));
    const fire = (): void => {
      this.clear();
      this.#wake();
    };
    this.#timer = detached(() => setTimeout(fire, delayMs)).unref();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#dueAt = Number.POSITIVE_INFINITY;
  }
}

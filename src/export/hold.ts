import type { BoundTrace } from "../attributes/span-record";
import type { TraceAttributes } from "../attributes/trace-attributes";
import { detached } from "./detached";

/** An encoded span whose trace attributes are still open. */
export interface HeldSpan {
  readonly byteLength: number;
  /** At first it stands in memory that many spans share; see {@link OWN_MEMORY_AFTER_MS}. */
  giveOwnMemory(): void;
}

/** Told what leaves: spans of one trace, oldest first, and the attributes it has then. */
export type OnRelease<Span> = (spans: readonly Span[], traceAttributes: TraceAttributes) => void;

export interface HoldLimits {
  readonly maxHoldBytes: number;
  /** Longest time a span is held, in milliseconds. */
  readonly holdMs: number;
}

/**
 * A span that waits this long gets memory of its own: a small span must not keep alive the whole
 * slab it was encoded in. Most traces are over before.
 */
const OWN_MEMORY_AFTER_MS = 1_000;

/** Spans of one trace that wait, oldest first. */
interface Waiting<Span> {
  readonly spans: Span[];
  byteLength: number;
  /** When the first of them came, by the hold's clock. */
  readonly since: number;
  /** Spans from the start of the list that have memory of their own. */
  ownedCount: number;
}

/**
 * Keeps ended spans until the attributes of their trace are final.
 *
 *     add ─▶ [ trace A: span span span ]   oldest trace first
 *            [ trace B: span ]             ─▶ release ─▶ its spans and attributes
 *
 * Bounded in bytes and in time: past a bound the oldest trace leaves with the attributes it has.
 * Nothing is lost here.
 */
export class Hold<Span extends HeldSpan> {
  readonly #waiting = new Map<BoundTrace, Waiting<Span>>();
  readonly #limits: HoldLimits;
  readonly #onRelease: OnRelease<Span>;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #byteLength = 0;
  #spanCount = 0;

  constructor(
    limits: HoldLimits,
    onRelease: OnRelease<Span>,
    now: () => number = () => performance.now(),
  ) {
    this.#limits = limits;
    this.#onRelease = onRelease;
    this.#now = now;
  }

  get byteLength(): number {
    return this.#byteLength;
  }

  get spanCount(): number {
    return this.#spanCount;
  }

  /** Takes a span, which leaves at once where its trace is over and nothing of it is held. */
  add(trace: BoundTrace, span: Span): void {
    let waiting = this.#waiting.get(trace);
    if (waiting === undefined) {
      if (trace.isOver) {
        this.#onRelease([span], trace.attributes);
        return;
      }
      waiting = { spans: [], byteLength: 0, since: this.#now(), ownedCount: 0 };
      this.#waiting.set(trace, waiting);
      this.#arm();
    }
    waiting.spans.push(span);
    waiting.byteLength += span.byteLength;
    this.#byteLength += span.byteLength;
    this.#spanCount += 1;
    while (this.#byteLength > this.#limits.maxHoldBytes) this.#releaseOldest();
  }

  /** Lets a trace's spans go with its attributes as they are now; a no-op when none is held. */
  release(trace: BoundTrace): void {
    const waiting = this.#waiting.get(trace);
    if (waiting === undefined) return;
    this.#waiting.delete(trace);
    this.#byteLength -= waiting.byteLength;
    this.#spanCount -= waiting.spans.length;
    this.#onRelease(waiting.spans, trace.attributes);
  }

  releaseAll(): void {
    for (const trace of [...this.#waiting.keys()]) this.release(trace);
    this.#disarm();
  }

  #releaseOldest(): void {
    for (const trace of this.#waiting.keys()) {
      this.release(trace);
      return;
    }
  }

  /** One timer for what is due next: memory of their own, or the end of the hold. */
  #arm(): void {
    if (this.#timer !== undefined) return;
    const oldest = this.#waiting.values().next().value;
    if (oldest === undefined) return;
    const untilExpiryMs = oldest.since + this.#limits.holdMs - this.#now();
    const look = (): void => {
      this.#timer = undefined;
      this.#releaseExpired();
      for (const waiting of this.#waiting.values()) giveOwnMemory(waiting);
      this.#arm();
    };
    const delayMs = Math.max(0, Math.min(untilExpiryMs, OWN_MEMORY_AFTER_MS));
    this.#timer = detached(() => setTimeout(look, delayMs)).unref();
  }

  #releaseExpired(): void {
    const oldestAllowed = this.#now() - this.#limits.holdMs;
    for (const [trace, { since }] of this.#waiting) {
      if (since > oldestAllowed) return; // in the order they came
      this.release(trace);
    }
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

function giveOwnMemory(waiting: Waiting<HeldSpan>): void {
  for (; waiting.ownedCount < waiting.spans.length; waiting.ownedCount += 1) {
    waiting.spans[waiting.ownedCount]?.giveOwnMemory();
  }
}

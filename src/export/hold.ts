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

/**
 * Spans of one trace that wait, oldest first. A link in the chain of all of them, which the trace itself
 * leads to: a map of them costs several times as much.
 */
interface Waiting<Span> {
  readonly trace: BoundTrace;
  /** Of all that ever waited, counted from 1. */
  readonly order: number;
  readonly spans: Span[];
  byteLength: number;
  /** When the first of them came, by the hold's clock. */
  readonly since: number;
  /** Spans from the start of the list that have memory of their own. */
  ownedCount: number;
  older: Waiting<Span> | undefined;
  newer: Waiting<Span> | undefined;
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
  #oldest: Waiting<Span> | undefined;
  #newest: Waiting<Span> | undefined;
  /** All that ever waited. */
  #traceCount = 0;
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
    const known = waitingOf<Span>(trace);
    if (known === undefined && trace.isOver) {
      this.#onRelease([span], trace.attributes);
      return;
    }
    const waiting = known ?? this.#begin(trace);
    waiting.spans.push(span);
    waiting.byteLength += span.byteLength;
    this.#byteLength += span.byteLength;
    this.#spanCount += 1;
    while (this.#oldest !== undefined && this.#byteLength > this.#limits.maxHoldBytes) {
      this.#release(this.#oldest);
    }
  }

  /** Lets a trace's spans go with its attributes as they are now; a no-op when none is held. */
  release(trace: BoundTrace): void {
    const waiting = waitingOf<Span>(trace);
    if (waiting !== undefined) this.#release(waiting);
  }

  /** All that came before the call. */
  releaseAll(): void {
    const last = this.#traceCount;
    while (this.#oldest !== undefined && this.#oldest.order <= last) this.#release(this.#oldest);
    this.#disarm();
  }

  #begin(trace: BoundTrace): Waiting<Span> {
    this.#traceCount += 1;
    const waiting: Waiting<Span> = {
      trace,
      order: this.#traceCount,
      spans: [],
      byteLength: 0,
      since: this.#now(),
      ownedCount: 0,
      older: this.#newest,
      newer: undefined,
    };
    if (this.#newest === undefined) this.#oldest = waiting;
    else this.#newest.newer = waiting;
    this.#newest = waiting;
    trace.held = waiting;
    this.#arm();
    return waiting;
  }

  #release(waiting: Waiting<Span>): void {
    const { trace, older, newer } = waiting;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    trace.held = undefined;
    waiting.older = undefined; // a link that is gone must not keep others in memory
    waiting.newer = undefined;
    this.#byteLength -= waiting.byteLength;
    this.#spanCount -= waiting.spans.length;
    this.#onRelease(waiting.spans, trace.attributes);
  }

  /** One timer for what is due next: memory of their own, or the end of the hold. */
  #arm(): void {
    if (this.#timer !== undefined) return;
    if (this.#oldest === undefined) return;
    const untilExpiryMs = this.#oldest.since + this.#limits.holdMs - this.#now();
    const look = (): void => {
      this.#timer = undefined;
      this.#releaseExpired();
      for (let one = this.#oldest; one !== undefined; one = one.newer) giveOwnMemory(one);
      this.#arm();
    };
    const delayMs = Math.max(0, Math.min(untilExpiryMs, OWN_MEMORY_AFTER_MS));
    this.#timer = detached(() => setTimeout(look, delayMs)).unref();
  }

  #releaseExpired(): void {
    const oldestAllowed = this.#now() - this.#limits.holdMs;
    while (this.#oldest !== undefined && this.#oldest.since <= oldestAllowed) {
      this.#release(this.#oldest); // in the order they came
    }
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

function waitingOf<Span>(trace: BoundTrace): Waiting<Span> | undefined {
  return trace.held as Waiting<Span> | undefined; // set in the hold only
}

function giveOwnMemory(waiting: Waiting<HeldSpan>): void {
  for (; waiting.ownedCount < waiting.spans.length; waiting.ownedCount += 1) {
    waiting.spans[waiting.ownedCount]?.giveOwnMemory();
  }
}

import type { BoundTrace } from "../attributes/span-record";
import {
  layTraceAttributes,
  NO_TRACE_ATTRIBUTES,
  type TraceAttributes,
} from "../attributes/trace-attributes";
import { detached } from "./detached";
import { framedLength } from "./encode-request";
import { encodeTraceAttributes } from "./encode-span";
import type { ReleasedSpan } from "./released-span";

/** An encoded span whose trace attributes are still open. */
export interface HeldSpan {
  readonly body: Buffer;
  readonly isRoot: boolean;
  /** What the span says itself; beats the trace's. */
  readonly own: TraceAttributes;
  /** What a scope around gave the span for want of better; the trace's beat it. */
  readonly fallback: TraceAttributes;
}

export interface HoldLimits {
  readonly maxHoldBytes: number;
  /** Longest time a span is held, in milliseconds. */
  readonly holdMs: number;
}

/** Spans of one trace that wait, oldest first. */
interface Waiting {
  readonly spans: HeldSpan[];
  byteLength: number;
  /** When the first of them came, by the hold's clock. */
  readonly since: number;
}

/**
 * Keeps ended spans until the attributes of their trace are final, then stamps those on them.
 *
 *     add ─▶ [ trace A: span span span ]   oldest trace first
 *            [ trace B: span ]             ─▶ release ─▶ onRelease(span with its trace's attributes)
 *
 * Bounded in bytes and in time: past a bound the oldest trace leaves with the attributes it has.
 * Nothing is lost here.
 */
export class Hold {
  readonly #waiting = new Map<BoundTrace, Waiting>();
  readonly #limits: HoldLimits;
  readonly #onRelease: (span: ReleasedSpan) => void;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #byteLength = 0;
  #spanCount = 0;

  constructor(
    limits: HoldLimits,
    onRelease: (span: ReleasedSpan) => void,
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

  add(trace: BoundTrace, span: HeldSpan): void {
    let waiting = this.#waiting.get(trace);
    if (waiting === undefined) {
      waiting = { spans: [], byteLength: 0, since: this.#now() };
      this.#waiting.set(trace, waiting);
      this.#arm();
    }
    waiting.spans.push(span);
    waiting.byteLength += span.body.length;
    this.#byteLength += span.body.length;
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
    // Most spans say nothing themselves: they share these bytes.
    const shared = encodeTraceAttributes(trace.attributes, NO_TRACE_ATTRIBUTES);
    for (const span of waiting.spans) {
      const isPlain = span.own === NO_TRACE_ATTRIBUTES && span.fallback === NO_TRACE_ATTRIBUTES;
      const traceAttributes = isPlain
        ? shared
        : encodeTraceAttributes(layTraceAttributes(span.fallback, trace.attributes), span.own);
      const { body, isRoot } = span;
      const byteLength = framedLength(body.length + traceAttributes.length);
      this.#onRelease({ body, traceAttributes, isRoot, byteLength });
    }
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

  /** One timer for the oldest trace; whoever comes later is looked at when it fires. */
  #arm(): void {
    if (this.#timer !== undefined) return;
    const oldest = this.#waiting.values().next().value;
    if (oldest === undefined) return;
    const delayMs = Math.max(0, oldest.since + this.#limits.holdMs - this.#now());
    const expire = (): void => {
      this.#timer = undefined;
      this.#releaseExpired();
      this.#arm();
    };
    this.#timer = detached(() => setTimeout(expire, delayMs)).unref();
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

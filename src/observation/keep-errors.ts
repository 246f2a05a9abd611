import { RECORD_BYTES, textLengthOf } from "../attributes/record-size";
import type { SpanRecord, SpanSink } from "../attributes/span-record";
import type { TraceAttributes } from "../attributes/trace-attributes";
import type { Diagnostics } from "../diagnostics/logger";
import type { TraceState } from "./trace-state";
import type { TraceSink } from "./tracer";

/** What a character takes up at most. */
const CHARACTER_BYTES = 2;
/** A picture or file that was no text, whose size is not known before it is loaded. */
const UNKNOWN_MEDIA_BYTES = 1_048_576;

interface WaitingSpan {
  readonly record: SpanRecord;
  readonly fallback: TraceAttributes;
}

/** What an undecided trace has left so far, in the order it came. */
interface Waiting {
  readonly spans: WaitingSpan[];
  /** JSON texts. */
  readonly scores: string[];
  byteLength: number;
}

/**
 * Keeps the spans of undecided traces back until one of their observations fails.
 *
 *     end ─▶ sampled ──────────────────────────────▶ inner
 *            undecided ─▶ [ span span score ] ─ error ─▶ inner, all of it; the trace is sampled
 *                                             └ root ended ─▶ forgotten
 *
 * What waits is on nobody's account until it is handed on, and a flush does not hand it on. Bounded
 * in bytes: beyond, the oldest trace is forgotten, which is said once. Not bounded in time: an agent that fails after
 * ten minutes is what this is for.
 */
export class KeepErrors implements TraceSink {
  readonly #inner: SpanSink;
  readonly #maxBytes: number;
  readonly #diagnostics: Diagnostics;
  /** Oldest first. Never of a trace that is over. */
  readonly #waiting = new Map<TraceState, Waiting>();
  #byteLength = 0;

  constructor(
    inner: SpanSink,
    limits: { readonly maxHoldBytes: number },
    diagnostics: Diagnostics,
  ) {
    this.#inner = inner;
    this.#maxBytes = limits.maxHoldBytes;
    this.#diagnostics = diagnostics;
  }

  /** Of all that waits, by its texts. */
  get byteLength(): number {
    return this.#byteLength;
  }

  end(trace: TraceState, record: SpanRecord, fallback: TraceAttributes): void {
    if (trace.sampling !== "sampled" && record.level === "ERROR") this.#keep(trace);
    if (trace.sampling === "sampled") this.#inner.end(trace, record, fallback);
    else if (trace.isOver) this.#forget(trace);
    else if (trace.sampling === "undecided") {
      this.#wait(trace, sizeOf(record), ({ spans }) => spans.push({ record, fallback }));
    }
  }

  release(trace: TraceState): void {
    if (trace.sampling === "sampled") this.#inner.release(trace);
    else this.#forget(trace);
  }

  score(json: string, trace?: TraceState): void {
    if (trace === undefined || trace.sampling === "sampled") this.#inner.score(json);
    else if (trace.sampling === "undecided") {
      this.#wait(trace, json.length * CHARACTER_BYTES, ({ scores }) => scores.push(json));
    }
  }

  #wait(trace: TraceState, byteLength: number, add: (waiting: Waiting) => void): void {
    let waiting = this.#waiting.get(trace);
    if (waiting === undefined) {
      waiting = { spans: [], scores: [], byteLength: 0 };
      this.#waiting.set(trace, waiting);
    }
    add(waiting);
    waiting.byteLength += byteLength;
    this.#byteLength += byteLength;
    for (const oldest of this.#waiting.keys()) {
      if (this.#byteLength <= this.#maxBytes) return;
      this.#diagnostics.warnOnce(
        "keepErrors is full",
        `More than ${this.#maxBytes} bytes of spans wait for an error of their traces (keepErrors): the oldest traces are forgotten, and of one that fails later only what ends from then on is delivered. Raise maxHoldBytes, or record less in each span.`,
      );
      this.#forget(oldest);
    }
  }

  #keep(trace: TraceState): void {
    trace.sampling = "sampled";
    const waiting = this.#take(trace);
    for (const { record, fallback } of waiting?.spans ?? []) {
      this.#inner.end(trace, record, fallback);
    }
    for (const json of waiting?.scores ?? []) this.#inner.score(json);
  }

  #forget(trace: TraceState): void {
    trace.sampling = "forgotten";
    this.#take(trace);
  }

  #take(trace: TraceState): Waiting | undefined {
    const waiting = this.#waiting.get(trace);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(trace);
    this.#byteLength -= waiting.byteLength;
    return waiting;
  }
}

function sizeOf(record: SpanRecord): number {
  let characters = textLengthOf(record);
  let mediaBytes = 0;
  for (const { original } of record.media ?? []) {
    if (original === undefined) mediaBytes += UNKNOWN_MEDIA_BYTES;
    else characters += original.length;
  }
  return RECORD_BYTES + characters * CHARACTER_BYTES + mediaBytes;
}

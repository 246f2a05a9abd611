import { RECORD_BYTES, textLengthOf } from "../attributes/record-size";
import type { BoundTrace, SpanRecord } from "../attributes/span-record";
import { layTraceAttributes, type TraceAttributes } from "../attributes/trace-attributes";
import { toExportCandidate } from "../config/export-candidate";
import { callHook } from "../diagnostics/guard";
import type { Diagnostics } from "../diagnostics/logger";
import type { DeliveryEvent } from "../diagnostics/stats";
import { encodeSpan, encodeTraceAttributes } from "./encode-span";
import type { Hold } from "./hold";
import type { PendingWork } from "./pending-work";
import { type PreparationTools, prepare } from "./preparation";
import { layOnce } from "./redaction/lay-once";
import type { SpoolTicket } from "./spool/spool";
import type { Target } from "./target";

/** A target that a held span goes to, and the span's place on that target's disk. */
export interface Passage {
  readonly target: Target;
  readonly ticket: SpoolTicket | undefined;
}

export interface IntakeOptions extends PreparationTools {
  /** At least one. */
  readonly targets: readonly Target[];
  readonly diagnostics: Diagnostics;
  /** Never throws. */
  readonly onEvent: (event: DeliveryEvent) => void;
}

/** An observation that has ended. */
interface EndedSpan {
  readonly trace: BoundTrace;
  readonly record: SpanRecord;
  /** Trace attributes for want of better. */
  readonly fallback: TraceAttributes;
}

const NOTHING = Buffer.alloc(0);

/**
 * From a span's end to the hold: choose its targets → count it there → prepare (media, redaction) →
 * encode → to disk, where the client is durable.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #hold: Hold<readonly Passage[]>;
  readonly #waiting: PendingWork;
  /** To every target, none of which writes to disk at once: what most spans take. */
  readonly #plainPassages: readonly Passage[];
  readonly #hasRoutes: boolean;
  readonly #isDurable: boolean;

  /** @param waiting - takes the spans that a mask or an upload is waited for */
  constructor(options: IntakeOptions, hold: Hold<readonly Passage[]>, waiting: PendingWork) {
    const { targets } = options;
    this.#options = options;
    this.#hold = hold;
    this.#waiting = waiting;
    this.#plainPassages = targets.map((target) => ({ target, ticket: undefined }));
    this.#hasRoutes = targets.some(({ config }) => config.route !== undefined);
    this.#isDurable = targets.some(({ isDurable }) => isDurable);
  }

  /** Never throws. */
  take(span: EndedSpan): void {
    const { record, trace } = span;
    const targets = this.targetsFor(record);
    if (targets.length === 0) return; // none of the routes wants it
    for (const target of targets) target.offer("spans");
    const preparation = prepare(record, this.#options, targets);
    if (preparation === undefined) {
      this.#keep(span, targets);
      return;
    }
    const byteLength = RECORD_BYTES + textLengthOf(record);
    this.#waiting.add(preparation.isReady, byteLength, (isReady) => {
      if (isReady === undefined) preparation.expire();
      this.#keep(span, targets);
      if (trace.isOver) this.#hold.release(trace);
    });
  }

  targetsFor(record: SpanRecord): readonly Target[] {
    const { targets, diagnostics } = this.#options;
    if (!this.#hasRoutes) return targets;
    const candidate = toExportCandidate(record);
    return targets.filter(({ config: { route } }) => {
      if (route === undefined) return true;
      // A predicate that fails keeps the span: better one too many than one lost.
      return callHook(diagnostics, () => route(candidate)) !== false;
    });
  }

  #keep({ trace, record, fallback }: EndedSpan, targets: readonly Target[]): void {
    const body = this.#encode(record, targets);
    if (body === undefined) return;
    const extra = this.#admit(targets, body, { trace, record, fallback });
    this.#hold.add(trace, { body, isRoot: record.isRoot, own: record.own, fallback, extra });
  }

  /** A span that cannot be encoded is rejected alone. */
  #encode(record: SpanRecord, targets: readonly Target[]): Buffer | undefined {
    try {
      return encodeSpan(record);
    } catch (error) {
      const reason = `cannot be encoded (${error instanceof Error ? error.name : "unknown"})`;
      for (const { spans } of targets) spans.account.settle("rejected", 0, reason);
      this.#options.onEvent({ kind: "rejected", signal: "spans", count: 1, reason });
      this.#options.diagnostics.warnOnce(`spans ${reason}`, `A span ${reason}.`);
      return undefined;
    }
  }

  /** Adds a span's bytes to the books of each target, and puts it on disk where the client is durable. */
  #admit(
    targets: readonly Target[],
    body: Buffer,
    { trace, record: { isRoot, own }, fallback }: EndedSpan,
  ): readonly Passage[] {
    const isPlain = !this.#isDurable && targets === this.#options.targets;
    const traceAttributes = this.#isDurable
      ? this.#encodeKnown(fallback, trace.attributes, own)
      : NOTHING;
    const passages: Passage[] = [];
    for (const target of targets) {
      const ticket = target.admit({ body, traceAttributes, isRoot });
      if (!isPlain) passages.push({ target, ticket });
    }
    return isPlain ? this.#plainPassages : passages;
  }

  /** What of trace attributes may be written to disk already: nothing, while a mask is asked. */
  #encodeKnown(fallback: TraceAttributes, ofTrace: TraceAttributes, own: TraceAttributes): Buffer {
    const { redaction } = this.#options;
    if (redaction === undefined) {
      return encodeTraceAttributes(layTraceAttributes(fallback, ofTrace), own);
    }
    const cleaned = redaction.trace(layOnce(fallback, ofTrace));
    return cleaned instanceof Promise ? NOTHING : encodeTraceAttributes(cleaned, own);
  }
}

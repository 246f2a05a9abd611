import { RECORD_BYTES, textLengthOf } from "../attributes/record-size";
import type { BoundTrace, SpanRecord } from "../attributes/span-record";
import {
  type AttributeVisitor,
  layTraceAttributes,
  NO_TRACE_ATTRIBUTES,
  type TraceAttributes,
  visitTraceAttributes,
} from "../attributes/trace-attributes";
import { toExportCandidate } from "../config/export-candidate";
import { callHook } from "../diagnostics/guard";
import type { Diagnostics } from "../diagnostics/logger";
import type { DeliveryEvent } from "../diagnostics/stats";
import { encodeSpan, encodeTraceAttributes } from "./encode-span";
import {
  CHILD_BINDING,
  type EncodedSpan,
  type Passage,
  ROOT_BINDING,
  type SpanBinding,
} from "./encoded-span";
import type { Hold } from "./hold";
import type { PendingWork } from "./pending-work";
import { type Preparation, type PreparationTools, prepare } from "./preparation";
import { layOnce } from "./redaction/lay-once";
import type { Target } from "./target";

export interface IntakeOptions extends PreparationTools {
  /** At least one. */
  readonly targets: readonly Target[];
  readonly diagnostics: Diagnostics;
  /** Never throws. */
  readonly onEvent: (event: DeliveryEvent) => void;
}

const NOTHING = Buffer.alloc(0);
/**
 * In characters, keys included. Larger trace attributes are encoded once at the release, for all spans
 * of the trace, instead of into each: they would fill the hold.
 */
const MAX_STAMP_LENGTH = 512;

/**
 * From a span's end to the hold: choose its targets → count it there → prepare (media, redaction) →
 * encode → to disk, where the client is durable.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #hold: Hold<EncodedSpan>;
  readonly #waiting: PendingWork;
  /** The way to every target, none of which writes to disk at once. */
  readonly #plainPassages: readonly Passage[];
  /** What most spans have: nothing of their own, and {@link Intake.#plainPassages}. */
  readonly #plainRoot: SpanBinding;
  readonly #plainChild: SpanBinding;
  readonly #hasRoutes: boolean;
  readonly #isDurable: boolean;
  /** Asked of the attributes of the last span: those of a trace come in a row. */
  #measured: TraceAttributes = NO_TRACE_ATTRIBUTES;
  #isSmall = true;

  /** @param waiting - takes the spans that a mask or an upload is waited for */
  constructor(options: IntakeOptions, hold: Hold<EncodedSpan>, waiting: PendingWork) {
    const { targets } = options;
    this.#options = options;
    this.#hold = hold;
    this.#waiting = waiting;
    const passages = targets.map((target) => ({ target, ticket: undefined }));
    this.#plainPassages = passages;
    this.#plainRoot = { ...ROOT_BINDING, passages };
    this.#plainChild = { ...CHILD_BINDING, passages };
    this.#hasRoutes = targets.some(({ config }) => config.route !== undefined);
    this.#isDurable = targets.some(({ isDurable }) => isDurable);
  }

  /*
   * Every span comes this way. Lists are walked by index, and what makes closures is a method of its own:
   * iterators and closures that most spans do not need would take memory for each.
   */

  /**
   * Takes a span that has ended. Never throws.
   * @param fallback - trace attributes for want of better
   */
  take(trace: BoundTrace, record: SpanRecord, fallback: TraceAttributes): void {
    const targets = this.targetsFor(record);
    if (targets.length === 0) return; // none of the routes wants it
    for (let at = 0; at < targets.length; at += 1) targets[at]?.offer("spans");
    const preparation = prepare(record, this.#options, targets);
    if (preparation === undefined) this.#keep(trace, record, fallback, targets);
    else this.#wait(preparation, trace, record, fallback, targets);
  }

  targetsFor(record: SpanRecord): readonly Target[] {
    return this.#hasRoutes ? this.#route(record) : this.#options.targets;
  }

  #wait(
    preparation: Preparation,
    trace: BoundTrace,
    record: SpanRecord,
    fallback: TraceAttributes,
    targets: readonly Target[],
  ): void {
    const byteLength = RECORD_BYTES + textLengthOf(record);
    this.#waiting.add(preparation.isReady, byteLength, (isReady) => {
      if (isReady === undefined) preparation.expire();
      this.#keep(trace, record, fallback, targets);
    });
  }

  #route(record: SpanRecord): readonly Target[] {
    const { targets, diagnostics } = this.#options;
    const candidate = toExportCandidate(record);
    return targets.filter(({ config: { route } }) => {
      if (route === undefined) return true;
      // A predicate that fails keeps the span: better one too many than one lost.
      return callHook(diagnostics, () => route(candidate)) !== false;
    });
  }

  #keep(
    trace: BoundTrace,
    record: SpanRecord,
    fallback: TraceAttributes,
    targets: readonly Target[],
  ): void {
    let span: EncodedSpan;
    try {
      span = encodeSpan(record, this.#stampOf(trace, fallback), fallback);
    } catch (error) {
      this.#reject(error, targets);
      return;
    }
    for (let at = 0; at < targets.length; at += 1) {
      targets[at]?.spans.account.grow(span.bodyLength);
    }
    const passages = this.#passagesOf(span, trace, targets);
    span.binding = this.#bind(span.binding, passages);
    this.#hold.add(trace, span);
  }

  #bind(binding: SpanBinding, passages: readonly Passage[]): SpanBinding {
    if (passages === this.#plainPassages) {
      if (binding === ROOT_BINDING) return this.#plainRoot;
      if (binding === CHILD_BINDING) return this.#plainChild;
    }
    return { ...binding, passages };
  }

  /** A span that cannot be encoded is rejected alone. */
  #reject(error: unknown, targets: readonly Target[]): void {
    const reason = `cannot be encoded (${error instanceof Error ? error.name : "unknown"})`;
    for (const { spans } of targets) spans.account.settle("rejected", 0, reason);
    this.#options.onEvent({ kind: "rejected", signal: "spans", count: 1, reason });
    this.#options.diagnostics.warnOnce(`spans ${reason}`, `A span ${reason}.`);
  }

  /** The trace attributes that a span can have at once: small ones that most likely are the last. */
  #stampOf({ attributes }: BoundTrace, fallback: TraceAttributes): TraceAttributes {
    const isPlain = this.#options.redaction === undefined && fallback === NO_TRACE_ATTRIBUTES;
    if (!isPlain) return NO_TRACE_ATTRIBUTES;
    if (attributes !== this.#measured) {
      this.#measured = attributes;
      this.#isSmall = lengthOf(attributes) <= MAX_STAMP_LENGTH;
    }
    return this.#isSmall ? attributes : NO_TRACE_ATTRIBUTES;
  }

  #passagesOf(
    span: EncodedSpan,
    trace: BoundTrace,
    targets: readonly Target[],
  ): readonly Passage[] {
    if (this.#isDurable) return this.#journal(span, trace, targets);
    if (targets === this.#options.targets) return this.#plainPassages;
    return targets.map((target) => ({ target, ticket: undefined }));
  }

  /** Puts a span on disk, as far as it is known. */
  #journal(span: EncodedSpan, trace: BoundTrace, targets: readonly Target[]): readonly Passage[] {
    const { own, fallback } = span.binding;
    const traceAttributes = span.hasStamp(trace.attributes)
      ? span.traceAttributes
      : this.#encodeKnown(fallback, trace.attributes, own);
    const stored = { body: span.body, traceAttributes, isRoot: span.isRoot };
    return targets.map((target) => ({ target, ticket: target.journal(stored) }));
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

/** Adds up the lengths of keys and values. */
class LengthCount implements AttributeVisitor {
  length = 0;

  string(key: string, value: string): void {
    this.length += key.length + value.length;
  }

  strings(key: string, values: readonly string[]): void {
    this.length += key.length;
    for (const value of values) this.length += value.length;
  }

  boolean(key: string): void {
    this.length += key.length;
  }
}

function lengthOf(attributes: TraceAttributes): number {
  const count = new LengthCount();
  visitTraceAttributes(attributes, count);
  return count.length;
}

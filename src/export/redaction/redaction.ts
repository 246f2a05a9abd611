import type { SpanRecord } from "../../attributes/span-record";
import { NO_TRACE_ATTRIBUTES, type TraceAttributes } from "../../attributes/trace-attributes";
import { serialize } from "../../capture/serialize";
import type {
  Mask,
  OutgoingRecord,
  OutgoingSpan,
  OutgoingTrace,
} from "../../config/outgoing-record";
import { reportDefect } from "../../diagnostics/guard";
import type { Diagnostics } from "../../diagnostics/logger";
import type { ScoreBody } from "../ingestion/ingestion-event";
import { mapTexts } from "./map-texts";
import { createMaskCall, MASKING_FAILED } from "./mask-call";
import { readScore, toOutgoingScore } from "./outgoing-score";
import { applyOutgoingSpan, toOutgoingSpan } from "./outgoing-span";
import { readTraceFields, toTraceFields } from "./outgoing-trace";
import type { ReadText } from "./read-text";

/**
 * Takes out of records what must not leave: by the rules of `redact`, then by the user's `mask`. What
 * cannot be masked has `[masking failed]` in place of each text. Nothing here throws or rejects; the
 * methods that begin with `fail` are for when there is no time for an answer.
 */
export interface Redaction {
  /** In place: at once, or when the promise resolves. */
  span(record: SpanRecord): Promise<void> | undefined;
  failSpan(record: SpanRecord): void;
  /** The same answer for the same attributes, by identity; the promise only until it is known. */
  trace(attributes: TraceAttributes): TraceAttributes | Promise<TraceAttributes>;
  failTrace(attributes: TraceAttributes): TraceAttributes;
  score(body: ScoreBody): ScoreBody | Promise<ScoreBody>;
  failScore(body: ScoreBody): ScoreBody;
}

export interface RedactionOptions {
  /** Applies the rules of `redact` to one text; undefined where there are none. Never throws. */
  readonly redactText: ((text: string) => string) | undefined;
  readonly mask: Mask | undefined;
  readonly maskTimeoutMs: number;
  readonly maxFieldBytes: number;
  readonly diagnostics: Diagnostics;
}

/** @returns undefined where nothing is to be taken out */
export function createRedaction(options: RedactionOptions): Redaction | undefined {
  const { redactText, mask, maxFieldBytes } = options;
  if (redactText === undefined && mask === undefined) return undefined;
  const clean = createCleaner(options);
  const read: ReadText = (value) => serialize(value, { maxBytes: maxFieldBytes });
  const traces = new WeakMap<TraceAttributes, TraceAttributes | Promise<TraceAttributes>>();

  const applySpan = (record: SpanRecord, span: OutgoingSpan): void =>
    applyOutgoingSpan(record, span, read);
  const applyTrace = (attributes: TraceAttributes, trace: OutgoingTrace): TraceAttributes =>
    readTraceFields(attributes, trace, read);

  return {
    span(record) {
      const cleaned = clean(() => toOutgoingSpan(record));
      if (cleaned instanceof Promise) return cleaned.then((span) => applySpan(record, span));
      applySpan(record, cleaned);
      return undefined;
    },
    failSpan: (record) => applySpan(record, failed(toOutgoingSpan(record))),
    trace(attributes) {
      if (attributes === NO_TRACE_ATTRIBUTES) return attributes;
      const known = traces.get(attributes);
      if (known !== undefined) return known;
      const cleaned = clean(() => toOutgoingTrace(attributes));
      if (!(cleaned instanceof Promise))
        return remember(attributes, applyTrace(attributes, cleaned));
      const pending = cleaned.then((trace) => remember(attributes, applyTrace(attributes, trace)));
      traces.set(attributes, pending);
      return pending;
    },
    failTrace: (attributes) => applyTrace(attributes, failed(toOutgoingTrace(attributes))),
    score(body) {
      const cleaned = clean(() => toOutgoingScore(body));
      if (cleaned instanceof Promise) return cleaned.then((score) => readScore(body, score, read));
      return readScore(body, cleaned, read);
    },
    failScore: (body) => readScore(body, failed(toOutgoingScore(body)), read),
  };

  function remember(attributes: TraceAttributes, cleaned: TraceAttributes): TraceAttributes {
    traces.set(attributes, cleaned);
    return cleaned;
  }
}

/** Redacts and masks what `copy` makes; a failed copy where that does not work. */
type Cleaner = <R extends OutgoingRecord>(copy: () => R) => R | Promise<R>;

function createCleaner(options: RedactionOptions): Cleaner {
  const { redactText, mask, maskTimeoutMs, diagnostics } = options;
  const callMask = mask && createMaskCall({ mask, timeoutMs: maskTimeoutMs, diagnostics });
  return (copy) => {
    try {
      const record = copy();
      if (redactText !== undefined) mapTexts(record, redactText);
      if (callMask === undefined) return record;
      const finish = (masked: OutgoingRecord | undefined): typeof record =>
        masked === undefined ? failed(copy()) : (masked as typeof record); // checked to be of the same kind
      const masked = callMask(record);
      return masked instanceof Promise ? masked.then(finish) : finish(masked);
    } catch (error) {
      reportDefect(diagnostics, error);
      return failed(copy());
    }
  };
}

/** @returns the record, with the mark of a failure in place of each text */
function failed<R extends OutgoingRecord>(record: R): R {
  mapTexts(record, () => MASKING_FAILED);
  return record;
}

function toOutgoingTrace(attributes: TraceAttributes): OutgoingTrace {
  return { kind: "trace", ...toTraceFields(attributes) };
}

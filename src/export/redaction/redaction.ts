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
import { createMaskCall, MASKING_FAILED, tellMaskFailure } from "./mask-call";
import { readScore, toOutgoingScore } from "./outgoing-score";
import { applyOutgoingSpan, toOutgoingSpan } from "./outgoing-span";
import { readTraceFields, toTraceFields } from "./outgoing-trace";
import type { ReadText } from "./read-text";

/**
 * Takes out of records what must not leave: by the rules of `redact`, then by the user's `mask`. What
 * cannot be masked has `[masking failed]` in place of each text. Nothing here throws or rejects; the
 * methods that begin with `fail` are for when there is no time for an answer, and say so once.
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
  const { redactText, mask, maxFieldBytes, diagnostics } = options;
  if (redactText === undefined && mask === undefined) return undefined;
  const clean = createCleaner(options);
  const read: ReadText = (value) => serialize(value, { maxBytes: maxFieldBytes });
  const traces = new WeakMap<TraceAttributes, TraceAttributes | Promise<TraceAttributes>>();

  const applySpan = (record: SpanRecord, span: OutgoingSpan): undefined => {
    applyOutgoingSpan(record, span, read);
  };
  const applyTrace = (attributes: TraceAttributes, trace: OutgoingTrace): TraceAttributes =>
    readTraceFields(attributes, trace, read);

  const giveUp = <R extends OutgoingRecord>(record: R): R => {
    tellMaskFailure(diagnostics, "had no time to answer");
    return failed(record);
  };

  return {
    span: (record) =>
      clean(
        () => toOutgoingSpan(record),
        (span) => applySpan(record, span),
      ),
    failSpan: (record) => applySpan(record, giveUp(toOutgoingSpan(record))),
    trace(attributes) {
      if (attributes === NO_TRACE_ATTRIBUTES) return attributes;
      const known = traces.get(attributes);
      if (known !== undefined) return known;
      const remember = (cleaned: TraceAttributes): TraceAttributes => {
        traces.set(attributes, cleaned);
        return cleaned;
      };
      const cleaned = clean(
        () => toOutgoingTrace(attributes),
        (trace) => remember(applyTrace(attributes, trace)),
      );
      if (cleaned instanceof Promise) traces.set(attributes, cleaned);
      return cleaned;
    },
    failTrace(attributes) {
      if (attributes === NO_TRACE_ATTRIBUTES) return attributes;
      return applyTrace(attributes, giveUp(toOutgoingTrace(attributes)));
    },
    score: (body) =>
      clean(
        () => toOutgoingScore(body),
        (score) => readScore(body, score, read),
      ),
    failScore: (body) => readScore(body, giveUp(toOutgoingScore(body)), read),
  };
}

/**
 * Redacts and masks what `copy` makes, and hands it to `apply`; a failed copy where that does not
 * work, also where reading what the mask returned throws.
 */
type Cleaner = <R extends OutgoingRecord, Result>(
  copy: () => R,
  apply: (record: R) => Result,
) => Result | Promise<Result>;

function createCleaner(options: RedactionOptions): Cleaner {
  const { redactText, mask, maskTimeoutMs, diagnostics } = options;
  const callMask = mask && createMaskCall({ mask, timeoutMs: maskTimeoutMs, diagnostics });
  return (copy, apply) => {
    const finish = (masked: OutgoingRecord | undefined): ReturnType<typeof apply> => {
      if (masked === undefined) return apply(failed(copy()));
      try {
        return apply(masked as ReturnType<typeof copy>); // checked to be of the same kind
      } catch {
        tellMaskFailure(diagnostics, "returned a record that cannot be read");
        return apply(failed(copy()));
      }
    };
    try {
      const record = copy();
      if (redactText !== undefined) mapTexts(record, redactText);
      if (callMask === undefined) return apply(record);
      const masked = callMask(record);
      return masked instanceof Promise ? masked.then(finish) : finish(masked);
    } catch (error) {
      reportDefect(diagnostics, error);
      return apply(failed(copy()));
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

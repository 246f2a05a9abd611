import type { SpanRecord } from "../attributes/span-record";
import type { TraceAttributes } from "../attributes/trace-attributes";
import type { ExportCandidate } from "../config/export-candidate";
import type { ContextStore, Frame } from "../context/context-store";
import type { Diagnostics } from "../diagnostics/logger";
import type { Clock } from "./clock";
import type { FieldReader } from "./field-reader";
import type { RecordedObservation } from "./recorded-observation";
import type { TraceState } from "./trace-state";

/** What is active: the observation, and the trace attributes given by scopes. */
export type TraceFrame = Frame<RecordedObservation, TraceAttributes>;
export type TraceContext = ContextStore<RecordedObservation, TraceAttributes>;

/** Takes what ended, as `SpanSink` does, with all that is known of the trace. Never throws. */
export interface TraceSink {
  end(trace: TraceState, record: SpanRecord, fallback: TraceAttributes): void;
  release(trace: TraceState): void;
  /** @param trace - whose decision the score follows; without it, it leaves */
  score(json: string, trace?: TraceState): void;
}

/** What observations need of their client. */
export interface Tracer {
  readonly context: TraceContext;
  readonly clock: Clock;
  readonly reader: FieldReader;
  readonly sink: TraceSink;
  readonly diagnostics: Diagnostics;
  /** Share of traces recorded, 0 to 1. */
  readonly sampleRate: number;
  /** Whether the other traces are recorded until one of their observations fails. */
  readonly keepErrors: boolean;
  readonly environment: string | undefined;
  /** Bytes of one field. */
  readonly maxFieldBytes: number;
  readonly shouldExport: ((candidate: ExportCandidate) => boolean) | undefined;
}

/** The scope that counts for a span of `trace` started in `frame`, beyond the trace's own first values. */
export function scopeWithin(
  trace: TraceState,
  frame: TraceFrame | undefined,
): TraceAttributes | undefined {
  if (frame?.scope === undefined || frame.scope === trace.initialScope) return undefined;
  const isOfOtherTrace = frame.active !== undefined && frame.active.trace !== trace;
  return isOfOtherTrace ? undefined : frame.scope;
}

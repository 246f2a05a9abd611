import type { SpanSink } from "../attributes/span-record";
import type { TraceAttributes } from "../attributes/trace-attributes";
import type { ExportCandidate } from "../config/export-candidate";
import type { ContextStore, Frame } from "../context/context-store";
import type { Diagnostics } from "../diagnostics/logger";
import type { Clock } from "./clock";
import type { FieldReader } from "./field-reader";
import type { RecordedObservation } from "./recorded-observation";

/** What is active: the observation, and the trace attributes given by scopes. */
export type TraceFrame = Frame<RecordedObservation, TraceAttributes>;
export type TraceContext = ContextStore<RecordedObservation, TraceAttributes>;

/** What observations need of their client. */
export interface Tracer {
  readonly context: TraceContext;
  readonly clock: Clock;
  readonly reader: FieldReader;
  readonly sink: SpanSink;
  readonly diagnostics: Diagnostics;
  /** Share of traces recorded, 0 to 1. */
  readonly sampleRate: number;
  readonly environment: string | undefined;
  /** Bytes of one field. */
  readonly maxFieldBytes: number;
  readonly shouldExport: ((candidate: ExportCandidate) => boolean) | undefined;
}

import type { SpanId, TraceId } from "./ids";
import type { MediaAttachment } from "./media-attachment";
import type { ObservationLevel, ObservationType } from "./observation-types";
import type { TraceAttributes } from "./trace-attributes";

/**
 * An ended observation, ready to be encoded: every value is already the text that goes out. Times
 * are milliseconds with fractions, counted from `epochMs` (whole Unix milliseconds).
 */
export interface SpanRecord {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly parentSpanId: SpanId | undefined;
  /** The parent is in another process. */
  readonly isParentRemote: boolean;
  /** First span of ours in the trace: the logical root. */
  readonly isRoot: boolean;
  readonly type: ObservationType;
  readonly epochMs: number;
  readonly startMs: number;
  endMs: number;
  name: string;
  input: string | undefined;
  output: string | undefined;
  /** Metadata that is an object, one text per top-level key. */
  metadata: ReadonlyMap<string, string> | undefined;
  /** Metadata that is not an object. */
  metadataText: string | undefined;
  /** Whose tokens stand in input, output and metadata. */
  media?: MediaAttachment[] | undefined;
  level: ObservationLevel | undefined;
  statusMessage: string | undefined;
  model: string | undefined;
  modelParameters: string | undefined;
  usageDetails: string | undefined;
  costDetails: string | undefined;
  completionStartMs: number | undefined;
  /** JSON text; see PLAYHEAD_KEYS.streamTimeline. */
  streamTimeline: string | undefined;
  promptName: string | undefined;
  promptVersion: number | undefined;
  exceptions: ExceptionRecord[] | undefined;
  /**
   * Trace-level attributes that are this span's own (given by a scope inside the trace, or its
   * version) and beat the trace's.
   */
  own: TraceAttributes;
}

/** An exception recorded on a span. */
export interface ExceptionRecord {
  readonly timeMs: number;
  readonly type: string;
  readonly message: string;
  readonly stacktrace: string | undefined;
}

/** A trace as the export sees it: where its attributes stand at any moment. */
export interface BoundTrace {
  /** Immutable; replaced by each update. */
  readonly attributes: TraceAttributes;
  /** The local root has ended: what ends from now on is not held. */
  readonly isOver: boolean;
  /** What whoever holds its spans keeps of it, which nobody else may touch. */
  held: object | undefined;
}

/** Takes what ended. Never throws. */
export interface SpanSink {
  /** @param fallback - trace attributes for want of better; those of the trace beat them */
  end(trace: BoundTrace, record: SpanRecord, fallback: TraceAttributes): void;
  /** Lets the trace's spans that are held go, with the attributes it has now. */
  release(trace: BoundTrace): void;
  /** Takes a score as the JSON text of a request body. */
  score(json: string): void;
}

import type { ObservationType } from "../attributes/observation-types";

/**
 * An ended observation as it would leave: every value is the text that goes out (strings as they
 * are, everything else JSON text). What is `readonly` stays as it is whatever a mask returns.
 */
export interface OutgoingSpan {
  readonly kind: "span";
  readonly traceId: string;
  readonly id: string;
  readonly parentId?: string | undefined;
  readonly type: ObservationType;
  name: string;
  input?: string | undefined;
  output?: string | undefined;
  /** Metadata that is an object: one text per top-level key. */
  metadata?: Record<string, string> | undefined;
  /** Metadata that is not an object. */
  metadataText?: string | undefined;
  readonly level?: string | undefined;
  statusMessage?: string | undefined;
  model?: string | undefined;
  modelParameters?: string | undefined;
  usageDetails?: string | undefined;
  costDetails?: string | undefined;
  promptName?: string | undefined;
  /** See `playhead.stream.timeline` in docs/capture.md. */
  streamTimeline?: string | undefined;
  exceptions?: OutgoingException[] | undefined;
  /** What scopes inside the trace gave this span alone, and its version. */
  own?: OutgoingTraceFields | undefined;
}

export interface OutgoingException {
  type: string;
  message: string;
  stacktrace?: string | undefined;
}

/** What the spans of a trace share; it is put on them when they are released. */
export interface OutgoingTrace extends OutgoingTraceFields {
  readonly kind: "trace";
}

export interface OutgoingTraceFields {
  name?: string | undefined;
  sessionId?: string | undefined;
  userId?: string | undefined;
  tags?: string[] | undefined;
  metadata?: Record<string, string> | undefined;
  version?: string | undefined;
  release?: string | undefined;
  environment?: string | undefined;
}

/** A score, as the body of `POST /api/public/scores`. */
export interface OutgoingScore {
  readonly kind: "score";
  readonly id: string;
  readonly traceId?: string | undefined;
  readonly observationId?: string | undefined;
  sessionId?: string | undefined;
  name: string;
  value: string | number;
  comment?: string | undefined;
  metadata?: Record<string, string> | undefined;
  environment?: string | undefined;
}

/** Everything that would leave, one record at a time; what `mask` gets and returns. */
export type OutgoingRecord = OutgoingSpan | OutgoingTrace | OutgoingScore;

/** Returns the record masked: the same object or another one. A promise counts until `maskTimeoutMs`. */
export type Mask = (record: OutgoingRecord) => OutgoingRecord | PromiseLike<OutgoingRecord>;

/** `offered = delivered + rejected + dropped + pending`, at every moment. */
export interface DeliveryCounts {
  /** Handed to the export since the client was made: ended spans, or scores. */
  readonly offered: number;
  /** Acknowledged by the endpoint. */
  readonly delivered: number;
  /** Refused for good, by the endpoint or because they could not be encoded. */
  readonly rejected: number;
  /** Given up here, since a bound was reached or the client was shut down. */
  readonly dropped: number;
  /** Still on their way: held, queued, in flight or waiting for another try. */
  readonly pending: number;
}

/** Why items were rejected or dropped, with how many of each. */
export type LossReasons = Readonly<Record<string, number>>;

export interface Stats extends DeliveryCounts {
  /** The same account in bytes of OTLP protobuf, before compression. */
  readonly bytes: DeliveryCounts;
  readonly reasons: LossReasons;
  /** Of the pending: ended, waiting for the attributes of their trace. */
  readonly held: number;
  /** Scores go the same way and have an account of their own. */
  readonly scores: DeliveryCounts & { readonly reasons: LossReasons };
}

/** What `flush()` resolves to. The counts are those of {@link Stats} at that moment. */
export interface FlushReport extends DeliveryCounts {
  /**
   * Whether nothing that had ended before the call is still pending. Look at `rejected` and
   * `dropped`, too, to know that all of it arrived.
   */
  readonly isComplete: boolean;
  readonly reasons: LossReasons;
  readonly scores: DeliveryCounts & { readonly reasons: LossReasons };
  /** How long the flush took, in milliseconds. */
  readonly durationMs: number;
  /** What the endpoint, or the way to it, said last when something went wrong and has not gone right since. */
  readonly lastError?: string;
}

/** Told to `onError`: something was lost, or cannot be delivered for the time being. */
export interface DeliveryEvent {
  readonly kind: "rejected" | "dropped" | "unreachable";
  readonly signal: "spans" | "scores";
  /** Spans or scores concerned. */
  readonly count: number;
  readonly reason: string;
}

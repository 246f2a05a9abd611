/** `offered = delivered + rejected + dropped + pending`, at every moment. */
export interface DeliveryCounts {
  /**
   * Handed to the export since the client was made: ended spans, or scores; also those of earlier
   * processes once they are read from disk. One that goes to two targets counts twice.
   */
  readonly offered: number;
  /** Acknowledged by the endpoint. */
  readonly delivered: number;
  /** Refused for good, by the endpoint or because they could not be encoded. */
  readonly rejected: number;
  /** Given up here, since a bound was reached or the client was shut down. */
  readonly dropped: number;
  /** Still on their way: held, queued, in flight, waiting for another try, or on disk. */
  readonly pending: number;
}

/** Why items were rejected or dropped, with how many of each. */
export type LossReasons = Readonly<Record<string, number>>;

/** The account of everything a client has been given. */
interface Books extends DeliveryCounts {
  /** The same account in bytes of OTLP protobuf, before compression. */
  readonly bytes: DeliveryCounts;
  readonly reasons: LossReasons;
  /** Of the pending spans: on disk only. */
  readonly spooled: number;
  /** Scores go the same way and have an account of their own. */
  readonly scores: DeliveryCounts & { readonly reasons: LossReasons };
}

/** The account with one endpoint. */
export interface TargetStats extends Books {
  readonly name: string;
  /** What went wrong last, if it has not gone right since. */
  readonly lastError?: string;
}

export interface Stats extends Books {
  /** Spans that have ended and wait for the attributes of their trace. */
  readonly held: number;
  /** One per endpoint; what stands above is their sum. */
  readonly targets: readonly TargetStats[];
}

/** What `flush()` resolves to. The counts are those of {@link Stats} at that moment. */
export interface FlushReport extends Books {
  /**
   * Whether nothing that had ended before the call is pending any more: all of it was acknowledged,
   * refused or dropped.
   */
  readonly isComplete: boolean;
  /** Whether the endpoint has acknowledged everything since the client was made. */
  readonly isAllDelivered: boolean;
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
  /** What happened; for one that was refused, with its ids, where the endpoint says which it was. */
  readonly reason: string;
}

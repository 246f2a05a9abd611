import type { ObservationLevel, ObservationType } from "../../attributes/observation-types";
import type { JsonObject, JsonValue } from "./captured-json";

/*
 * What goes into the batch of `POST /api/public/ingestion`, the protocol before OTLP.
 * Spec: langfuse-contract, section 2; https://api.reference.langfuse.com/#tag/ingestion
 */

/**
 * One event of a batch. Its id is made from the ids of its content: what is sent again overwrites
 * what arrived before.
 */
export type IngestionEvent = Envelope<"trace-create", TraceBody> | ObservationEvent | ScoreEvent;
export type ObservationEvent = Envelope<`${ObservationType}-create`, ObservationBody>;
export type ScoreEvent = Envelope<"score-create", ScoreBody>;

interface Envelope<Type extends string, Body> {
  /** 1 to 800 characters. */
  readonly id: string;
  /** ISO 8601. Servers merge the events of one trace in the order of these. */
  readonly timestamp: string;
  readonly type: Type;
  readonly body: Body;
}

/** Servers answer 201 to a body without an id, and store nothing. */
export interface TraceBody {
  readonly id: string;
  readonly timestamp: string;
  /** Up to 1,000 characters. */
  readonly name?: string | undefined;
  readonly input?: JsonValue | undefined;
  readonly output?: JsonValue | undefined;
  readonly sessionId?: string | undefined;
  readonly userId?: string | undefined;
  readonly environment?: string | undefined;
  readonly release?: string | undefined;
  readonly version?: string | undefined;
  /** False again with each event of the trace that does not say true. */
  readonly public?: boolean | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly metadata?: JsonObject | undefined;
}

export interface ObservationBody {
  readonly id: string;
  readonly traceId: string;
  readonly parentObservationId?: string | undefined;
  readonly name: string;
  readonly startTime: string;
  /** Of everything but events. */
  readonly endTime?: string | undefined;
  readonly environment?: string | undefined;
  readonly version?: string | undefined;
  readonly level?: ObservationLevel | undefined;
  readonly statusMessage?: string | undefined;
  readonly input?: JsonValue | undefined;
  readonly output?: JsonValue | undefined;
  readonly metadata?: JsonObject | undefined;

  // Of everything but spans and events.
  readonly completionStartTime?: string | undefined;
  readonly model?: string | undefined;
  readonly modelParameters?: JsonObject | undefined;
  /** Whole numbers from 0. */
  readonly usageDetails?: Readonly<Record<string, number>> | undefined;
  /** The same for servers that do not know `usageDetails`; where both stand, `usageDetails` wins. */
  readonly usage?: LegacyUsage | undefined;
  /** Numbers from 0. */
  readonly costDetails?: Readonly<Record<string, number>> | undefined;
  /** Never without the version. */
  readonly promptName?: string | undefined;
  readonly promptVersion?: number | undefined;
}

export interface LegacyUsage {
  readonly input?: number | undefined;
  readonly output?: number | undefined;
  readonly total?: number | undefined;
  readonly unit: "TOKENS";
}

/** The body of `POST /api/public/scores`, as it is. */
export type ScoreBody = JsonObject & { readonly id: string };

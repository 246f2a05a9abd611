import type { ObservationLevel, ObservationType } from "../attributes/observation-types";

/** A point in time: a `Date`, or milliseconds since 1970 (fractions allowed). */
export type TimeInput = Date | number;

/** The prompt a generation was made with. `isFallback: true` leaves the link out. */
export interface PromptReference {
  readonly name: string;
  readonly version: number;
  readonly isFallback?: boolean | undefined;
}

/**
 * What an observation can hold. `undefined` leaves a field as it is, `null` clears it. `input`,
 * `output` and `metadata` are snapshotted when given. Spec: langfuse-contract, section 12.2.
 */
export interface ObservationFields {
  name?: string | undefined;
  /** Any value; strings stay text, everything else becomes JSON text. */
  input?: unknown;
  output?: unknown;
  /** Objects are merged key by key with what is there; any other value replaces it. */
  metadata?: unknown;
  level?: ObservationLevel | null | undefined;
  statusMessage?: string | null | undefined;
  version?: string | null | undefined;
  /** Time the first part of a streamed answer arrived. */
  completionStartTime?: TimeInput | null | undefined;
  model?: string | null | undefined;
  modelParameters?: Readonly<Record<string, unknown>> | null | undefined;
  /** Token counts by kind, e.g. `{ input: 12, output: 30, total: 42 }`; whole numbers from 0. */
  usageDetails?: Readonly<Record<string, number>> | null | undefined;
  /** US dollars by kind, e.g. `{ input: 0.01, total: 0.03 }`. */
  costDetails?: Readonly<Record<string, number>> | null | undefined;
  prompt?: PromptReference | null | undefined;
}

/** How an observation starts. */
export interface StartOptions extends ObservationFields {
  name: string;
  /** @default now */
  startTime?: TimeInput | undefined;
  /**
   * Trace to begin, 32 hex digits (see `createTraceId`). Only for an observation without a parent;
   * with one it is ignored, and said so once.
   */
  traceId?: string | undefined;
  /**
   * Whether the trace that begins here is recorded, whatever `sampleRate` and `keepErrors` say.
   * Only for an observation without a parent; with one it is ignored, and said so once.
   * @default by the trace id
   */
  sampled?: boolean | undefined;
}

/** As {@link StartOptions}, with the type of the observation. */
export interface StartObservationOptions extends StartOptions {
  /** @default "span" */
  asType?: ObservationType | undefined;
}

/** A name, or a name with fields. A function is neither, though it has a name. */
export type NameOrOptions = string | (StartOptions & { readonly call?: never });

/**
 * What a trace can hold. They are put on every span of the trace when it is released, as they are
 * then: the last value set wins. `undefined` leaves a field as it is, `null` clears it.
 */
export interface TraceFields {
  name?: string | null | undefined;
  /** Groups traces into a session: one conversation. */
  sessionId?: string | null | undefined;
  userId?: string | null | undefined;
  tags?: readonly string[] | null | undefined;
  /** Merged key by key with what is there. */
  metadata?: Readonly<Record<string, unknown>> | null | undefined;
  version?: string | null | undefined;
  release?: string | null | undefined;
  environment?: string | null | undefined;
  /** Whether anyone with the link may read the trace. */
  public?: boolean | null | undefined;
  /** The root observation's input; beats what was captured or set there. */
  input?: unknown;
  /** The root observation's output; beats what was captured or set there. */
  output?: unknown;
}

/** What {@link TraceFields} of a scope look like: `traceName` instead of `name`, as the field's SDKs call it. */
export interface PropagatedAttributes {
  sessionId?: string | undefined;
  userId?: string | undefined;
  /** Added to those of the scopes around. */
  tags?: readonly string[] | undefined;
  /** Merged key by key with that of the scopes around. */
  metadata?: Readonly<Record<string, unknown>> | undefined;
  traceName?: string | undefined;
  version?: string | undefined;
  environment?: string | undefined;
}

/** An evaluation. Spec: langfuse-contract, section 4. */
export interface ScoreFields {
  name: string;
  /** A number, a category or text, or a boolean. */
  value: number | string | boolean;
  /** @default by the value: NUMERIC, CATEGORICAL or BOOLEAN */
  dataType?: "NUMERIC" | "CATEGORICAL" | "BOOLEAN" | "TEXT" | undefined;
  comment?: string | undefined;
  metadata?: Readonly<Record<string, unknown>> | undefined;
  /** Id of a score configuration. */
  configId?: string | undefined;
  /** The same id again replaces the score. @default a random one */
  id?: string | undefined;
  environment?: string | undefined;
}

/** A score with its target: a trace, an observation of a trace, or a session. */
export interface ScoreOptions extends ScoreFields {
  traceId?: string | undefined;
  /** Needs `traceId`, too. */
  observationId?: string | undefined;
  sessionId?: string | undefined;
}

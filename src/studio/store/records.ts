/** What the store keeps, as plain data. Times are microseconds since the epoch, in UTC. */

import type { ObservationLevel, ObservationType } from "../../attributes/observation-types";
import type { ExceptionView, JsonObject, ScoreSummary } from "../api/types";

/** One observation, complete: a record replaces an earlier one of the same trace and id. */
export interface ObservationRecord {
  readonly traceId: string;
  readonly id: string;
  readonly parentId: string | null;
  /** Set by the SDK on its first span in a trace: the logical root, whatever its parent is. */
  readonly isAppRoot: boolean;
  readonly type: ObservationType;
  readonly name: string;
  readonly startUs: number;
  /** Nanoseconds past `startUs`, 0 to 999: keeps fast siblings in order. */
  readonly startNs: number;
  /** Never before `startUs`. */
  readonly endUs: number;
  readonly completionStartUs: number | null;
  readonly level: ObservationLevel;
  readonly statusMessage: string | null;
  readonly model: string | null;
  readonly modelParameters: JsonObject;
  readonly usageDetails: Readonly<Record<string, number>>;
  readonly costDetails: Readonly<Record<string, number>>;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
  /** US dollars. */
  readonly totalCost: number | null;
  /** The model whose prices gave the cost. Absent where the cost was sent, or there is none. */
  readonly priceModelId?: string;
  readonly promptName: string | null;
  readonly promptVersion: number | null;
  /** Text as captured: JSON or not, never parsed here. */
  readonly input: string | null;
  readonly output: string | null;
  /**
   * When the text of a stream came: pairs of milliseconds since the start, never falling, and
   * characters (UTF-16 units) that came then. Absent where none was recorded.
   */
  readonly streamTimeline?: readonly number[];
  readonly metadata: JsonObject;
  /** Where it came from: `resourceAttributes` and `scope`. */
  readonly origin: JsonObject;
  readonly exceptions: readonly ExceptionView[];

  // What the span says of its trace. Each span of a trace may carry it, or none.
  readonly sessionId: string | null;
  readonly userId: string | null;
  readonly traceName: string | null;
  readonly tags: readonly string[];
  readonly isPublic: boolean;
  readonly traceMetadata: JsonObject;
  readonly environment: string;
  readonly release: string | null;
  readonly version: string | null;
}

/** An observation without what is large. */
export type StepRecord = Pick<
  ObservationRecord,
  | "traceId"
  | "id"
  | "parentId"
  | "type"
  | "name"
  | "startUs"
  | "endUs"
  | "completionStartUs"
  | "level"
>;

export const SCORE_DATA_TYPES = [
  "NUMERIC",
  "CATEGORICAL",
  "BOOLEAN",
  "TEXT",
  "CORRECTION",
] as const;

export type ScoreDataType = (typeof SCORE_DATA_TYPES)[number];

/** An evaluation of exactly one target: a trace, an observation of it, a session, or a dataset run. */
export interface ScoreRecord {
  readonly id: string;
  readonly name: string;
  readonly dataType: ScoreDataType;
  /** The number of a NUMERIC score, 0 or 1 of a BOOLEAN one, 0 of the others. */
  readonly value: number;
  /** `True` or `False` of a BOOLEAN score, the text of the others; null for NUMERIC. */
  readonly stringValue: string | null;
  readonly comment: string | null;
  readonly metadata: JsonObject | null;
  readonly source: string;
  readonly environment: string;
  readonly configId: string | null;
  readonly queueId: string | null;
  readonly timestampUs: number;
  readonly traceId: string | null;
  readonly observationId: string | null;
  readonly sessionId: string | null;
  readonly datasetRunId: string | null;
}

/** Totals over a set of observations. */
export interface Totals {
  readonly observationCount: number;
  readonly errorCount: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
  readonly totalCost: number | null;
  readonly models: readonly string[];
  readonly startUs: number;
  readonly endUs: number;
}

/** What is known of a trace, summed up over its observations; kept up to date with each batch. */
export interface TraceRecord extends Totals {
  readonly id: string;
  /** The session of the latest observation that names one. */
  readonly sessionId: string | null;
  readonly name: string | null;
  readonly userId: string | null;
  readonly tags: readonly string[];
  readonly isPublic: boolean;
  readonly environment: string;
  readonly release: string | null;
  readonly version: string | null;
  /** The observation that speaks for the trace; see `summaries.ts`. */
  readonly rootId: string;
  readonly firstMessage: string | null;
}

/** What is known of a session, summed up over its traces; kept up to date with each batch. */
export interface SessionRecord extends Totals {
  readonly id: string;
  readonly firstMessage: string | null;
  readonly traceCount: number;
  readonly userIds: readonly string[];
  readonly tags: readonly string[];
  readonly environments: readonly string[];
  readonly scores: readonly ScoreSummary[];
  readonly isBookmarked: boolean;
}

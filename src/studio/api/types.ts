/**
 * What the studio's own API (`/api/studio/*`) answers: the contract between the server on one side
 * and the page and the terminal transcript on the other. The Langfuse-compatible API
 * (`/api/public/*`) has its own shapes, in `public-types.ts`.
 *
 * Times are ISO 8601 in UTC with microseconds (`2026-11-22T10:00:00.123456Z`); durations and
 * offsets are milliseconds, with fractions. `null` means "not known", never "zero".
 */

import type { ObservationLevel, ObservationType } from "../../attributes/observation-types";

/** Token counts, summed over what they stand on. Keys of `usageDetails` that contain "input" count as input, likewise "output". */
export interface TokenCounts {
  readonly input: number;
  readonly output: number;
  readonly total: number;
}

/** `GET /api/studio/sessions`: one row per session. */
export interface SessionSummary {
  readonly id: string;
  /** Text of the first user message of the first turn, at most 200 characters. */
  readonly firstMessage: string | null;
  readonly userIds: readonly string[];
  /** Turns: one per trace. */
  readonly traceCount: number;
  readonly observationCount: number;
  readonly startedAt: string;
  readonly endedAt: string;
  /** From the first start to the last end. */
  readonly durationMs: number;
  readonly models: readonly string[];
  readonly tokens: TokenCounts;
  readonly totalCost: number | null;
  /** Observations with level ERROR. */
  readonly errorCount: number;
  readonly tags: readonly string[];
  readonly environments: readonly string[];
  /** Scores of the session, its traces and observations, summed up; by name. Texts and corrections are left out. */
  readonly scores: readonly ScoreSummary[];
  readonly isBookmarked: boolean;
  /** Where the words of `q` stand; only in answers to a search, and there only where it was found in time. */
  readonly match?: SearchMatch;
  /** The newest turn that holds the words of `q`; only in answers to a search. */
  readonly matchTraceId?: string;
}

/** The scores of one name and data type. */
export type ScoreSummary = NumberScoreSummary | CategoryScoreSummary;

export interface NumberScoreSummary {
  readonly name: string;
  readonly dataType: "NUMERIC" | "BOOLEAN";
  /** At least 1. */
  readonly count: number;
  /** Of BOOLEAN scores the share that is true, 0 to 1. */
  readonly mean: number;
  /**
   * How many of the numbers lie in each of up to eight equal parts from the least to the greatest; the
   * greatest is in the last part. Of NUMERIC scores, where there are 2 to 500.
   */
  readonly distribution?: {
    readonly min: number;
    readonly max: number;
    readonly bins: readonly number[];
  };
}

export interface CategoryScoreSummary {
  readonly name: string;
  readonly dataType: "CATEGORICAL";
  /** At least 1. */
  readonly count: number;
  /** The most frequent first, at most 20. */
  readonly categories: readonly { readonly value: string; readonly count: number }[];
}

/** A piece of captured text round the words searched for. */
export interface SearchMatch {
  readonly field: SearchField;
  /** At most about 160 characters, white space folded, `…` where it was cut. */
  readonly snippet: string;
}

/** Of the session: `id`, `user`, `tag`. Of the turn: `traceId`, `traceName`. Of one of its observations: the others. */
export type SearchField =
  | "id"
  | "user"
  | "tag"
  | "traceId"
  | "traceName"
  | "observationId"
  | "name"
  | "model"
  | "input"
  | "output"
  | "statusMessage"
  | "metadata";

/** `GET /api/studio/facets?…`, with the filters of the session list: what they can be set to, the most frequent first, at most 100 of each. */
export interface SessionFacets {
  readonly users: readonly FacetValue[];
  readonly tags: readonly FacetValue[];
  readonly models: readonly FacetValue[];
  readonly environments: readonly FacetValue[];
  readonly scoreNames: readonly FacetValue[];
}

export interface FacetValue {
  readonly value: string;
  /** Sessions that have it, among those that all other filters leave. */
  readonly count: number;
}

/** `PUT` and `DELETE /api/studio/sessions/{id}/bookmark`, or `/api/studio/session/bookmark?id={id}`; 404 `{ message }`. */
export interface Bookmark {
  readonly id: string;
  readonly isBookmarked: boolean;
}

/** A trace without a session, in the list below the sessions. */
export interface TraceSummary {
  readonly id: string;
  readonly name: string | null;
  readonly firstMessage: string | null;
  readonly userId: string | null;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly observationCount: number;
  readonly models: readonly string[];
  readonly tokens: TokenCounts;
  readonly totalCost: number | null;
  readonly errorCount: number;
}

/**
 * `GET /api/studio/sessions?limit=100&cursor=…`, sorted by `sort` (`activity`, `start`, `duration`,
 * `turns`, `tokens`, `cost`, `errors`, `observations`, `id`) in `order` (`desc`, `asc`), filtered by
 * `q`, `from`, `to` (of the last activity), `user`, `tag`, `model`, `environment`, `score` (each
 * repeatable: any of), `minTurns`, `minCost`, `minTokens`, `minDurationMs`, `hasErrors`, `bookmarked`.
 */
export interface SessionList {
  readonly data: readonly SessionSummary[];
  /** Pass back as `cursor` for the next page; absent on the last one. */
  readonly nextCursor?: string;
  readonly totalCount: number;
}

/** `GET /api/studio/traces?limit=100&cursor=…`: traces that carry no session id, newest first. */
export interface TraceList {
  readonly data: readonly TraceSummary[];
  readonly nextCursor?: string;
  readonly totalCount: number;
}

/** `GET /api/studio/sessions/{id}` or `/api/studio/session?id={id}`; 404 `{ message }` when nothing carries that id. */
export interface SessionDetail {
  readonly session: SessionSummary;
  /** One per trace, by start time. */
  readonly turns: readonly Turn[];
  /** Scores of the session itself. */
  readonly scores: readonly ScoreView[];
}

/** `GET /api/studio/traces/{id}` or `/api/studio/trace?id={id}` → `Turn`; 404 `{ message }`. */
export interface Turn {
  readonly traceId: string;
  readonly sessionId: string | null;
  readonly name: string | null;
  readonly userId: string | null;
  readonly tags: readonly string[];
  readonly environment: string;
  readonly version: string | null;
  readonly release: string | null;
  readonly metadata: JsonObject;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly durationMs: number;
  /** Input and output of the root observation, parsed where they are JSON. */
  readonly input: JsonValue;
  readonly output: JsonValue;
  /** ERROR if the root observation failed, else the root's level. */
  readonly level: ObservationLevel;
  readonly statusMessage: string | null;
  readonly tokens: TokenCounts;
  readonly totalCost: number | null;
  readonly errorCount: number;
  /** Flat, by start time; the tree is in `parentId`. */
  readonly observations: readonly ObservationView[];
  /** Scores of the trace and of its observations. */
  readonly scores: readonly ScoreView[];
}

/**
 * `GET /api/studio/session-outline?id={id}`: a session without what was said in it, for a page that
 * reads the contents of its turns as they come into view; 404 `{ message }`.
 */
export interface SessionOutline {
  readonly session: SessionSummary;
  /** By start time. */
  readonly turns: readonly TurnOutline[];
  /** Scores of the session itself. */
  readonly scores: readonly ScoreView[];
}

/** A {@link Turn} without contents. */
export interface TurnOutline {
  readonly traceId: string;
  readonly name: string | null;
  /** At most 200 characters of what the user said. */
  readonly firstMessage: string | null;
  readonly userId: string | null;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly durationMs: number;
  readonly tokens: TokenCounts;
  readonly totalCost: number | null;
  readonly errorCount: number;
  readonly observationCount: number;
  /** By start time; of a session of more than 20,000 steps, those of the first 20,000. */
  readonly steps: readonly StepOutline[];
  readonly scores: readonly ScoreView[];
}

/** An {@link ObservationView} without contents; its fields have the same meaning. */
export type StepOutline = Pick<
  ObservationView,
  | "id"
  | "parentId"
  | "type"
  | "name"
  | "startedAt"
  | "startOffsetMs"
  | "durationMs"
  | "timeToFirstTokenMs"
  | "level"
>;

/**
 * `GET /api/studio/turns?id={traceId}&id=…`: turns with their contents, in the order asked for, as
 * many as fit into one answer, at least the first; those left out are to be asked for again. Ids
 * that are not known are passed over.
 */
export interface TurnList {
  readonly data: readonly Turn[];
  /** Ids that are known but did not fit. */
  readonly left: readonly string[];
}

export interface ObservationView {
  readonly id: string;
  /** Null for a root. May name an observation that has not arrived (yet): then it counts as a root. */
  readonly parentId: string | null;
  readonly type: ObservationType;
  readonly name: string;
  readonly startedAt: string;
  /** From the start of the turn. */
  readonly startOffsetMs: number;
  readonly durationMs: number;
  /** First chunk of a streamed answer, from the observation's start. */
  readonly timeToFirstTokenMs: number | null;
  readonly level: ObservationLevel;
  readonly statusMessage: string | null;
  readonly model: string | null;
  readonly modelParameters: JsonObject;
  readonly usageDetails: Readonly<Record<string, number>>;
  readonly costDetails: Readonly<Record<string, number>>;
  readonly tokens: TokenCounts;
  readonly totalCost: number | null;
  readonly promptName: string | null;
  readonly promptVersion: number | null;
  readonly input: JsonValue;
  readonly output: JsonValue;
  /**
   * When the text of the answer came: pairs of milliseconds since the observation's start and
   * characters (UTF-16 units) that came then. Absent where none was recorded.
   */
  readonly streamTimeline?: readonly number[];
  readonly metadata: JsonObject;
  /** Exceptions recorded on the span. */
  readonly exceptions: readonly ExceptionView[];
}

export interface ExceptionView {
  readonly type: string | null;
  readonly message: string | null;
  readonly stacktrace: string | null;
}

export interface ScoreView {
  readonly id: string;
  readonly name: string;
  readonly dataType: "NUMERIC" | "CATEGORICAL" | "BOOLEAN" | "TEXT" | "CORRECTION";
  readonly value: number | string | boolean;
  readonly comment: string | null;
  readonly source: string;
  readonly configId: string | null;
  readonly timestamp: string;
  readonly traceId: string | null;
  readonly observationId: string | null;
  readonly sessionId: string | null;
}

/**
 * `GET /api/studio/events` is a server-sent event stream. One `change` event after each committed
 * batch, naming what changed; the reader fetches again what it shows.
 */
export interface ChangeEvent {
  readonly sessionIds: readonly string[];
  readonly traceIds: readonly string[];
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

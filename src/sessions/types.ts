import type { JsonValue, SessionDetail, TokenCounts } from "../studio/api/types";

export type { ObservationView, ScoreView, SessionDetail, Turn } from "../studio/api/types";

/**
 * One session of a list. Times are ISO 8601 in UTC; null means that the endpoint does not say it
 * in a list, never zero.
 */
export interface SessionOverview {
  readonly id: string;
  /** What the user said first, at most 200 characters. */
  readonly firstMessage: string | null;
  readonly userIds: readonly string[];
  readonly tags: readonly string[];
  readonly environments: readonly string[];
  /** Turns: one per trace. */
  readonly traceCount: number;
  readonly startedAt: string;
  readonly endedAt: string;
  /** From the first start to the last end, in milliseconds. */
  readonly durationMs: number;
  readonly tokens: TokenCounts | null;
  /** US dollars. */
  readonly totalCost: number | null;
  /** Observations with level ERROR. */
  readonly errorCount: number | null;
}

export interface SessionListOptions {
  /** A user of the session. */
  readonly userId?: string | undefined;
  /** A tag of one of its traces. */
  readonly tag?: string | undefined;
  /** Sessions that were active at or after this. */
  readonly since?: Date | undefined;
  /** Only sessions in which something failed. */
  readonly hasErrors?: boolean | undefined;
  /**
   * Words to look for. The studio searches all that was captured; with Langfuse, in the ids of
   * session and users, the tags, and what the user said first.
   */
  readonly search?: string | undefined;
  /** Sessions at most, 1 to 1000. @default 20 */
  readonly limit?: number | undefined;
}

/** The last active first. */
export interface SessionOverviewList {
  readonly data: readonly SessionOverview[];
  /** Whether there are, or may be, more than these. */
  readonly hasMore: boolean;
}

/** Reads sessions back from the endpoint; `client.sessions`. */
export interface Sessions {
  /**
   * Sessions, the last active first. Langfuse has no list of sessions with what stands here: there
   * it takes one or two requests per session.
   * @throws (rejects) PlayheadError INVALID_ARGUMENT, ENDPOINT_UNREACHABLE, ENDPOINT_REFUSED,
   * ENDPOINT_UNEXPECTED
   * @example
   * const { data } = await client.sessions.list({ hasErrors: true, since: new Date("2026-11-01") });
   */
  list(options?: SessionListOptions): Promise<SessionOverviewList>;
  /**
   * A session with all of its turns, their observations and scores; undefined where nothing carries
   * the id.
   * @throws (rejects) PlayheadError, as {@link Sessions.list}
   */
  get(id: string): Promise<SessionDetail | undefined>;
}

/** Which way of reading an endpoint offers. */
export type SessionApi =
  /** The studio's own. */
  | "studio"
  /** Langfuse 3: `/api/public/sessions`, `/traces`, `/observations`. */
  | "v3"
  /** Langfuse 4: `/api/public/v2/observations` and `/v3/scores` only. */
  | "v4";

/** A session as Langfuse's API tells it: all that is there, nothing summed up. */
export interface SourceSession {
  readonly id: string;
  /** By time, oldest first. */
  readonly traces: readonly SourceTrace[];
  /** Of the session itself. */
  readonly scores: readonly SourceScore[];
}

export interface SourceTrace {
  readonly id: string;
  readonly timestamp: string;
  readonly name: string | null;
  readonly sessionId: string | null;
  readonly userId: string | null;
  readonly tags: readonly string[];
  readonly environment: string;
  readonly release: string | null;
  readonly version: string | null;
  readonly isPublic: boolean;
  readonly metadata: Readonly<Record<string, JsonValue>>;
  /** As text; JSON where it was no text. */
  readonly input: string | null;
  readonly output: string | null;
  /** By start time. */
  readonly observations: readonly SourceObservation[];
  /** Of the trace and its observations. */
  readonly scores: readonly SourceScore[];
}

export interface SourceObservation {
  readonly id: string;
  readonly parentId: string | null;
  /** In lower case. */
  readonly type: string;
  readonly name: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly completionStartedAt: string | null;
  readonly level: string;
  readonly statusMessage: string | null;
  readonly version: string | null;
  readonly environment: string;
  /** As text; JSON where it was no text. */
  readonly input: string | null;
  readonly output: string | null;
  readonly metadata: Readonly<Record<string, JsonValue>>;
  readonly model: string | null;
  readonly modelParameters: Readonly<Record<string, JsonValue>>;
  readonly usageDetails: Readonly<Record<string, number>>;
  readonly costDetails: Readonly<Record<string, number>>;
  readonly totalCost: number | null;
  /** The model whose prices hold for it, by its id at the source. */
  readonly priceModelId: string | null;
  readonly promptName: string | null;
  readonly promptVersion: number | null;
}

export interface SourceScore {
  readonly id: string;
  readonly name: string;
  readonly dataType: string;
  /** A number of NUMERIC, true or false of BOOLEAN, a text of the others. */
  readonly value: number | string | boolean;
  readonly comment: string | null;
  readonly metadata: Readonly<Record<string, JsonValue>>;
  readonly source: string;
  readonly environment: string;
  readonly configId: string | null;
  readonly queueId: string | null;
  readonly timestamp: string;
  readonly traceId: string | null;
  readonly observationId: string | null;
  readonly sessionId: string | null;
}

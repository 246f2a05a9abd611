import type { ObservationLevel, ObservationType } from "../../attributes/observation-types";
import type { ChangeEvent, SessionFacets } from "../api/types";
import type { CommentStore } from "./comment-store";
import type { Deletion } from "./deletion";
import type { FilterCondition } from "./filter-conditions";
import type { EventFold, IngestionEvent } from "./ingestion-events";
import type { KeyStore } from "./key-store";
import type { MediaStore } from "./media-store";
import type { ModelStore } from "./model-store";
import type { OutlineStore } from "./outline-store";
import type { PriceUpdate } from "./price-update";
import type { PublicationStore } from "./publication-store";
import type { ObservationRecord, ScoreRecord, SessionRecord, TraceRecord } from "./records";
import type { RetentionQueries } from "./retention-queries";
import type { ScoreConfigStore } from "./score-config-store";
import type { ScoreReads } from "./score-queries";
import type { SearchIndex } from "./search/search-index";
import type { SessionArchive } from "./session-archive";
import type { SessionFilter } from "./session-filter";
import type { SessionListPage, SessionListQuery } from "./session-lists";
import type { TraceReads } from "./trace-queries";
import type { GroupOutcome } from "./transactions";

/**
 * What the studio remembers. Every write is one transaction, idempotent, and independent of the
 * order in which observations and scores arrive: the same set gives the same answers.
 *
 * Lists are newest first. All calls are synchronous.
 */
export interface Store {
  /**
   * Upserts by trace and id. Of two versions of one observation, the one that ended later stays;
   * of two that ended at the same time, the one whose content sorts last.
   */
  putObservations(observations: readonly ObservationRecord[]): ChangeEvent;
  /** Upserts by id: the last one written stays. Its target may arrive later, or never. */
  putScore(score: ScoreRecord): ChangeEvent;
  /**
   * Runs writes in one transaction, each as if it were alone: of one that throws nothing stays, and
   * the others are not touched. What changed is told once, for all of them. A write may be run more than once.
   * @throws when no transaction can be begun; then nothing is written
   */
  writeTogether(writes: readonly (() => void)[]): GroupOutcome;

  /** Keeps events of the legacy batch; what they speak of is what all of its events say together. */
  putEvents(events: readonly IngestionEvent[], fold: EventFold): ChangeEvent;

  listSessions(query: SessionQuery): Page<SessionRecord>;
  /** Filtered, sorted, searched. @throws InvalidCursorError */
  findSessions(query: SessionListQuery): SessionListPage;
  /** What the filters can be set to. */
  sessionFacets(filter: SessionFilter): SessionFacets;
  /** Undefined when there is no such session. */
  setBookmark(sessionId: string, isBookmarked: boolean): ChangeEvent | undefined;
  getSession(id: string): SessionRecord | undefined;
  /** Traces that name no session. */
  listSessionlessTraces(query: PageQuery): Page<TraceRecord>;
  getTrace(id: string): TraceRecord | undefined;
  /** Oldest first. */
  tracesOfSession(sessionId: string): readonly TraceRecord[];
  /** Oldest first. */
  observationsOfTrace(traceId: string): readonly ObservationRecord[];
  listObservations(query: ObservationQuery): Page<ObservationRecord>;
  /** Scores of the session itself, oldest first. */
  scoresOfSession(sessionId: string): readonly ScoreRecord[];
  /** Scores of the trace and of its observations, oldest first. */
  scoresOfTrace(traceId: string): readonly ScoreRecord[];

  readonly media: MediaStore;
  readonly deletion: Deletion;
  readonly retention: RetentionQueries;
  /** Is not filled by writing: see `indexInBackground`. */
  readonly search: SearchIndex;
  readonly traces: TraceReads;
  readonly scores: ScoreReads;
  readonly comments: CommentStore;
  readonly scoreConfigs: ScoreConfigStore;
  readonly keys: KeyStore;
  readonly outlines: OutlineStore;
  readonly models: ModelStore;
  readonly priceUpdate: PriceUpdate;
  readonly archive: SessionArchive;
  readonly publications: PublicationStore;

  /** Idempotent. */
  close(): void;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
  /** Rows of all pages together; -1 where counting would mean reading them all. */
  readonly totalCount: number;
}

export interface PageQuery {
  readonly limit: number;
  /** Of the page before. @throws InvalidCursorError when it is none of ours */
  readonly cursor?: string | undefined;
}

export interface SessionQuery extends PageQuery {
  /** `activity`: by the last end; `start`: by the first start. */
  readonly orderBy: "activity" | "start";
  /** Rows to leave out at the top, for numbered pages. */
  readonly offset?: number | undefined;
  /** Sessions that started at or after this, in microseconds. */
  readonly fromUs?: number | undefined;
  /** Sessions that started before this, in microseconds. */
  readonly toUs?: number | undefined;
  /** Any of these; empty means all. */
  readonly environments?: readonly string[] | undefined;
}

export interface ObservationQuery extends PageQuery {
  /** Rows to leave out at the top, for numbered pages. */
  readonly offset?: number | undefined;
  /** Whether `totalCount` is wanted. */
  readonly isCounted?: boolean | undefined;
  /** Leaves `input` and `output` null, which need not be read then. */
  readonly isWithoutIo?: boolean | undefined;
  /**
   * As version 1 of the public reads sees them: without the traces' own rows, and none below one;
   * see trace-row.ts.
   */
  readonly isOfVersion1?: boolean | undefined;
  /** When given, the single filters below do not count. */
  readonly filters?: readonly FilterCondition[] | undefined;
  readonly traceId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly userId?: string | undefined;
  /** The user of the trace, whether or not the observation names one. */
  readonly traceUserId?: string | undefined;
  readonly type?: ObservationType | undefined;
  readonly name?: string | undefined;
  readonly level?: ObservationLevel | undefined;
  readonly version?: string | undefined;
  /** Null: observations without a parent. */
  readonly parentId?: string | null | undefined;
  /** No parent, or marked as the application's root. */
  readonly isRoot?: boolean | undefined;
  readonly environments?: readonly string[] | undefined;
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
}

import type { ChangeEvent } from "../api/types";
import { type CommentStore, createCommentStore } from "./comment-store";
import { decodeCursor, encodeCursor } from "./cursor";
import { createDeletion, type Deletion } from "./deletion";
import {
  createIngestionEvents,
  type EventFold,
  type IngestionEvent,
  type IngestionEvents,
} from "./ingestion-events";
import { createKeyStore, type KeyStore } from "./key-store";
import { sessionConditions } from "./list-queries";
import { createMediaStore, type MediaStore } from "./media-store";
import { createModelStore, type ModelStore } from "./model-store";
import { listObservations } from "./observation-queries";
import {
  beats,
  CONTENT_INDEXES,
  observationFromRow,
  observationValues,
  SELECT_OBSERVATION,
} from "./observation-rows";
import { createObservationWrites, type ObservationWrites } from "./observation-writes";
import {
  configure,
  type Database,
  openDatabase,
  prepareNew,
  type Statement,
} from "./open-database";
import { createOutlineStore, type OutlineStore } from "./outline-store";
import { createPriceUpdate, type PriceUpdate } from "./price-update";
import { createPublicationStore, type PublicationStore } from "./publication-store";
import type { ObservationRecord, ScoreRecord, SessionRecord } from "./records";
import { createRetentionQueries, type RetentionQueries } from "./retention-queries";
import { checkColumns, migrate } from "./schema";
import { createScoreConfigStore, type ScoreConfigStore } from "./score-config-store";
import { createScoreReads, type ScoreReads } from "./score-queries";
import { createScoreWrites, type PutScore } from "./score-writes";
import { createSearchIndex, type SearchIndex } from "./search/search-index";
import { createSessionSearch } from "./search/session-search";
import { createSessionArchive, type SessionArchive } from "./session-archive";
import type { SessionFilter } from "./session-filter";
import { createSessionLists, type SessionListQuery, type SessionLists } from "./session-lists";
import type { Page, SessionQuery, Store } from "./store";
import { createSummaries } from "./summaries";
import { scoreFromRow, traceFromRow } from "./summary-rows";
import { createTraceReads, type TraceReads } from "./trace-queries";
import { type GroupOutcome, Transactions } from "./transactions";

/**
 * Opens the store in a SQLite file, or in memory for `:memory:`.
 * @throws PlayheadError `STUDIO_SQLITE_MISSING` when the runtime has no SQLite;
 * SchemaMismatchError when the file holds something else; errors of the file system and of SQLite
 */
export async function openSqliteStore(path: string): Promise<Store> {
  const database = await openDatabase(path);
  try {
    prepareNew(database);
    migrate(database);
    if (path !== ":memory:") await checkFile(database);
    configure(database);
    return new SqliteStore(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** @throws SchemaMismatchError */
async function checkFile(database: Database): Promise<void> {
  const reference = await openDatabase(":memory:");
  try {
    checkColumns(database, reference);
  } finally {
    reference.close();
  }
}

function prepareStatements(database: Database) {
  return {
    selectObservation: database.prepare(SELECT_OBSERVATION),
    trace: database.prepare("SELECT * FROM traces WHERE id = ?"),
    tracesOfSession: database.prepare(
      "SELECT * FROM traces WHERE session_id = ? ORDER BY start_us, id",
    ),
    sessionlessTraces: database.prepare(`
      SELECT * FROM traces WHERE session_id IS NULL AND (start_us, id) < (?, ?)
      ORDER BY start_us DESC, id DESC LIMIT ?`),
    sessionlessCount: database.prepare(
      "SELECT count(*) AS count FROM traces WHERE session_id IS NULL",
    ),
    observationsOfTrace: database.prepare(
      "SELECT * FROM observations WHERE trace_id = ? ORDER BY start_us, start_ns, id",
    ),
    scoresOfSession: database.prepare(
      "SELECT * FROM scores WHERE session_id = ? ORDER BY timestamp_us, id",
    ),
    scoresOfTrace: database.prepare(
      "SELECT * FROM scores WHERE trace_id = ? ORDER BY timestamp_us, id",
    ),
  } satisfies Record<string, Statement>;
}

/**
 * A record whose texts hold no NUL: SQLite's bindings end a text there. JSON has it escaped, so
 * only the texts at the top are of concern. Almost every record passes as it is.
 */
function withoutNul<RowRecord extends object>(record: RowRecord): RowRecord {
  const isClean = (value: unknown): boolean => typeof value !== "string" || !value.includes("\0");
  if (Object.values(record).every(isClean)) return record;
  const cleaned = Object.entries(record).map(([name, value]) => [
    name,
    typeof value === "string" ? value.replaceAll("\0", "\ufffd") : value,
  ]);
  // The same names with values of the same types.
  return Object.fromEntries(cleaned) as RowRecord;
}

class SqliteStore implements Store {
  readonly media: MediaStore;
  readonly deletion: Deletion;
  readonly retention: RetentionQueries;
  readonly search: SearchIndex;
  readonly #lists: SessionLists;
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
  readonly #database: Database;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #rows: ObservationWrites;
  readonly #transactions: Transactions;
  readonly #events: IngestionEvents;
  readonly #putScore: PutScore;
  #isOpen = true;

  constructor(database: Database) {
    this.#database = database;
    this.#statements = prepareStatements(database);
    this.#transactions = new Transactions(database, createSummaries(database));
    this.#rows = createObservationWrites(database);
    this.#events = createIngestionEvents(database, this.#rows, (record, values) =>
      this.#noteReferences(record, values),
    );
    this.#putScore = createScoreWrites(database);
    this.media = createMediaStore(database);
    this.deletion = createDeletion(database, this.#transactions);
    this.retention = createRetentionQueries(database);
    // What the log holds of the segments before goes as well.
    this.search = createSearchIndex(database, { onPurged: () => this.retention.emptyLog() });
    this.#lists = createSessionLists(database, createSessionSearch(database, this.search));
    this.traces = createTraceReads(database);
    this.scores = createScoreReads(database);
    this.comments = createCommentStore(database);
    this.scoreConfigs = createScoreConfigStore(database);
    this.keys = createKeyStore(database);
    this.outlines = createOutlineStore(database);
    this.models = createModelStore(database);
    this.priceUpdate = createPriceUpdate(database, this.#transactions, this.models);
    this.archive = createSessionArchive(database);
    this.publications = createPublicationStore(database);
  }

  putObservations(observations: readonly ObservationRecord[]): ChangeEvent {
    return this.#transactions.write(({ outdatedTraceIds }) => {
      for (const given of observations) {
        const observation = withoutNul(given);
        if (this.#putObservation(observation)) outdatedTraceIds.add(observation.traceId);
      }
    });
  }

  putEvents(events: readonly IngestionEvent[], fold: EventFold): ChangeEvent {
    return this.#transactions.write(({ outdatedTraceIds }) => {
      for (const traceId of this.#events.put(events, fold)) outdatedTraceIds.add(traceId);
    });
  }

  /** @returns whether the store changed */
  #putObservation(observation: ObservationRecord): boolean {
    const values = observationValues(observation);
    const { traceId, id } = observation;
    if (!this.#rows.insert(values)) {
      const stored = this.#statements.selectObservation.get(traceId, id);
      if (stored === undefined || !beats(values, stored)) return false;
      this.#rows.update(values, traceId, id);
    }
    this.#noteReferences(observation, values);
    return true;
  }

  #noteReferences(
    { traceId, id }: ObservationRecord,
    values: ReturnType<typeof observationValues>,
  ): void {
    for (const field of ["input", "output", "metadata"] as const) {
      const text = values[CONTENT_INDEXES[field]];
      if (typeof text !== "string") continue;
      this.media.noteReferences(text, { traceId, observationId: id, field });
    }
  }

  writeTogether(writes: readonly (() => void)[]): GroupOutcome {
    return this.#transactions.writeTogether(writes);
  }

  putScore(given: ScoreRecord): ChangeEvent {
    const score = withoutNul(given);
    return this.#transactions.write((changed) => this.#putScore(score, changed));
  }

  listSessions(query: SessionQuery): Page<SessionRecord> {
    const column = query.orderBy === "activity" ? "end_us" : "start_us";
    const conditions = sessionConditions(query);
    const count = this.#database
      .prepare(`SELECT count(*) AS count FROM sessions ${conditions}`)
      .get(...conditions.values);
    if (query.cursor !== undefined) {
      const { us, id } = decodeCursor(query.cursor);
      conditions.add(`(${column}, id) < (?, ?)`, us, id);
    }
    const found = this.#database
      .prepare(
        `SELECT * FROM sessions ${conditions} ORDER BY ${column} DESC, id DESC LIMIT ? OFFSET ?`,
      )
      .all(...conditions.values, query.limit + 1, query.offset ?? 0);
    const rows = found.slice(0, query.limit).map(this.#lists.sessionOf);
    const last = rows.at(-1);
    return {
      rows,
      totalCount: Number(count?.["count"]),
      ...(found.length > query.limit && last !== undefined
        ? {
            nextCursor: encodeCursor({
              us: Number(found[query.limit - 1]?.[column]),
              id: last.id,
              traceId: "",
            }),
          }
        : {}),
    };
  }

  getSession(id: string) {
    return this.#lists.getSession(id);
  }

  findSessions(query: SessionListQuery) {
    return this.#lists.findSessions(query);
  }

  sessionFacets(filter: SessionFilter) {
    return this.#lists.sessionFacets(filter);
  }

  setBookmark(id: string, isBookmarked: boolean) {
    return this.#lists.setBookmark(id, isBookmarked);
  }

  listSessionlessTraces({ limit, cursor }: { limit: number; cursor?: string | undefined }) {
    const after =
      cursor === undefined
        ? { us: Number.MAX_SAFE_INTEGER, id: "\u{10ffff}" }
        : decodeCursor(cursor);
    const found = this.#statements.sessionlessTraces.all(after.us, after.id, limit + 1);
    const rows = found.slice(0, limit).map(traceFromRow);
    const last = rows.at(-1);
    return {
      rows,
      totalCount: Number(this.#statements.sessionlessCount.get()?.["count"]),
      ...(found.length > limit && last !== undefined
        ? { nextCursor: encodeCursor({ us: last.startUs, id: last.id, traceId: "" }) }
        : {}),
    };
  }

  getTrace(id: string) {
    const row = this.#statements.trace.get(id);
    return row === undefined ? undefined : traceFromRow(row);
  }

  tracesOfSession(sessionId: string) {
    return this.#statements.tracesOfSession.all(sessionId).map(traceFromRow);
  }

  observationsOfTrace(traceId: string) {
    return this.#statements.observationsOfTrace.all(traceId).map(observationFromRow);
  }

  listObservations(query: Parameters<Store["listObservations"]>[0]) {
    return listObservations(this.#database, query);
  }

  scoresOfSession(sessionId: string) {
    return this.#statements.scoresOfSession.all(sessionId).map(scoreFromRow);
  }

  scoresOfTrace(traceId: string) {
    return this.#statements.scoresOfTrace.all(traceId).map(scoreFromRow);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      // Not left to SQLite: with `@photostructure/sqlite` prepared statements outlive `close`, and the
      // log would stay full. The file alone is to hold everything.
      this.retention.emptyLog();
    } catch {
      // A full disk: nothing is lost, the next start reads the log.
    }
    this.#database.close();
  }
}

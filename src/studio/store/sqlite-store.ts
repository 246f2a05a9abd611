import type { ChangeEvent } from "../api/types";
import { decodeCursor, encodeCursor } from "./cursor";
import { listObservations, sessionConditions } from "./list-queries";
import { createMediaStore, type MediaStore } from "./media-store";
import {
  beats,
  INSERT_OBSERVATION,
  observationFromRow,
  observationValues,
  SELECT_OBSERVATION,
  UPDATE_OBSERVATION,
} from "./observation-rows";
import {
  configure,
  type Database,
  openDatabase,
  type SqlRow,
  type Statement,
} from "./open-database";
import type { ObservationRecord, ScoreRecord, SessionRecord } from "./records";
import { checkColumns, migrate } from "./schema";
import { createOutlineReader } from "./session-outline";
import type { Page, SessionQuery, Store } from "./store";
import { createSummaries, type Summaries } from "./summaries";
import { scoreFromRow, scoreSummaryFromRow, sessionFromRow, traceFromRow } from "./summary-rows";

/**
 * Opens the store in a SQLite file, or in memory for `:memory:`.
 * @throws PlayheadError `STUDIO_SQLITE_MISSING` when the runtime has no SQLite;
 * SchemaMismatchError when the file holds something else; errors of the file system and of SQLite
 */
export async function openSqliteStore(path: string): Promise<Store> {
  const database = await openDatabase(path);
  try {
    migrate(database);
    const reference = await openDatabase(":memory:");
    try {
      checkColumns(database, reference);
    } finally {
      reference.close();
    }
    configure(database);
    return new SqliteStore(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

const SCORE_COLUMNS =
  "id, name, data_type, value, string_value, comment, metadata, source, environment, config_id, " +
  "queue_id, timestamp_us, trace_id, observation_id, session_id, dataset_run_id";

function prepareStatements(database: Database) {
  return {
    insertObservation: database.prepare(INSERT_OBSERVATION),
    updateObservation: database.prepare(UPDATE_OBSERVATION),
    selectObservation: database.prepare(SELECT_OBSERVATION),
    putScore: database.prepare(`
      INSERT OR REPLACE INTO scores (${SCORE_COLUMNS}, counts_for_session_id)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
        coalesce(?15, (SELECT session_id FROM traces WHERE id = ?13)))`),
    score: database.prepare("SELECT * FROM scores WHERE id = ?"),
    session: database.prepare("SELECT * FROM sessions WHERE id = ?"),
    scoresCounting: database.prepare(`
      SELECT name, data_type, count(*) AS count, avg(value) AS mean FROM scores
      WHERE counts_for_session_id = ? AND data_type IN ('NUMERIC', 'BOOLEAN')
      GROUP BY name, data_type ORDER BY name, data_type`),
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
  const entries = Object.entries(record);
  if (!entries.some(([, value]) => typeof value === "string" && value.includes("\0")))
    return record;
  const cleaned = entries.map(([name, value]) => [
    name,
    typeof value === "string" ? value.replaceAll("\0", "\ufffd") : value,
  ]);
  // The same names with values of the same types.
  return Object.fromEntries(cleaned) as RowRecord;
}

class SqliteStore implements Store {
  readonly media: MediaStore;
  readonly #database: Database;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #summaries: Summaries;
  readonly #outline: ReturnType<typeof createOutlineReader>;
  #isOpen = true;

  constructor(database: Database) {
    this.#database = database;
    this.#statements = prepareStatements(database);
    this.#summaries = createSummaries(database);
    this.#outline = createOutlineReader(database);
    this.media = createMediaStore(database);
  }

  putObservations(observations: readonly ObservationRecord[]): ChangeEvent {
    return this.#transaction(() => {
      const traceIds = new Set<string>();
      for (const given of observations) {
        const observation = withoutNul(given);
        if (this.#putObservation(observation)) traceIds.add(observation.traceId);
      }
      const sessionIds = new Set<string>();
      for (const traceId of traceIds) {
        for (const id of this.#summaries.recomputeTrace(traceId)) sessionIds.add(id);
      }
      for (const sessionId of sessionIds) this.#summaries.recomputeSession(sessionId);
      return { sessionIds: [...sessionIds], traceIds: [...traceIds] };
    });
  }

  /** @returns whether the store changed */
  #putObservation(observation: ObservationRecord): boolean {
    const { insertObservation, selectObservation, updateObservation } = this.#statements;
    const values = observationValues(observation);
    if (Number(insertObservation.run(...values).changes) > 0) return true;
    const { traceId, id } = observation;
    const stored = selectObservation.get(traceId, id);
    if (stored === undefined || !beats(values, stored)) return false;
    updateObservation.run(...values, traceId, id);
    return true;
  }

  putScore(given: ScoreRecord): ChangeEvent {
    const score = withoutNul(given);
    return this.#transaction(() => {
      const before = this.#statements.score.get(score.id);
      this.#statements.putScore.run(
        score.id,
        score.name,
        score.dataType,
        score.value,
        score.stringValue,
        score.comment,
        score.metadata === null ? null : JSON.stringify(score.metadata),
        score.source,
        score.environment,
        score.configId,
        score.queueId,
        score.timestampUs,
        score.traceId,
        score.observationId,
        score.sessionId,
        score.datasetRunId,
      );
      const after = this.#statements.score.get(score.id);
      const touched = (column: string): string[] => {
        const ids = [before?.[column], after?.[column]].filter((id) => typeof id === "string");
        return [...new Set(ids)];
      };
      return { sessionIds: touched("counts_for_session_id"), traceIds: touched("trace_id") };
    });
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
    const rows = found.slice(0, query.limit).map((row) => this.#session(row));
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

  getSession(id: string): SessionRecord | undefined {
    const row = this.#statements.session.get(id);
    return row === undefined ? undefined : this.#session(row);
  }

  #session(row: SqlRow): SessionRecord {
    const scores = this.#statements.scoresCounting.all(row["id"] ?? null);
    return sessionFromRow(row, scores.map(scoreSummaryFromRow));
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

  stepsOfSession(sessionId: string, limit: number) {
    return this.#outline.stepsOfSession(sessionId, limit);
  }

  traceScoresOfSession(sessionId: string) {
    return this.#outline.traceScoresOfSession(sessionId);
  }

  contentLengthOfTrace(traceId: string) {
    return this.#outline.contentLengthOfTrace(traceId);
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
    this.#database.close();
  }

  /** IMMEDIATE takes the write lock at once, so that two studios on one file wait, not fail. */
  #transaction<Result>(work: () => Result): Result {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}

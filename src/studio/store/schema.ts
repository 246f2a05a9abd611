import { inTransaction } from "./in-transaction";
import { INGESTION_EVENTS } from "./migrations/ingestion-events";
import { MODEL_PRICES } from "./migrations/models";
import { PUBLIC_API_MIGRATION } from "./migrations/public-api";
import { PUBLICATIONS } from "./migrations/publications";
import { RETENTION_MIGRATION } from "./migrations/retention";
import { SEARCH_NOTES } from "./migrations/search-notes";
import { SEARCH_PURGE } from "./migrations/search-purge";
import { SESSION_LISTS } from "./migrations/session-lists";
import { STRAY_EVENTS } from "./migrations/stray-events";
import { ADD_STUDIO_KEYS_ON_LOOPBACK, CREATE_STUDIO_KEYS } from "./migrations/studio-keys";
import type { Database } from "./open-database";

/**
 * One entry per schema version, run in order and only once; `user_version` says how far a file is.
 * Entries are never changed once released: a new shape is a new entry.
 *
 * Times are microseconds. JSON stands as text. Large columns come last in `observations`: SQLite
 * reads a row from the front, so sums over the small ones do not touch the pages of the large.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE observations (
    trace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    parent_id TEXT,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    start_us INTEGER NOT NULL,
    start_ns INTEGER NOT NULL,
    end_us INTEGER NOT NULL,
    completion_start_us INTEGER,
    level TEXT NOT NULL,
    input_tokens REAL NOT NULL,
    output_tokens REAL NOT NULL,
    total_tokens REAL NOT NULL,
    total_cost REAL,
    model TEXT,
    session_id TEXT,
    user_id TEXT,
    trace_name TEXT,
    tags TEXT NOT NULL,
    -- One bit for each thing that it is or says of its trace; see TRACE_BITS.
    carries INTEGER NOT NULL,
    environment TEXT NOT NULL,
    release TEXT,
    version TEXT,
    prompt_name TEXT,
    prompt_version INTEGER,
    usage_details TEXT NOT NULL,
    cost_details TEXT NOT NULL,
    model_parameters TEXT NOT NULL,
    status_message TEXT,
    exceptions TEXT NOT NULL,
    trace_metadata TEXT NOT NULL,
    origin TEXT NOT NULL,
    metadata TEXT NOT NULL,
    input TEXT,
    output TEXT,
    UNIQUE (trace_id, id)
  ) STRICT;
  -- Holds all that the summary of a trace adds up, so that it reads no row of a trace of thousands.
  CREATE INDEX observations_in_trace ON observations (
    trace_id, start_us, start_ns, id, end_us, level, input_tokens, output_tokens, total_tokens,
    total_cost, model, tags, carries
  );
  CREATE INDEX observations_by_start ON observations (start_us, trace_id, id);
  CREATE INDEX observations_in_session ON observations (session_id, start_us, trace_id, id)
    WHERE session_id IS NOT NULL;

  CREATE TABLE traces (
    id TEXT PRIMARY KEY,
    session_id TEXT,
    name TEXT,
    user_id TEXT,
    tags TEXT NOT NULL,
    is_public INTEGER NOT NULL,
    environment TEXT NOT NULL,
    release TEXT,
    version TEXT,
    root_id TEXT NOT NULL,
    first_message TEXT,
    start_us INTEGER NOT NULL,
    end_us INTEGER NOT NULL,
    observation_count INTEGER NOT NULL,
    error_count INTEGER NOT NULL,
    input_tokens REAL NOT NULL,
    output_tokens REAL NOT NULL,
    total_tokens REAL NOT NULL,
    total_cost REAL,
    models TEXT NOT NULL
  ) STRICT;
  -- The same for the summary of a session.
  CREATE INDEX traces_in_session ON traces (
    session_id, start_us, id, end_us, observation_count, error_count, input_tokens, output_tokens,
    total_tokens, total_cost, models, tags, user_id, environment
  ) WHERE session_id IS NOT NULL;
  CREATE INDEX traces_without_session ON traces (start_us, id) WHERE session_id IS NULL;

  CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    first_message TEXT,
    trace_count INTEGER NOT NULL,
    user_ids TEXT NOT NULL,
    tags TEXT NOT NULL,
    environments TEXT NOT NULL,
    start_us INTEGER NOT NULL,
    end_us INTEGER NOT NULL,
    observation_count INTEGER NOT NULL,
    error_count INTEGER NOT NULL,
    input_tokens REAL NOT NULL,
    output_tokens REAL NOT NULL,
    total_tokens REAL NOT NULL,
    total_cost REAL,
    models TEXT NOT NULL
  ) STRICT;
  CREATE INDEX sessions_by_activity ON sessions (end_us, id);
  CREATE INDEX sessions_by_start ON sessions (start_us, id);

  CREATE TABLE scores (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    data_type TEXT NOT NULL,
    value REAL NOT NULL,
    string_value TEXT,
    comment TEXT,
    metadata TEXT,
    source TEXT NOT NULL,
    environment TEXT NOT NULL,
    config_id TEXT,
    queue_id TEXT,
    timestamp_us INTEGER NOT NULL,
    trace_id TEXT,
    observation_id TEXT,
    session_id TEXT,
    dataset_run_id TEXT,
    -- The session it counts for: its own, or that of its trace once that is known.
    counts_for_session_id TEXT
  ) STRICT;
  CREATE INDEX scores_of_trace ON scores (trace_id) WHERE trace_id IS NOT NULL;
  CREATE INDEX scores_of_session ON scores (session_id) WHERE session_id IS NOT NULL;
  CREATE INDEX scores_counting ON scores (counts_for_session_id, name)
    WHERE counts_for_session_id IS NOT NULL;
  `,
  `
  CREATE TABLE media (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    content_type TEXT NOT NULL,
    content_length INTEGER NOT NULL,
    uploaded_us INTEGER,
    content BLOB
  ) STRICT;
  CREATE TABLE media_places (
    media_id TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    -- Empty where the trace itself is meant.
    observation_id TEXT NOT NULL,
    field TEXT NOT NULL,
    UNIQUE (media_id, trace_id, observation_id, field)
  ) STRICT;
  `,
  RETENTION_MIGRATION,
  SESSION_LISTS,
  INGESTION_EVENTS,
  PUBLIC_API_MIGRATION,
  CREATE_STUDIO_KEYS,
  "ALTER TABLE observations ADD COLUMN stream_timeline TEXT;",
  SEARCH_PURGE,
  SEARCH_NOTES,
  ADD_STUDIO_KEYS_ON_LOOPBACK,
  STRAY_EVENTS,
  MODEL_PRICES,
  PUBLICATIONS,
];

/** The file holds other tables than this version works with. The message completes "…, got". */
export class SchemaMismatchError extends Error {
  override readonly name = "SchemaMismatchError";
}

/** The file holds tables, but none that any version of the studio made. */
export class ForeignDatabaseError extends Error {
  override readonly name = "ForeignDatabaseError";
}

/**
 * Brings a file to the current schema.
 * @throws SchemaMismatchError for one that a newer version made, ForeignDatabaseError
 */
export function migrate(database: Database): void {
  if (versionOf(database) === MIGRATIONS.length) return;
  // Looks again under the write lock: another studio may be creating the same file.
  inTransaction(database, () => {
    const current = versionOf(database);
    if (current > MIGRATIONS.length) {
      throw new SchemaMismatchError(
        `one that a newer version of playhead made (schema version ${current}, this one knows up to ${MIGRATIONS.length})`,
      );
    }
    if (current === 0 && columnsOf(database).size > 0) {
      throw new ForeignDatabaseError("the database of another program");
    }
    for (const migration of MIGRATIONS.slice(current)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}

/**
 * Compares the columns of a file with those of a new one, so that a file of a pre-release, which
 * has the version but not the columns, fails here and not at the first write.
 * @param reference - an empty database, which is given the current schema
 * @throws SchemaMismatchError
 */
export function checkColumns(database: Database, reference: Database): void {
  migrate(reference);
  const found = columnsOf(database);
  const expected = columnsOf(reference);
  const missing = [...expected].find((column) => !found.has(column));
  const tables = new Set([...expected].map(tableOf));
  const unknown = [...found].find((column) => tables.has(tableOf(column)) && !expected.has(column));
  const different = missing ?? unknown;
  if (different === undefined) return;
  const kind = missing === undefined ? "has an unknown" : "lacks the";
  throw new SchemaMismatchError(
    `one made by another version of playhead (it ${kind} column ${different})`,
  );
}

function versionOf(database: Database): number {
  return Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
}

/** `table.column` of every table but those of the search, which may need a module that is not there. */
function columnsOf(database: Database): Set<string> {
  const rows = database
    .prepare(
      `SELECT tables.name || '.' || columns.name AS name
       FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
       WHERE tables.type = 'table' AND tables.sql NOT LIKE 'CREATE VIRTUAL %'`,
    )
    .all();
  return new Set(rows.map((row) => String(row["name"])));
}

function tableOf(column: string): string {
  return column.slice(0, column.indexOf("."));
}

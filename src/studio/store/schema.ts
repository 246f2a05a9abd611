import type { Database } from "./open-database";

/**
 * One entry per schema version, run in order and only once; `user_version` says how far a file is.
 * Entries are never changed once released: a new shape is a new entry.
 *
 * Times are microseconds. JSON stands as text. Large columns come last in `observations`: SQLite
 * reads a row from the front, so sums over the small ones do not touch the pages of the large.
 */
const MIGRATIONS: readonly string[] = [
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
];

/** Brings a file to the current schema. Refuses one that a newer version wrote. */
export function migrate(database: Database): void {
  const current = Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
  if (current > MIGRATIONS.length) {
    throw new Error(
      `The studio's database has schema version ${current}, this version of playhead knows up to ${MIGRATIONS.length}. ` +
        "Update playhead, or start with another file (--db).",
    );
  }
  for (let version = current; version < MIGRATIONS.length; version++) {
    database.exec(
      `BEGIN IMMEDIATE; ${MIGRATIONS[version]} PRAGMA user_version = ${version + 1}; COMMIT;`,
    );
  }
}

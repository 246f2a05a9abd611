import { exactPart } from "../exact-sum";

/** A row of `scores`: in a trigger the new or the old one. */
type ScoreRow = "NEW" | "OLD" | "scores";

/** What a score adds to the sum of its session. */
const part = (row: ScoreRow): string => `(${exactPart(`${row}.value`)})`;

const category = (row: ScoreRow): string =>
  `iif(${row}.data_type = 'CATEGORICAL', ifnull(${row}.string_value, ''), '')`;

const counts = (row: ScoreRow): string =>
  `${row}.counts_for_session_id IS NOT NULL
    AND ${row}.data_type IN ('NUMERIC', 'BOOLEAN', 'CATEGORICAL')`;

// Infinity less infinity is null in SQLite: such a sum starts again at 0.
const addScore = `
    INSERT INTO session_scores (session_id, name, data_type, category, count, total)
    SELECT NEW.counts_for_session_id, NEW.name, NEW.data_type, ${category("NEW")}, 1, ${part("NEW")}
    WHERE ${counts("NEW")}
    ON CONFLICT (session_id, name, data_type, category) DO UPDATE
      SET count = count + 1, total = ifnull(total + excluded.total, 0);`;

const sameScores = `session_id = OLD.counts_for_session_id AND name = OLD.name
      AND data_type = OLD.data_type AND category = ${category("OLD")}`;

const removeScore = `
    UPDATE session_scores SET count = count - 1, total = ifnull(total - ${part("OLD")}, 0)
    WHERE ${counts("OLD")} AND ${sameScores};
    DELETE FROM session_scores WHERE ${counts("OLD")} AND ${sameScores} AND count <= 0;`;

/** Marks a trace to be indexed again from the start; see search/search-index.ts. */
const markStale = (traceId: string, condition: string): string => `
    INSERT INTO search_stale (trace_id, after_id) SELECT ${traceId}, '' WHERE ${condition}
    ON CONFLICT (trace_id) DO UPDATE SET after_id = '';`;

/**
 * What the list of sessions needs: an order for each column, the values to filter by, scores summed
 * up as they come, bookmarks, and what the search still has to read.
 */
export const SESSION_LISTS = `
  DROP INDEX sessions_by_activity;
  DROP INDEX sessions_by_start;
  ALTER TABLE sessions RENAME TO sessions_before;
  CREATE TABLE sessions (
    -- Never given twice: the search keeps it where it is slow to look an id up.
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    first_message TEXT,
    trace_count INTEGER NOT NULL,
    -- Traces with a known cost: where there is none, the cost of the session is not known.
    costed_trace_count INTEGER NOT NULL,
    -- The lists of values as JSON, for reading; session_values holds them for filters.
    user_ids TEXT NOT NULL,
    tags TEXT NOT NULL,
    environments TEXT NOT NULL,
    models TEXT NOT NULL,
    start_us INTEGER NOT NULL,
    end_us INTEGER NOT NULL,
    observation_count INTEGER NOT NULL,
    error_count INTEGER NOT NULL,
    input_tokens REAL NOT NULL,
    output_tokens REAL NOT NULL,
    total_tokens REAL NOT NULL,
    total_cost REAL
  ) STRICT;
  INSERT INTO sessions (
    id, first_message, trace_count, costed_trace_count, user_ids, tags, environments, models,
    start_us, end_us, observation_count, error_count, input_tokens, output_tokens, total_tokens,
    total_cost
  )
  SELECT
    id, first_message, trace_count,
    (SELECT count(total_cost) FROM traces WHERE session_id = sessions_before.id),
    user_ids, tags, environments, models, start_us, end_us, observation_count, error_count,
    input_tokens, output_tokens, total_tokens,
    (
      SELECT sum(${exactPart("total_cost")}) FROM traces WHERE session_id = sessions_before.id
    )
  FROM sessions_before;
  DROP TABLE sessions_before;
  CREATE INDEX sessions_by_activity ON sessions (end_us, id);
  CREATE INDEX sessions_by_start ON sessions (start_us, id);
  CREATE INDEX sessions_by_duration ON sessions (end_us - start_us, id);
  CREATE INDEX sessions_by_turns ON sessions (trace_count, id);
  CREATE INDEX sessions_by_tokens ON sessions (total_tokens, id);
  CREATE INDEX sessions_by_cost ON sessions (ifnull(total_cost, -1), id);
  CREATE INDEX sessions_by_errors ON sessions (error_count, id);
  CREATE INDEX sessions_by_observations ON sessions (observation_count, id);

  CREATE TABLE session_values (
    session INTEGER NOT NULL,
    -- user, tag, environment, model, score: the name of a score
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    -- Traces of the session that have it; 1 of a score name.
    count INTEGER NOT NULL,
    PRIMARY KEY (session, kind, value)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX session_values_by_value ON session_values (kind, value, session);
  CREATE TRIGGER sessions_removed AFTER DELETE ON sessions BEGIN
    DELETE FROM session_values WHERE session = OLD.seq;
  END;
  INSERT INTO session_values (session, kind, value, count)
    SELECT seq, 'user', user_id, count(*) FROM traces JOIN sessions ON sessions.id = session_id
    WHERE user_id IS NOT NULL GROUP BY seq, user_id;
  INSERT INTO session_values (session, kind, value, count)
    SELECT seq, 'environment', environment, count(*)
    FROM traces JOIN sessions ON sessions.id = session_id GROUP BY seq, environment;
  INSERT INTO session_values (session, kind, value, count)
    SELECT seq, 'tag', json_each.value, count(*)
    FROM traces JOIN sessions ON sessions.id = session_id, json_each(traces.tags)
    GROUP BY seq, json_each.value;
  INSERT INTO session_values (session, kind, value, count)
    SELECT seq, 'model', json_each.value, count(*)
    FROM traces JOIN sessions ON sessions.id = session_id, json_each(traces.models)
    GROUP BY seq, json_each.value;

  CREATE TABLE session_scores (
    -- May come before anything else of the session does.
    session_id TEXT NOT NULL,
    name TEXT NOT NULL,
    data_type TEXT NOT NULL,
    -- Empty but for CATEGORICAL scores.
    category TEXT NOT NULL,
    count INTEGER NOT NULL,
    total REAL NOT NULL,
    PRIMARY KEY (session_id, name, data_type, category)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX session_scores_by_name ON session_scores (
    name, session_id, data_type, category, count, total
  );
  CREATE TRIGGER scores_added AFTER INSERT ON scores BEGIN ${addScore}
  END;
  CREATE TRIGGER scores_changed AFTER UPDATE ON scores BEGIN ${removeScore} ${addScore}
  END;
  CREATE TRIGGER scores_removed AFTER DELETE ON scores BEGIN ${removeScore}
  END;
  CREATE TRIGGER session_scores_added AFTER INSERT ON session_scores BEGIN
    INSERT INTO session_values (session, kind, value, count)
    SELECT seq, 'score', NEW.name, 1 FROM sessions WHERE id = NEW.session_id
    ON CONFLICT (session, kind, value) DO NOTHING;
  END;
  CREATE TRIGGER session_scores_removed AFTER DELETE ON session_scores BEGIN
    DELETE FROM session_values
    WHERE session = (SELECT seq FROM sessions WHERE id = OLD.session_id)
      AND kind = 'score' AND value = OLD.name
      AND NOT EXISTS (
        SELECT 1 FROM session_scores WHERE session_id = OLD.session_id AND name = OLD.name
      );
  END;
  CREATE TRIGGER sessions_added AFTER INSERT ON sessions BEGIN
    INSERT INTO session_values (session, kind, value, count)
    SELECT DISTINCT NEW.seq, 'score', name, 1 FROM session_scores WHERE session_id = NEW.id
    ON CONFLICT (session, kind, value) DO NOTHING;
  END;
  INSERT INTO session_scores (session_id, name, data_type, category, count, total)
    SELECT counts_for_session_id, name, data_type, ${category("scores")},
      count(*), ifnull(sum(${part("scores")}), 0)
    FROM scores WHERE ${counts("scores")} GROUP BY 1, 2, 3, 4;

  -- By id, so that a session that goes and comes again has its bookmark still.
  CREATE TABLE session_bookmarks (session_id TEXT PRIMARY KEY) STRICT;

  -- Rows of observations that the search has not read yet, and how many of their chunks it has.
  CREATE TABLE search_pending (
    observation INTEGER PRIMARY KEY,
    chunk_count INTEGER NOT NULL
  ) STRICT;
  -- Traces whose documents are to be removed, and whose observations then become pending again:
  -- those up to after_id already are.
  CREATE TABLE search_stale (
    trace_id TEXT PRIMARY KEY,
    after_id TEXT NOT NULL
  ) STRICT;
  -- The documents of the search. A document's number holds the session's: see search-index.ts.
  CREATE TABLE search_docs (
    doc INTEGER PRIMARY KEY,
    trace_id TEXT NOT NULL,
    observation_ids TEXT NOT NULL
  ) STRICT;
  CREATE INDEX search_docs_of_trace ON search_docs (trace_id);
  CREATE TRIGGER observations_added AFTER INSERT ON observations BEGIN
    INSERT INTO search_pending (observation, chunk_count) VALUES (NEW.rowid, 0)
    ON CONFLICT (observation) DO UPDATE SET chunk_count = 0;
  END;
  CREATE TRIGGER observations_changed AFTER UPDATE ON observations BEGIN ${markStale(
    "NEW.trace_id",
    "NOT EXISTS (SELECT 1 FROM search_pending WHERE observation = NEW.rowid AND chunk_count = 0)",
  )}
  END;
  CREATE TRIGGER observations_removed AFTER DELETE ON observations BEGIN
    DELETE FROM search_pending WHERE observation = OLD.rowid; ${markStale(
      "OLD.trace_id",
      "EXISTS (SELECT 1 FROM search_docs WHERE trace_id = OLD.trace_id)",
    )}
  END;
  CREATE TRIGGER traces_moved AFTER UPDATE OF session_id ON traces
  WHEN OLD.session_id IS NOT NEW.session_id BEGIN ${markStale("NEW.id", "true")}
  END;
  CREATE TRIGGER traces_removed AFTER DELETE ON traces BEGIN ${markStale(
    "OLD.id",
    "EXISTS (SELECT 1 FROM search_docs WHERE trace_id = OLD.id)",
  )}
  END;
  INSERT INTO search_pending (observation, chunk_count) SELECT rowid, 0 FROM observations;
`;

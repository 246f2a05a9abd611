/**
 * What the reads of the Langfuse-compatible API need: comments, score configs, and indexes in the
 * order of their lists.
 */
export const PUBLIC_API_MIGRATION = `
  CREATE TABLE comments (
    id TEXT PRIMARY KEY,
    object_type TEXT NOT NULL,
    object_id TEXT NOT NULL,
    content TEXT NOT NULL,
    author_user_id TEXT,
    created_us INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX comments_by_time ON comments (created_us, id);
  CREATE INDEX comments_of_object ON comments (object_type, object_id, created_us, id);

  -- What is deleted takes its comments with it; a session goes with its last trace.
  CREATE TRIGGER comments_of_observation_go AFTER DELETE ON observations BEGIN
    DELETE FROM comments WHERE object_type = 'OBSERVATION' AND object_id = OLD.id;
  END;
  CREATE TRIGGER comments_of_trace_go AFTER DELETE ON traces BEGIN
    DELETE FROM comments WHERE object_type = 'TRACE' AND object_id = OLD.id;
    DELETE FROM comments WHERE object_type = 'SESSION' AND object_id = OLD.session_id
      AND NOT EXISTS (SELECT 1 FROM traces WHERE session_id = OLD.session_id);
  END;

  CREATE TABLE score_configs (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    data_type TEXT NOT NULL,
    is_archived INTEGER NOT NULL,
    min_value REAL,
    max_value REAL,
    categories TEXT,
    description TEXT,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX score_configs_by_time ON score_configs (created_us, id);

  CREATE INDEX traces_by_start ON traces (start_us, id);
  CREATE INDEX traces_of_user ON traces (user_id, start_us, id) WHERE user_id IS NOT NULL;
  CREATE INDEX scores_by_time ON scores (timestamp_us, id);

  -- In the order of the lists, with what they filter by: a filter that few rows pass reads this
  -- index, never the rows with their input and output.
  DROP INDEX observations_by_start;
  CREATE INDEX observations_by_start ON observations (
    start_us, trace_id, id, type, level, name, user_id, parent_id, environment, version, carries,
    end_us, session_id, trace_name, tags, model, input_tokens, output_tokens, total_tokens,
    total_cost
  );
`;

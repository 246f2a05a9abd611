-- The tables of schema version 2, with a session of two turns, a trace without one, and scores.
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

INSERT INTO observations (
  trace_id, id, type, name, start_us, start_ns, end_us, level, input_tokens, output_tokens,
  total_tokens, total_cost, model, session_id, user_id, tags, carries, environment, usage_details,
  cost_details, model_parameters, exceptions, trace_metadata, origin, metadata, input
) VALUES
  ('t1', 'a', 'generation', 'answer', 1000, 0, 2000, 'DEFAULT', 3, 4, 7, 0.1, 'm1', 's', 'ann',
    '["x"]', 131, 'prod', '{}', '{}', '{}', '[]', '{}', '{}', '{}', 'hello there'),
  ('t2', 'b', 'generation', 'answer', 3000, 0, 5000, 'ERROR', 1, 1, 2, 0.2, 'm2', 's', 'ann',
    '["x","y"]', 131, 'prod', '{}', '{}', '{}', '[]', '{}', '{}', '{}', 'hello again'),
  ('t3', 'c', 'span', 'alone', 1000, 0, 2000, 'DEFAULT', 0, 0, 0, NULL, NULL, NULL, NULL,
    '[]', 128, 'dev', '{}', '{}', '{}', '[]', '{}', '{}', '{}', 'hello alone');
INSERT INTO traces VALUES
  ('t1', 's', 'answer', 'ann', '["x"]', 0, 'prod', NULL, NULL, 'a', 'hello there', 1000, 2000, 1, 0,
    3, 4, 7, 0.1, '["m1"]'),
  ('t2', 's', 'answer', 'ann', '["x","y"]', 0, 'prod', NULL, NULL, 'b', 'hello again', 3000, 5000, 1, 1,
    1, 1, 2, 0.2, '["m2"]'),
  ('t3', NULL, 'alone', NULL, '[]', 0, 'dev', NULL, NULL, 'c', 'hello alone', 1000, 2000, 1, 0,
    0, 0, 0, NULL, '[]');
INSERT INTO sessions VALUES
  ('s', 'hello there', 2, '["ann"]', '["x","y"]', '["prod"]', 1000, 5000, 2, 1, 4, 5, 9, 0.3,
    '["m1","m2"]');
INSERT INTO scores (
  id, name, data_type, value, string_value, source, environment, timestamp_us, trace_id,
  counts_for_session_id
) VALUES
  ('1', 'helpful', 'NUMERIC', 0.5, NULL, 'API', 'default', 1, 't1', 's'),
  ('2', 'helpful', 'NUMERIC', 1, NULL, 'API', 'default', 2, 't2', 's'),
  ('3', 'verdict', 'CATEGORICAL', 0, 'good', 'API', 'default', 3, 't2', 's');
PRAGMA user_version = 2;

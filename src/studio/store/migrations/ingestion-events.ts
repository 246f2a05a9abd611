/** Keeps the events of the legacy batch: an observation or trace is what its events say together. */
export const INGESTION_EVENTS = `
  CREATE TABLE ingestion_events (
    -- In the order of arrival.
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    -- trace or observation
    entity TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    envelope_id TEXT NOT NULL,
    -- The trace it belongs to, as far as that is known.
    trace_id TEXT,
    timestamp_us INTEGER NOT NULL,
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (entity, entity_id, envelope_id)
  ) STRICT;
  CREATE INDEX ingestion_events_of_trace ON ingestion_events (trace_id, entity, entity_id);
  -- What is deleted is not kept here either.
  CREATE TRIGGER ingestion_events_end AFTER DELETE ON observations BEGIN
    DELETE FROM ingestion_events
    WHERE trace_id = OLD.trace_id
      AND ((entity = 'observation' AND entity_id = OLD.id)
        OR (entity = 'trace' AND OLD.id = 't-' || OLD.trace_id));
  END;
`;

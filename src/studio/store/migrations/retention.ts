/** What finds the oldest, and what belongs to a trace, so that deleting does not read whole tables. */
export const RETENTION_MIGRATION = `
  CREATE INDEX IF NOT EXISTS traces_without_session_by_activity ON traces (end_us, id) WHERE session_id IS NULL;
  CREATE INDEX IF NOT EXISTS media_places_in_trace ON media_places (trace_id);
  CREATE INDEX IF NOT EXISTS media_by_upload ON media (uploaded_us) WHERE uploaded_us IS NOT NULL;
`;

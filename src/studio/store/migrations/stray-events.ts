/** Finds the oldest updates whose observation, and so whose trace, nothing has named. */
export const STRAY_EVENTS = `
  CREATE INDEX ingestion_events_without_trace ON ingestion_events (timestamp_us)
    WHERE trace_id IS NULL;
`;

import { INSERT_OBSERVATION, UPDATE_OBSERVATION } from "./observation-rows";
import type { Database, SqlValue } from "./open-database";

/**
 * Rows of `observations`, and the note of each new one for the search. Values are those of
 * `observationValues`. Must run inside the writer's transaction.
 */
export interface ObservationWrites {
  /** @returns false where the trace already has an observation of that id; then nothing is written */
  insert(values: readonly SqlValue[]): boolean;
  update(values: readonly SqlValue[], traceId: string, id: string): void;
}

// Not a trigger: with one SQLite keeps a journal for each inserted row, so that the row can be taken
// back alone. That was a third of the time of an insert.
const NOTE_FOR_SEARCH = `
  INSERT INTO search_pending (observation, chunk_count) VALUES (last_insert_rowid(), 0)
  ON CONFLICT (observation) DO UPDATE SET chunk_count = 0`;

export function createObservationWrites(database: Database): ObservationWrites {
  const insert = database.prepare(INSERT_OBSERVATION);
  const noteForSearch = database.prepare(NOTE_FOR_SEARCH);
  const update = database.prepare(UPDATE_OBSERVATION);
  return {
    insert(values) {
      if (Number(insert.run(...values).changes) === 0) return false;
      noteForSearch.run();
      return true;
    },
    update(values, traceId, id) {
      update.run(...values, traceId, id);
    },
  };
}

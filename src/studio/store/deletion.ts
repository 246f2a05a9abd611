import type { ChangeEvent } from "../api/types";
import type { Database, SqlRow } from "./open-database";
import { WANT_PURGE } from "./search/search-purge";
import type { Transactions } from "./transactions";

/**
 * Observations that one transaction deletes at most: some 50 ms, in which nothing else is written.
 */
const MAX_ROWS_PER_SLICE = 1_000;
/** Texts of updates that one transaction deletes at most, and one more. */
const MAX_BYTES_PER_SLICE = 8 * 1024 * 1024;

/**
 * Deletes for good: what a trace or session consists of, what was said about it, and files that
 * nothing else refers to. Texts are overwritten in the file (`secure_delete`); words in the index of
 * the search are when that is purged, see search-purge.ts.
 *
 * Each step of a generator is one transaction that leaves everything consistent, and gives what it
 * changed; a large trace shrinks step by step. What arrives of a trace after the first step is not
 * deleted: it makes the trace anew.
 */
export interface Deletion {
  trace(id: string): Generator<ChangeEvent, void>;
  /** The session with all of its traces. */
  session(id: string): Generator<ChangeEvent, void>;
  score(id: string): ChangeEvent;
  /** Files that were uploaded before a time, and that no trace refers to which is here. */
  strayMedia(uploadedBeforeUs: number): void;
  /**
   * Updates of the legacy batch from before a time whose observation nothing has created: no read
   * shows them.
   */
  strayEvents(beforeUs: number): Generator<ChangeEvent, void>;
}

export function createDeletion(database: Database, transactions: Transactions): Deletion {
  const rowsOfTrace = database.prepare("SELECT rowid AS row FROM observations WHERE trace_id = ?");
  const deleteRow = database.prepare("DELETE FROM observations WHERE rowid = ? AND trace_id = ?");
  const tracesOfSession = database.prepare("SELECT id FROM traces WHERE session_id = ?");
  const scoresOfTrace = database.prepare("DELETE FROM scores WHERE trace_id = ?");
  const scoresOfSession = database.prepare("DELETE FROM scores WHERE session_id = ?");
  const deleteBookmark = database.prepare("DELETE FROM session_bookmarks WHERE session_id = ?");
  const placesOfTrace = database.prepare("SELECT media_id FROM media_places WHERE trace_id = ?");
  const deletePlaces = database.prepare("DELETE FROM media_places WHERE trace_id = ?");
  const deleteUnplaced = database.prepare(`
    DELETE FROM media WHERE id = ?1
      AND NOT EXISTS (SELECT 1 FROM media_places WHERE media_id = ?1)`);
  const wantPurge = database.prepare(WANT_PURGE);
  const commentsOfSession = database.prepare(
    "DELETE FROM comments WHERE object_type = 'SESSION' AND object_id = ?",
  );
  const findScore = database.prepare(
    "SELECT trace_id, counts_for_session_id FROM scores WHERE id = ?",
  );
  const deleteScore = database.prepare("DELETE FROM scores WHERE id = ?");
  const strayPlaces = database.prepare(`
    SELECT DISTINCT media_places.trace_id FROM media
    JOIN media_places ON media_places.media_id = media.id
    WHERE media.uploaded_us < ?
      AND NOT EXISTS (SELECT 1 FROM traces WHERE traces.id = media_places.trace_id)
    LIMIT ${MAX_ROWS_PER_SLICE}`);

  const strayEvents = database.prepare(`
    SELECT sequence, octet_length(body) AS bytes
    FROM ingestion_events INDEXED BY ingestion_events_without_trace
    WHERE trace_id IS NULL AND timestamp_us < ? ORDER BY timestamp_us LIMIT ${MAX_ROWS_PER_SLICE}`);
  const deleteStrayEvent = database.prepare(
    "DELETE FROM ingestion_events WHERE sequence = ? AND trace_id IS NULL",
  );

  function deleteMediaOf(traceId: string): void {
    const mediaIds = new Set(placesOfTrace.all(traceId).map(({ media_id }) => media_id ?? null));
    deletePlaces.run(traceId);
    for (const id of mediaIds) deleteUnplaced.run(id);
  }

  function* traces(ids: readonly string[]): Generator<ChangeEvent, void> {
    // Numbers of rows: what comes later has others. Only where something else deletes the last rows of
    // all meanwhile does SQLite give their numbers again, so the trace is asked for as well.
    const rows = ids.map((id) => rowsOfTrace.all(id).map(({ row }) => row ?? null));
    let trace = 0;
    let next = 0;
    while (trace < ids.length) {
      yield transactions.write(({ outdatedTraceIds }) => {
        for (let room = MAX_ROWS_PER_SLICE; room > 0 && trace < ids.length; room--) {
          const id = ids[trace] ?? "";
          const row = rows[trace]?.[next++];
          outdatedTraceIds.add(id);
          if (row !== undefined) {
            deleteRow.run(row, id);
            continue;
          }
          scoresOfTrace.run(id);
          deleteMediaOf(id);
          wantPurge.run();
          trace++;
          next = 0;
        }
      });
    }
  }

  return {
    trace: (id) => traces([id]),
    *session(id) {
      yield* traces(tracesOfSession.all(id).map((row) => text(row, "id")));
      yield transactions.write(({ sessionIds }) => {
        scoresOfSession.run(id);
        commentsOfSession.run(id);
        deleteBookmark.run(id);
        sessionIds.add(id);
      });
    },
    score(id) {
      return transactions.write(({ traceIds, sessionIds }) => {
        const score = findScore.get(id);
        if (score === undefined) return;
        deleteScore.run(id);
        if (score["trace_id"] !== null) traceIds.add(text(score, "trace_id"));
        const sessionId = score["counts_for_session_id"];
        if (typeof sessionId === "string") sessionIds.add(sessionId);
      });
    },
    strayMedia(uploadedBeforeUs) {
      transactions.write(() => {
        for (const row of strayPlaces.all(uploadedBeforeUs)) deleteMediaOf(text(row, "trace_id"));
      });
    },
    *strayEvents(beforeUs) {
      const find = () => strayEvents.all(beforeUs);
      for (let found = find(); found.length > 0; found = find()) {
        yield transactions.write(() => {
          let bytes = 0;
          for (const row of found) {
            if (bytes > MAX_BYTES_PER_SLICE) break;
            deleteStrayEvent.run(row["sequence"] ?? null);
            bytes += Number(row["bytes"]);
          }
        });
      }
    },
  };
}

function text(row: SqlRow, column: string): string {
  return String(row[column]);
}

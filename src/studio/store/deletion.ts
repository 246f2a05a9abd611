import type { ChangeEvent } from "../api/types";
import type { Database, SqlRow } from "./open-database";
import { WANT_PURGE } from "./search/search-purge";
import type { Transactions } from "./transactions";

/** What one transaction deletes at most, and one more: some 50 ms, in which nothing else is written. */
const MAX_SLICE = { rows: 1_000, bytes: 8 * 1024 * 1024 };

/** Columns of an observation that may be large. */
const LARGE_COLUMNS = ["input", "output", "metadata", "trace_metadata", "origin", "exceptions"];

/** What a transaction may still delete. */
interface Room {
  rows: number;
  bytes: number;
}

const isLeft = ({ rows, bytes }: Room): boolean => rows > 0 && bytes > 0;

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
  strayMedia(uploadedBeforeUs: number): Generator<ChangeEvent, void>;
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
  // The events that it was made of go with a row; see migrations/ingestion-events.ts.
  const sizeOfRow = database.prepare(`
    SELECT ${LARGE_COLUMNS.map((column) => `ifnull(octet_length(${column}), 0)`).join(" + ")} + (
        SELECT ifnull(sum(octet_length(body)), 0) FROM ingestion_events
        WHERE trace_id = ?2 AND entity = 'observation' AND entity_id = observations.id
      ) AS bytes
    FROM observations WHERE rowid = ?1 AND trace_id = ?2`);
  const fileOfTrace = database.prepare(`
    SELECT media_id, content_length AS bytes FROM media_places
    LEFT JOIN media ON media.id = media_id WHERE trace_id = ? LIMIT 1`);
  const deletePlaces = database.prepare(
    "DELETE FROM media_places WHERE trace_id = ? AND media_id = ?",
  );
  const deleteUnplaced = database.prepare(`
    DELETE FROM media WHERE id = ?1
      AND NOT EXISTS (SELECT 1 FROM media_places WHERE media_id = ?1)`);
  const hasTrace = database.prepare("SELECT 1 FROM traces WHERE id = ?");
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
    LIMIT ${MAX_SLICE.rows}`);

  const strayEvents = database.prepare(`
    SELECT sequence, octet_length(body) AS bytes
    FROM ingestion_events INDEXED BY ingestion_events_without_trace
    WHERE trace_id IS NULL AND timestamp_us < ? ORDER BY timestamp_us LIMIT ${MAX_SLICE.rows}`);
  const deleteStrayEvent = database.prepare(
    "DELETE FROM ingestion_events WHERE sequence = ? AND trace_id IS NULL",
  );

  /** @returns false where the trace has no file left */
  function deleteFile(traceId: string, room: Room): boolean {
    const file = fileOfTrace.get(traceId);
    if (file === undefined) return false;
    const id = file["media_id"] ?? null;
    deletePlaces.run(traceId, id);
    room.rows -= 1;
    if (Number(deleteUnplaced.run(id).changes) > 0) room.bytes -= Number(file["bytes"]);
    return true;
  }

  function* traces(ids: readonly string[]): Generator<ChangeEvent, void> {
    // Numbers of rows: what comes later has others. Only where something else deletes the last rows of
    // all meanwhile does SQLite give their numbers again, so the trace is asked for as well.
    const rows = ids.map((id) => rowsOfTrace.all(id).map(({ row }) => row ?? null));
    let trace = 0;
    let next = 0;
    while (trace < ids.length) {
      yield transactions.write(({ outdatedTraceIds }) => {
        const room = { ...MAX_SLICE };
        while (isLeft(room) && trace < ids.length) {
          const id = ids[trace] ?? "";
          const row = rows[trace]?.[next];
          outdatedTraceIds.add(id);
          if (row !== undefined) {
            room.rows -= 1;
            room.bytes -= Number(sizeOfRow.get(row, id)?.["bytes"] ?? 0);
            deleteRow.run(row, id);
            next++;
          } else if (!deleteFile(id, room)) {
            room.rows -= 1;
            scoresOfTrace.run(id);
            wantPurge.run();
            trace++;
            next = 0;
          }
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
    *strayMedia(uploadedBeforeUs) {
      const ids = strayPlaces.all(uploadedBeforeUs).map((row) => text(row, "trace_id"));
      while (ids.length > 0) {
        yield transactions.write(() => {
          const room = { ...MAX_SLICE };
          while (isLeft(room) && ids.length > 0) {
            const id = ids[0] ?? "";
            const isStray = hasTrace.get(id) === undefined; // or has come since
            if (!isStray || !deleteFile(id, room)) ids.shift();
          }
        });
      }
    },
    *strayEvents(beforeUs) {
      const find = () => strayEvents.all(beforeUs);
      for (let found = find(); found.length > 0; found = find()) {
        yield transactions.write(() => {
          const room = { ...MAX_SLICE };
          for (const row of found) {
            if (!isLeft(room)) break;
            deleteStrayEvent.run(row["sequence"] ?? null);
            room.bytes -= Number(row["bytes"]);
          }
        });
      }
    },
  };
}

function text(row: SqlRow, column: string): string {
  return String(row[column]);
}

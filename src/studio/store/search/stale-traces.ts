import type { Database, SqlRow } from "../open-database";
import { textOf } from "./search-documents";

/** Takes what is out of date out of the index, and puts it back to what is to be read. */
export interface StaleTraces {
  /**
   * Refreshes traces until there are no more, or so much is done that it costs as much as reading
   * `maxLength` characters. Must run inside the index's transaction.
   * @returns what it cost, and whether a trace is left half way: none of its rows may be read then,
   * since they would be put back once more
   */
  refresh(maxLength: number): { readonly length: number; readonly isHalfWay: boolean };
}

/** Documents of a trace that are removed at a time, and observations that are put back. */
const MAX_ROWS = 200;
/** What a trace, a document or an observation costs, in characters. */
const ROW_LENGTH = 100;

export function createStaleTraces(database: Database): StaleTraces {
  // In the order in which they became stale, so that none is overtaken again and again.
  const selectStale = database.prepare(
    "SELECT trace_id, after_id FROM search_stale ORDER BY rowid LIMIT 1",
  );
  const docsOfTrace = database.prepare("SELECT doc FROM search_docs WHERE trace_id = ? LIMIT ?");
  const deleteText = database.prepare("DELETE FROM search_texts WHERE rowid = ?");
  const deleteDoc = database.prepare("DELETE FROM search_docs WHERE doc = ?");
  const rowsOfTrace = database.prepare(`
    SELECT rowid AS observation, id FROM observations WHERE trace_id = ? AND id > ?
    ORDER BY id LIMIT ?`);
  const makePending = database.prepare(`
    INSERT INTO search_pending (observation, chunk_count) VALUES (?, 0)
    ON CONFLICT (observation) DO UPDATE SET chunk_count = 0`);
  const markStale = database.prepare("UPDATE search_stale SET after_id = ? WHERE trace_id = ?");
  const doneStale = database.prepare("DELETE FROM search_stale WHERE trace_id = ?");

  /** @returns documents and observations; a trace is done when it is no longer stale */
  function refreshPart(stale: SqlRow): number {
    const traceId = textOf(stale, "trace_id");
    const docs = docsOfTrace.all(traceId, MAX_ROWS);
    for (const { doc } of docs) {
      deleteText.run(doc ?? null);
      deleteDoc.run(doc ?? null);
    }
    if (docs.length === MAX_ROWS) return docs.length;
    const rows = rowsOfTrace.all(traceId, textOf(stale, "after_id"), MAX_ROWS);
    for (const { observation } of rows) makePending.run(observation ?? null);
    const last = rows.at(-1);
    if (last === undefined || rows.length < MAX_ROWS) doneStale.run(traceId);
    else markStale.run(textOf(last, "id"), traceId);
    return docs.length + rows.length;
  }

  return {
    refresh(maxLength) {
      let length = 0;
      let stale = selectStale.get();
      while (stale !== undefined && length < maxLength) {
        length += ROW_LENGTH * (1 + refreshPart(stale));
        stale = selectStale.get();
      }
      return { length, isHalfWay: stale !== undefined && textOf(stale, "after_id") !== "" };
    },
  };
}

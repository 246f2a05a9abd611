import type { Database, SqlRow, SqlValue } from "../open-database";
import { chunksOf, type Document, documentFor, TEXT_COLUMNS, textOf } from "./search-documents";
import { createSearchPurge } from "./search-purge";
import { spreadCjk } from "./searchable-text";

/**
 * The full text index, filled step by step outside of ingestion. What is to be read stands in
 * `search_pending`, put there by triggers, so a step begins where the last one ended, whichever
 * process that was.
 *
 *     search_pending   rows of observations, in the order they came
 *       │ a step: their texts, those of one trace together
 *     search_texts     FTS5, without the texts themselves: words → documents
 *     search_docs      document → trace and observations
 *
 * A document's number is the session's `seq` times 2^20 plus a number within the session, so that a
 * search learns the sessions from the documents' numbers alone.
 */
export interface SearchIndex {
  /** False where the SQLite at hand was built without FTS5. */
  readonly isAvailable: boolean;
  /**
   * Reads a bounded piece of what is pending, in one transaction.
   * @param maxLength - characters to read; a step takes about 2 ms for 10,000
   * @returns whether there is more to do
   */
  step(maxLength?: number): boolean;
  /** Whether it holds no word of what was deleted: steps remove them, the rarer the larger it is. */
  isPurged(): boolean;
}

export interface SearchIndexOptions {
  /** Called after the commit with which the last word of what was deleted is gone. */
  readonly onPurged?: (() => void) | undefined;
  /** Milliseconds, never going back. @default performance.now */
  readonly now?: (() => number) | undefined;
}

/** Bits of a document's number that count within the session. */
export const DOC_BITS = 20;
const DOCS_PER_SESSION = 2 ** DOC_BITS;

/** Characters of a step unless said otherwise. */
const STEP_LENGTH = 40_000;
/** What a row costs a step besides its text, in characters. */
const ROW_LENGTH = 100;
/** Documents of a stale trace that one step removes, and observations that it puts back. */
const MAX_STALE_PER_STEP = 200;

// `detail=none`: which documents hold a word, not where; a phrase is looked for in the texts
// themselves. The prefixes make the first letters of a word as fast as the whole of it.
const CREATE_TEXTS = `
  CREATE VIRTUAL TABLE IF NOT EXISTS search_texts USING fts5 (
    text, content = '', contentless_delete = 1, detail = none, prefix = '1 2 3',
    tokenize = 'unicode61 remove_diacritics 2'
  )`;

// Each step writes a segment. Left to itself, FTS5 now and then merges many of them at once, which
// may take seconds; so each step merges a few pages, more than it writes.
const MERGE_BY_STEPS = `
  INSERT INTO search_texts (search_texts, rank) VALUES ('automerge', 0);
  INSERT INTO search_texts (search_texts, rank) VALUES ('crisismerge', 500);`;

/** A step writes a page for about 3,000 characters, and each page is written again some 8 times. */
const LENGTH_PER_MERGED_PAGE = 320;

const SELECT_NEXT = `
  SELECT observation, chunk_count FROM search_pending
  WHERE observation > ? ORDER BY observation LIMIT 1`;

const SELECT_PENDING = `
  SELECT observation, observations.trace_id AS trace_id,
    ${TEXT_COLUMNS.map((column) => `observations.${column} AS ${column}`).join(", ")},
    sessions.seq AS seq, sessions.id AS session_id,
    traces.name AS trace_name, traces.user_id AS user_id, traces.tags AS tags
  FROM search_pending
  LEFT JOIN observations ON observations.rowid = observation
  LEFT JOIN traces ON traces.id = observations.trace_id
  LEFT JOIN sessions ON sessions.id = traces.session_id
  WHERE observation = ?`;

/** A pending row whose texts are read. */
interface PendingRow {
  readonly row: SqlRow;
  readonly chunks: readonly (() => string)[];
  /** Chunks that are in the index. */
  doneCount: number;
}

export function createSearchIndex(
  database: Database,
  { onPurged, now = () => performance.now() }: SearchIndexOptions = {},
): SearchIndex {
  if (!createTexts(database)) {
    return { isAvailable: false, step: () => false, isPurged: () => true };
  }

  const hasPending = database.prepare(`
    SELECT EXISTS (SELECT 1 FROM search_pending) OR EXISTS (SELECT 1 FROM search_stale)
      AS has_pending`);
  const selectNext = database.prepare(SELECT_NEXT);
  const selectPending = database.prepare(SELECT_PENDING);
  const countChunks = database.prepare(
    "UPDATE search_pending SET chunk_count = ? WHERE observation = ?",
  );
  const donePending = database.prepare("DELETE FROM search_pending WHERE observation = ?");
  const lastDoc = database.prepare(
    "SELECT max(doc) AS doc FROM search_docs WHERE doc >= ? AND doc < ?",
  );
  const insertText = database.prepare("INSERT INTO search_texts (rowid, text) VALUES (?, ?)");
  const insertDoc = database.prepare(
    "INSERT INTO search_docs (doc, trace_id, observation_ids) VALUES (?, ?, ?)",
  );
  const selectStale = database.prepare("SELECT trace_id, after_id FROM search_stale LIMIT 1");
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
  const mergeSegments = database.prepare(
    "INSERT INTO search_texts (search_texts, rank) VALUES ('merge', ?)",
  );
  const totalChanges = database.prepare("SELECT total_changes() AS count");
  const doneStale = database.prepare("DELETE FROM search_stale WHERE trace_id = ?");

  /** @returns whether there was a stale trace */
  function refreshStale(): boolean {
    const stale = selectStale.get();
    if (stale === undefined) return false;
    const traceId = textOf(stale, "trace_id");
    const docs = docsOfTrace.all(traceId, MAX_STALE_PER_STEP);
    for (const { doc } of docs) {
      deleteText.run(doc ?? null);
      deleteDoc.run(doc ?? null);
    }
    if (docs.length === MAX_STALE_PER_STEP) return true;
    const rows = rowsOfTrace.all(traceId, textOf(stale, "after_id"), MAX_STALE_PER_STEP);
    for (const { observation } of rows) makePending.run(observation ?? null);
    const last = rows.at(-1);
    if (last === undefined || rows.length < MAX_STALE_PER_STEP) doneStale.run(traceId);
    else markStale.run(textOf(last, "id"), traceId);
    return true;
  }

  /**
   * The row that a step left in the middle: reading 5 MB again for each of its pieces would take longer
   * than what is done with them. Gone when the row was written again, since it begins anew then.
   */
  let unfinished: PendingRow | undefined;

  function readPending(next: SqlRow): PendingRow | undefined {
    const observation = next["observation"] ?? null;
    const doneCount = Number(next["chunk_count"]);
    const isKnown = unfinished?.row["observation"] === observation;
    if (isKnown && unfinished?.doneCount === doneCount && doneCount > 0) return unfinished;
    const row = selectPending.get(observation);
    if (row === undefined) return undefined;
    return { row, chunks: typeof row["seq"] === "number" ? chunksOf(row) : [], doneCount };
  }

  /** Takes pending rows, up to about `maxLength` characters of them, as documents by trace. */
  function takePending(maxLength: number): Document[] {
    const full: Document[] = [];
    const open = new Map<string, Document>();
    let left = maxLength;
    let previous: SqlValue = 0;
    for (; left > 0; left -= ROW_LENGTH) {
      const next = selectNext.get(previous);
      const pending = next && readPending(next);
      if (pending === undefined) break;
      const { row, chunks } = pending;
      previous = row["observation"] ?? null;
      for (; pending.doneCount < chunks.length && left > 0; pending.doneCount++) {
        const text = chunks[pending.doneCount]?.() ?? "";
        left -= text.length;
        const document = documentFor(row, text.length, open, full);
        document.texts.push(text);
        document.length += text.length;
        document.observationIds.add(textOf(row, "id"));
      }
      const isDone = pending.doneCount >= chunks.length;
      if (isDone) donePending.run(previous);
      else countChunks.run(pending.doneCount, previous);
      unfinished = isDone ? undefined : pending;
    }
    // In the order of their numbers: FTS5 writes a segment for each time they go back.
    return [...full, ...open.values()].sort((a, b) => a.seq - b.seq);
  }

  function write(documents: readonly Document[]): void {
    const next = new Map<number, number>();
    for (const { seq, traceId, observationIds, texts } of documents) {
      const first = seq * DOCS_PER_SESSION;
      const doc = next.get(seq) ?? nextDoc(first);
      if (doc >= first + DOCS_PER_SESSION) continue; // a million turns in: those before are found
      next.set(seq, doc + 1);
      insertText.run(doc, spreadCjk(texts.join("\n")).normalize("NFC"));
      insertDoc.run(doc, traceId, JSON.stringify([...observationIds]));
    }
  }

  function nextDoc(first: number): number {
    const last = lastDoc.get(first, first + DOCS_PER_SESSION)?.["doc"];
    return typeof last === "number" ? last + 1 : first;
  }

  const hasWork = (): boolean => hasPending.get()?.["has_pending"] === 1;

  /** @returns whether there was anything to merge */
  function merge(pageCount: number): boolean {
    const changes = (): number => Number(totalChanges.get()?.["count"]);
    const before = changes();
    mergeSegments.run(pageCount);
    // Spec: https://sqlite.org/fts5.html#the_merge_command
    return changes() - before >= 2;
  }

  // A negative number merges all segments, whatever their sizes.
  const beginMerge = (pageCount: number): void => void mergeSegments.run(-pageCount);
  const purge = createSearchPurge(database, { beginMerge, now });

  let isMerged = false;

  return {
    isAvailable: true,
    step(maxLength = STEP_LENGTH) {
      const isRead = !hasWork();
      if (isRead) unfinished = undefined; // also of what was deleted meanwhile
      const wasPurged = purge.isDone();
      if (isRead && isMerged && wasPurged) return false;
      database.exec("BEGIN IMMEDIATE");
      try {
        if (!isRead && !refreshStale()) write(takePending(maxLength));
        const pageCount = Math.ceil(maxLength / LENGTH_PER_MERGED_PAGE);
        isMerged = !merge(pageCount) && !purge.advance(pageCount);
        database.exec("COMMIT");
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
      if (!wasPurged && purge.isDone()) onPurged?.();
      return !isMerged || hasWork();
    },
    isPurged: purge.isDone,
  };
}

function createTexts(database: Database): boolean {
  const module = database.prepare("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'");
  if (module.get() === undefined) return false;
  database.exec(CREATE_TEXTS);
  const automerge = database.prepare("SELECT v FROM search_texts_config WHERE k = 'automerge'");
  if (automerge.get()?.["v"] !== 0) database.exec(MERGE_BY_STEPS);
  return true;
}

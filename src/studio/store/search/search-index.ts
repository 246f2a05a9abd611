import { inTransaction } from "../in-transaction";
import type { Database, SqlRow } from "../open-database";
import {
  chunksOf,
  Documents,
  MAX_DOC_LENGTH,
  SELECT_ROWS,
  TEXT_COLUMNS,
  textOf,
} from "./search-documents";
import { createSearchPurge } from "./search-purge";
import { createTexts } from "./search-texts";
import { spreadCjk } from "./searchable-text";
import { createStaleTraces } from "./stale-traces";

/**
 * The full text index, filled step by step outside of ingestion. What is to be read stands in
 * `search_pending`, put there by what writes them, so a step begins where the last one ended, whichever
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
  /** What the last step read, in characters, or did that costs as much; merging does not count. */
  readonly lastLength: number;
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
/** Share of a step that stale traces get while there are rows to read. */
const STALE_SHARE = 0.5;

/** A step writes a page for about 3,000 characters, and each page is written again some 8 times. */
const LENGTH_PER_MERGED_PAGE = 320;

const SELECT_NEXT = `
  SELECT observation, chunk_count FROM search_pending
  WHERE observation > ? ORDER BY observation LIMIT 1`;

/** Pending rows among the first of a trace, behind the one at hand. */
const SELECT_REST_OF_TURN = `
  SELECT observation, chunk_count FROM search_pending
  WHERE observation > ?2 AND observation IN (
    SELECT rowid FROM observations WHERE trace_id = ?1 LIMIT 200
  ) ORDER BY observation`;

/** Rows of the observations of a trace whose ids stand in a list as JSON. */
const OF_DOCUMENT = `
  WHERE observations.trace_id = ? AND observations.id IN (SELECT value FROM json_each(?))`;

/** A text of so many bytes may be short enough for one document: no character has more than four. */
const MAX_DOC_BYTES = 4 * MAX_DOC_LENGTH;

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
    return { isAvailable: false, step: () => false, lastLength: 0, isPurged: () => true };
  }

  const hasPending = database.prepare(`
    SELECT EXISTS (SELECT 1 FROM search_pending) OR EXISTS (SELECT 1 FROM search_stale)
      AS has_pending`);
  const selectNext = database.prepare(SELECT_NEXT);
  const selectRow = database.prepare(`${SELECT_ROWS} WHERE observations.rowid = ?`);
  const restOfTurn = database.prepare(SELECT_REST_OF_TURN);
  const docsOfTrace = database.prepare(
    "SELECT doc, observation_ids FROM search_docs WHERE trace_id = ? LIMIT 2",
  );
  const bytesOfDocument = database.prepare(`
    SELECT sum(${TEXT_COLUMNS.map((column) => `ifnull(octet_length(${column}), 0)`).join(" + ")})
      AS bytes
    FROM observations ${OF_DOCUMENT}`);
  const rowsOfDocument = database.prepare(
    `${SELECT_ROWS} ${OF_DOCUMENT} ORDER BY observations.rowid`,
  );
  const deleteText = database.prepare("DELETE FROM search_texts WHERE rowid = ?");
  const deleteDoc = database.prepare("DELETE FROM search_docs WHERE doc = ?");
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
  const mergeSegments = database.prepare(
    "INSERT INTO search_texts (search_texts, rank) VALUES ('merge', ?)",
  );
  const totalChanges = database.prepare("SELECT total_changes() AS count");
  const staleTraces = createStaleTraces(database);

  /**
   * The row that a step left in the middle: reading 5 MB again for each of its pieces would take longer
   * than what is done with them. Gone when the row was written again, since it begins anew then.
   */
  let unfinished: PendingRow | undefined;

  function readPending(next: SqlRow): PendingRow {
    const observation = next["observation"] ?? null;
    const doneCount = Number(next["chunk_count"]);
    const isKnown = unfinished?.row["observation"] === observation;
    if (isKnown && unfinished?.doneCount === doneCount && doneCount > 0) return unfinished;
    const row = selectRow.get(observation) ?? { observation };
    return { row, chunks: typeof row["seq"] === "number" ? chunksOf(row) : [], doneCount };
  }

  /**
   * Goes on with what is in the index of the row's trace, as long as that is one document with room: the
   * words of a turn that comes bit by bit are then found together. A document cannot be added to,
   * so it is taken out and its rows are read again.
   * @returns characters read
   */
  function reopenDocument({ row, chunks, doneCount }: PendingRow, documents: Documents): number {
    const traceId = row["trace_id"] ?? null;
    const [document, ...more] = docsOfTrace.all(traceId);
    if (document === undefined || more.length > 0) return 0;
    const ids = document["observation_ids"] ?? null;
    const bytes = Number(bytesOfDocument.get(traceId, ids)?.["bytes"] ?? 0);
    if (bytes > MAX_DOC_BYTES) return 0;
    deleteText.run(document["doc"] ?? null);
    deleteDoc.run(document["doc"] ?? null);
    let length = 0;
    for (const before of rowsOfDocument.all(traceId, ids)) {
      const isSame = before["observation"] === row["observation"];
      for (const chunk of isSame ? chunks.slice(0, doneCount) : chunksOf(before)) {
        length += documents.add(before, chunk());
      }
    }
    return length;
  }

  /**
   * Takes pending rows, up to about `maxLength` characters of them, those of a trace together.
   * @returns what that cost as well, in characters
   */
  function takePending(maxLength: number): { documents: Documents; length: number } {
    const documents = new Documents();
    let left = maxLength;
    const take = (pending: PendingRow): void => {
      const { row, chunks } = pending;
      for (; pending.doneCount < chunks.length && left > 0; pending.doneCount++) {
        left -= documents.add(row, chunks[pending.doneCount]?.() ?? "");
      }
      const observation = row["observation"] ?? null;
      const isDone = pending.doneCount >= chunks.length;
      if (isDone) donePending.run(observation);
      else countChunks.run(pending.doneCount, observation);
      unfinished = isDone ? undefined : pending;
      left -= ROW_LENGTH;
    };
    let next = selectNext.get(0);
    while (next !== undefined && left > 0) {
      const pending = readPending(next);
      const traceId = textOf(pending.row, "trace_id");
      const observation = next["observation"] ?? null;
      const isFirst = pending.chunks.length > 0 && !documents.has(traceId);
      const length = isFirst ? reopenDocument(pending, documents) : 0;
      take(pending);
      left -= length; // after it, so that each step goes on by a piece at least
      for (const row of isFirst ? restOfTurn.all(traceId, observation) : []) {
        if (left > 0) take(readPending(row));
      }
      next = selectNext.get(observation);
    }
    return { documents, length: maxLength - left };
  }

  function write(documents: Documents): void {
    const next = new Map<number, number>();
    for (const { seq, traceId, observationIds, texts } of documents.inOrder()) {
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

  /** @returns what it cost, in characters; beyond `maxLength` by what was under way */
  function read(maxLength: number): number {
    const share = selectNext.get(0) === undefined ? 1 : STALE_SHARE;
    let { length, isHalfWay } = staleTraces.refresh(maxLength * share);
    if (isHalfWay) length += staleTraces.refresh(maxLength - length).length;
    else {
      const taken = takePending(maxLength - length);
      write(taken.documents);
      length += taken.length;
    }
    return length;
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
  let lastLength = 0;

  return {
    isAvailable: true,
    get lastLength() {
      return lastLength;
    },
    step(maxLength = STEP_LENGTH) {
      const isRead = !hasWork();
      if (isRead) unfinished = undefined; // also of what was deleted meanwhile
      const wasPurged = purge.isDone();
      if (isRead && isMerged && wasPurged) return false;
      inTransaction(database, () => {
        lastLength = isRead ? 0 : read(maxLength);
        const pageCount = Math.ceil(maxLength / LENGTH_PER_MERGED_PAGE);
        isMerged = !merge(pageCount) && !purge.advance(pageCount);
      });
      if (!wasPurged && purge.isDone()) onPurged?.();
      return !isMerged || hasWork();
    },
    isPurged: purge.isDone,
  };
}

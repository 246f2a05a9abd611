import type { SearchField, SearchMatch } from "../../api/types";
import type { Database, SqlRow } from "../open-database";
import type { SessionRecord } from "../records";
import { DOC_BITS, type SearchIndex } from "./search-index";
import {
  allFound,
  createWordMatcher,
  ftsQuery,
  type SearchWord,
  searchWords,
  type WordMatcher,
} from "./search-words";
import { readableText } from "./searchable-text";

/** Finds sessions by the words in them. */
export interface SessionSearch {
  /**
   * @returns undefined when there is no word to look for. Valid until the next call
   */
  find(typed: string | undefined): SearchResults | undefined;
  /** Where a session's words stand. One function serves one page: it stops looking when that takes long. */
  describe(
    results: SearchResults,
  ): (seq: number, session: SessionRecord) => { match?: SearchMatch; matchTraceId?: string };
}

export interface SearchResults {
  /** A table of this connection with the column `seq`: the sessions found. */
  readonly table: "temp.search_found";
  /** Rows of the table; sessions deleted a moment ago may be among them. */
  readonly count: number;
  readonly matcher: WordMatcher;
  /** Turns that the index has not read yet, by the session's `seq`. */
  readonly unread: ReadonlyMap<number, Place>;
}

/** Where to look for the words. */
interface Place {
  readonly traceId: string;
  readonly observationIds: readonly string[];
}

/** The newest rows that are read one by one while the index has not caught up; without an index, all that is searched. */
const MAX_UNREAD_ROWS = 400;
const MAX_ROWS_WITHOUT_INDEX = 2_000;
/** Characters that are read of one field of such a row, and of all of them. */
const MAX_UNREAD_FIELD_LENGTH = 8_000;
const MAX_UNREAD_LENGTH = 1_000_000;
/** Bytes of the texts of such rows: SQLite reads a text whole, however little of it is asked for. */
const MAX_UNREAD_BYTES = 32 * 1024 * 1024;

/** Characters of one field that are read for a snippet, and time for all snippets of a page. */
const MAX_FIELD_LENGTH = 60_000;
const MAX_DESCRIBE_MS = 25;
const MAX_OBSERVATIONS_PER_SNIPPET = 50;

/** Fields of an observation in the order in which a snippet is taken from them. */
const FIELDS: readonly (readonly [field: SearchField, column: string])[] = [
  ["input", "input"],
  ["output", "output"],
  ["name", "name"],
  ["statusMessage", "status_message"],
  ["statusMessage", "exceptions"],
  ["model", "model"],
  ["metadata", "metadata"],
  ["observationId", "id"],
];

const fieldColumns = (maxLength: number): string =>
  FIELDS.map(
    ([, column]) =>
      `substr(observations.${column}, 1, ${maxLength}) AS ${column === "id" ? "observation_id" : column}`,
  ).join(", ");

export function createSessionSearch(database: Database, index: SearchIndex): SessionSearch {
  database.exec("CREATE TEMP TABLE search_found (seq INTEGER PRIMARY KEY, doc INTEGER)");
  const clear = database.prepare("DELETE FROM temp.search_found");
  const fill = index.isAvailable
    ? database.prepare(`
        INSERT OR IGNORE INTO temp.search_found (seq, doc)
        SELECT rowid >> ${DOC_BITS}, rowid FROM search_texts WHERE search_texts MATCH ?
        ORDER BY rowid DESC`)
    : undefined;
  const addUnread = database.prepare(
    "INSERT INTO temp.search_found (seq, doc) VALUES (?, NULL) ON CONFLICT DO NOTHING",
  );
  const newestUnread = database.prepare(
    "SELECT observation FROM search_pending ORDER BY observation DESC LIMIT ?",
  );
  // Row by row, so that none is read which there is no time to look through.
  const unreadRow = database.prepare(`
    SELECT observations.trace_id AS trace_id, ${fieldColumns(MAX_UNREAD_FIELD_LENGTH)},
      ${FIELDS.map(([, column]) => `ifnull(octet_length(observations.${column}), 0)`).join(" + ")}
        AS bytes,
      sessions.seq AS seq,
      sessions.id AS session_id, traces.name AS trace_name, traces.user_id AS user_id,
      traces.tags AS tags
    FROM observations
    JOIN traces ON traces.id = observations.trace_id
    JOIN sessions ON sessions.id = traces.session_id
    WHERE observations.rowid = ?`);
  const docOf = database.prepare("SELECT doc FROM temp.search_found WHERE seq = ?");
  const placeOf = database.prepare(
    "SELECT trace_id, observation_ids FROM search_docs WHERE doc = ?",
  );
  const traceName = database.prepare("SELECT name FROM traces WHERE id = ?");
  const observation = database.prepare(`
    SELECT ${fieldColumns(MAX_FIELD_LENGTH)} FROM observations WHERE trace_id = ? AND id = ?`);

  /** @returns the sessions that the index finds */
  function searchIndex(words: readonly SearchWord[]): number {
    try {
      return Number(fill?.run(ftsQuery(words)).changes ?? 0);
    } catch (error) {
      // A letter that is younger than the index's Unicode tables makes two words of one, and so a
      // phrase, which this index does not know. Nothing indexed holds it as a word.
      if (error instanceof Error && error.message.includes("fts5")) return 0;
      throw error;
    }
  }

  /** The newest pending turns that hold all the words, by session. */
  function findUnread(matcher: WordMatcher): Map<number, Place> {
    const limit = index.isAvailable ? MAX_UNREAD_ROWS : MAX_ROWS_WITHOUT_INDEX;
    const turns = new Map<string, { seq: number; bits: number; observationIds: string[] }>();
    let [length, bytes] = [0, 0];
    for (const { observation } of newestUnread.all(limit)) {
      if (length >= MAX_UNREAD_LENGTH || bytes >= MAX_UNREAD_BYTES) break;
      const row = unreadRow.get(observation ?? null);
      if (row === undefined) continue; // of no session
      bytes += Number(row["bytes"]);
      const traceId = textOf(row, "trace_id");
      const turn = turns.get(traceId) ?? {
        seq: Number(row["seq"]),
        bits: matcher.found(`${headOf(row)}\n${traceId}`),
        observationIds: [],
      };
      turns.set(traceId, turn);
      turn.observationIds.push(textOf(row, "observation_id"));
      for (const text of fieldTexts(row)) {
        length += text.value.length;
        turn.bits |= matcher.found(text.value);
      }
    }
    const places = new Map<number, Place>();
    for (const [traceId, { seq, bits, observationIds }] of turns) {
      if (!allFound(bits, matcher.wordCount) || places.has(seq)) continue;
      places.set(seq, { traceId, observationIds });
    }
    return places;
  }

  function placeIn(results: SearchResults, seq: number): Place | undefined {
    const unread = results.unread.get(seq);
    if (unread !== undefined) return unread;
    const row = placeOf.get(docOf.get(seq)?.["doc"] ?? null);
    if (row === undefined) return undefined;
    // Written by search-index.ts.
    const observationIds = JSON.parse(textOf(row, "observation_ids")) as string[];
    return { traceId: textOf(row, "trace_id"), observationIds };
  }

  function* textsOf(session: SessionRecord, { traceId, observationIds }: Place): Generator<Text> {
    yield { field: "id", value: session.id };
    for (const user of session.userIds) yield { field: "user", value: user };
    for (const tag of session.tags) yield { field: "tag", value: tag };
    yield { field: "traceId", value: traceId };
    yield { field: "traceName", value: textOf(traceName.get(traceId) ?? {}, "name") };
    for (const id of observationIds.slice(0, MAX_OBSERVATIONS_PER_SNIPPET)) {
      yield* fieldTexts(observation.get(traceId, id) ?? {});
    }
  }

  return {
    find(typed) {
      const words = typed === undefined ? [] : searchWords(typed);
      if (words.length === 0) return undefined;
      const matcher = createWordMatcher(words);
      clear.run();
      let count = searchIndex(words);
      const unread = findUnread(matcher);
      for (const seq of unread.keys()) count += Number(addUnread.run(seq).changes);
      return { table: "temp.search_found", count, matcher, unread };
    },

    describe(results) {
      const deadline = performance.now() + MAX_DESCRIBE_MS;
      return (seq, session) => {
        const place = placeIn(results, seq);
        if (place === undefined) return {};
        const matchTraceId = place.traceId;
        if (performance.now() > deadline) return { matchTraceId };
        const match = bestMatch(results.matcher, textsOf(session, place));
        return match === null ? { matchTraceId } : { matchTraceId, match };
      };
    },
  };
}

interface Text {
  readonly field: SearchField;
  readonly value: string;
}

/** The first text with all the words; else the first of those with the most. */
function bestMatch(matcher: WordMatcher, texts: Iterable<Text>): SearchMatch | null {
  let best: Text | undefined;
  let bestCount = 0;
  for (const text of texts) {
    const bits = matcher.found(text.value);
    const count = countBits(bits);
    if (count <= bestCount) continue;
    best = text;
    bestCount = count;
    if (allFound(bits, matcher.wordCount)) break;
  }
  const snippet = best === undefined ? null : matcher.snippet(best.value);
  return best === undefined || snippet === null ? null : { field: best.field, snippet };
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function* fieldTexts(row: SqlRow): Generator<Text> {
  for (const [field, column] of FIELDS) {
    const value = textOf(row, column === "id" ? "observation_id" : column);
    if (value !== "" && value !== "{}" && value !== "[]") {
      yield { field, value: readableText(value) };
    }
  }
}

function headOf(row: SqlRow): string {
  const head = ["session_id", "trace_name", "user_id"].map((column) => textOf(row, column));
  return [...head, readableText(textOf(row, "tags"))].join("\n");
}

function textOf(row: SqlRow, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : "";
}

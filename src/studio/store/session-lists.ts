import type { SessionSort } from "../api/session-sorts";
import type { ChangeEvent, FacetValue, SearchMatch, SessionFacets } from "../api/types";
import { decodeListCursor, encodeListCursor } from "./list-cursor";
import type { Database, SqlRow } from "./open-database";
import type { SessionRecord } from "./records";
import { createScoreDistributions } from "./score-distributions";
import type { SearchResults, SessionSearch } from "./search/session-search";
import { filterTerms, type SessionFilter, SORT_EXPRESSIONS } from "./session-filter";
import { scoreSummariesFromRows, sessionFromRow } from "./summary-rows";

export interface SessionListQuery extends SessionFilter {
  readonly sort: SessionSort;
  readonly order: "asc" | "desc";
  readonly limit: number;
  /** Of the page before, in the same sort and order. */
  readonly cursor?: string | undefined;
}

export interface SessionListPage {
  readonly rows: readonly FoundSession[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
  /** Rows of all pages together. */
  readonly totalCount: number;
}

export interface FoundSession {
  readonly session: SessionRecord;
  readonly match?: SearchMatch;
  readonly matchTraceId?: string;
}

/** Sessions by their filters, in any order, with what stands to choose from. */
export interface SessionLists {
  /**
   * A page of the sessions that the filter leaves. A page begins right behind the last row of the
   * one before, where that row stood then, whatever has come since.
   * @throws InvalidCursorError
   */
  findSessions(query: SessionListQuery): SessionListPage;
  /** For each list of values those of the sessions that all other filters leave. */
  sessionFacets(filter: SessionFilter): SessionFacets;
  getSession(id: string): SessionRecord | undefined;
  /** A session as stored, with what else belongs into its record. */
  sessionOf(row: SqlRow): SessionRecord;
  /**
   * Kept with the id: it stays through everything that happens to the session's traces.
   * @returns undefined when there is no such session
   */
  setBookmark(id: string, isBookmarked: boolean): ChangeEvent | undefined;
}

/** Up to this many sessions are sorted; more of them are met soon enough in the order of the index. */
const MAX_SORTED = 2_000;

const MAX_FACET_VALUES = 100;

const IS_BOOKMARKED =
  "EXISTS (SELECT 1 FROM session_bookmarks WHERE session_id = sessions.id) AS is_bookmarked";

/** A facet, the filter that it stands for, and its values in `session_values`. */
const FACETS = [
  { facet: "users", filter: "users", kind: "user" },
  { facet: "tags", filter: "tags", kind: "tag" },
  { facet: "models", filter: "models", kind: "model" },
  { facet: "environments", filter: "environments", kind: "environment" },
  { facet: "scoreNames", filter: "scores", kind: "score" },
] as const;

export function createSessionLists(database: Database, search: SessionSearch): SessionLists {
  // What a filter leaves, for the statements of one call. A temporary table is this connection's
  // own and lies in memory; see `configure`.
  database.exec("CREATE TEMP TABLE matching (seq INTEGER PRIMARY KEY)");
  const clear = database.prepare("DELETE FROM temp.matching");
  const countAll = database.prepare("SELECT count(*) AS count FROM sessions");
  const selectById = database.prepare(`SELECT *, ${IS_BOOKMARKED} FROM sessions WHERE id = ?`);
  const selectBySeq = database.prepare(`SELECT *, ${IS_BOOKMARKED} FROM sessions WHERE seq = ?`);
  const selectScores = database.prepare(`
    SELECT name, data_type, category, count, total FROM session_scores WHERE session_id = ?
    ORDER BY name, data_type, count DESC, category LIMIT 1000`);
  const withDistributions = createScoreDistributions(database);
  const addBookmark = database.prepare(
    "INSERT INTO session_bookmarks (session_id) VALUES (?) ON CONFLICT DO NOTHING",
  );
  const removeBookmark = database.prepare("DELETE FROM session_bookmarks WHERE session_id = ?");
  const hasSession = database.prepare("SELECT 1 FROM sessions WHERE id = ?");
  const sessionOf = (row: SqlRow): SessionRecord => {
    const id = row["id"] ?? null;
    const scores = scoreSummariesFromRows(selectScores.all(id));
    return sessionFromRow(row, withDistributions(String(id), scores));
  };

  /** @returns undefined when the filter leaves all sessions */
  function match(filter: SessionFilter, found: SearchResults | undefined): Matching | undefined {
    const terms = filterTerms(filter);
    if (terms.length === 0) return found;
    clear.run();
    const conditions = terms.map(({ sql }) => sql).join(" AND ");
    const source =
      found === undefined ? "sessions" : `${found.table} CROSS JOIN sessions USING (seq)`;
    const { changes } = database
      .prepare(
        `INSERT INTO temp.matching (seq) SELECT sessions.seq FROM ${source} WHERE ${conditions}`,
      )
      .run(...terms.flatMap(({ values }) => values));
    return { table: "temp.matching", count: Number(changes) };
  }

  /** The most frequent values of a kind. */
  function facetValues(kind: string, matching: Matching | undefined): FacetValue[] {
    return database
      .prepare(
        `SELECT value, count(*) AS count FROM ${valuesSource(matching)}
         GROUP BY value ORDER BY count DESC, value LIMIT ${MAX_FACET_VALUES}`,
      )
      .all(kind)
      .map(({ value, count }) => ({ value: String(value), count: Number(count) }));
  }

  return {
    sessionOf,

    findSessions({ sort, order, limit, cursor, ...filter }) {
      const list = `${sort} ${order}`;
      const after = cursor === undefined ? undefined : decodeListCursor(cursor, list);
      const found = search.find(filter.search);
      const matching = match(filter, found);
      const expression = SORT_EXPRESSIONS[sort];
      const beyond = order === "desc" ? "<" : ">";
      const keyset = after === undefined ? "" : `AND (${expression}, id) ${beyond} (?, ?)`;
      const places = database
        .prepare(
          `SELECT sessions.seq AS seq, id, ${expression} AS value
           FROM ${sessionsSource(matching)} ${keyset} ORDER BY ${expression} ${order}, id ${order} LIMIT ?`,
        )
        .all(...(after === undefined ? [] : [after.value, after.id]), limit + 1);
      const shown = places.slice(0, limit);
      const rows = shown.flatMap(({ seq }) => {
        const row = selectBySeq.get(seq ?? null);
        return row === undefined ? [] : [{ seq: Number(seq), session: sessionOf(row) }];
      });
      const last = shown.at(-1);
      const describe = found === undefined ? undefined : search.describe(found);
      return {
        rows: rows.map(({ seq, session }) => ({ session, ...describe?.(seq, session) })),
        totalCount: matching?.count ?? Number(countAll.get()?.["count"]),
        ...(places.length > limit && last !== undefined
          ? {
              nextCursor: encodeListCursor({
                list,
                value: sortValue(last),
                id: String(last["id"]),
              }),
            }
          : {}),
      };
    },

    sessionFacets(filter) {
      const found = search.find(filter.search);
      const matching = match(filter, found);
      const facets = FACETS.map(({ facet, filter: own, kind }) => {
        // What is chosen in this facet does not narrow it, so that more can be chosen.
        const isOwn = (filter[own] ?? []).length > 0;
        return { facet, kind, isOwn, rest: { ...filter, [own]: undefined } };
      });
      // Those that share what is left first: a filter of its own takes the place of the one before.
      const shared = facets
        .filter(({ isOwn }) => !isOwn)
        .map(({ facet, kind }) => [facet, facetValues(kind, matching)] as const);
      const own = facets
        .filter(({ isOwn }) => isOwn)
        .map(({ facet, kind, rest }) => [facet, facetValues(kind, match(rest, found))] as const);
      const none = { users: [], tags: [], models: [], environments: [], scoreNames: [] };
      return { ...none, ...Object.fromEntries([...shared, ...own]) };
    },

    getSession(id) {
      const row = selectById.get(id);
      return row === undefined ? undefined : sessionOf(row);
    },

    setBookmark(id, isBookmarked) {
      if (hasSession.get(id) === undefined) return undefined;
      if (isBookmarked) addBookmark.run(id);
      else removeBookmark.run(id);
      return { sessionIds: [id], traceIds: [] };
    },
  };
}

/** Sessions by their `seq`, in a table of this connection. */
interface Matching {
  readonly table: string;
  readonly count: number;
}

/** Ends within its WHERE clause. */
function sessionsSource(matching: Matching | undefined): string {
  if (matching === undefined) return "sessions WHERE true";
  return matching.count > MAX_SORTED
    ? `sessions WHERE +seq IN (SELECT seq FROM ${matching.table})`
    : `${matching.table} CROSS JOIN sessions USING (seq) WHERE true`;
}

/** Takes the kind of the values as its one placeholder. */
function valuesSource(matching: Matching | undefined): string {
  if (matching === undefined) return "session_values WHERE kind = ?";
  return matching.count > MAX_SORTED
    ? `session_values WHERE kind = ? AND session IN (SELECT seq FROM ${matching.table})`
    : `${matching.table} CROSS JOIN session_values ON session = seq WHERE kind = ?`;
}

function sortValue(row: SqlRow): number | string {
  const value = row["value"];
  return typeof value === "number" ? value : String(value);
}

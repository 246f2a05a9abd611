import { BUSY_TIMEOUT_MS, type Database, type SqlRow } from "./open-database";

/** Something that is deleted as a whole. */
export interface Target {
  /** A trace only where it names no session. */
  readonly kind: "session" | "trace";
  readonly id: string;
  /** Its last activity: the latest end of its observations, in microseconds. */
  readonly endUs: number;
}

/** What deciding on deletion needs to know, and the size of the file. */
export interface RetentionQueries {
  /**
   * Sessions, and traces without one, that may be deleted: longest idle first.
   * @param query.idleSinceUs - only those whose last activity was before this, in microseconds
   * @param query.after - the last one of the page before
   */
  idle(query: {
    readonly idleSinceUs: number;
    readonly after?: Target | undefined;
    readonly limit: number;
  }): readonly Target[];
  /** Bytes of the file that hold something. */
  usedBytes(): number;
  /**
   * Gives free pages back to the file system, as far as the file was made by this version.
   * @returns whether there are more
   */
  shrink(maxPages: number): boolean;
  /**
   * Writes the log into the file and empties it: what was deleted is in neither of them then. Leaves
   * it as it is while another process is in the middle of reading.
   * @throws what SQLite says where the file cannot be written, as on a full disk
   */
  emptyLog(): void;
}

/** How long emptying the log may wait for another process that reads, in milliseconds. */
const READER_TIMEOUT_MS = 100;

/** Sessions that somebody marked are kept whatever their age. */
const MAY_BE_DELETED = "id NOT IN (SELECT session_id FROM session_bookmarks)";

export function createRetentionQueries(database: Database): RetentionQueries {
  // The kind stands between time and id in the order of pages, so that no two are equal.
  const findIdle = database.prepare(`
    SELECT kind, id, end_us FROM (
      SELECT * FROM (
        SELECT 'session' AS kind, id, end_us FROM sessions
        WHERE end_us >= ?1 AND end_us < ?4 AND (end_us, 'session', id) > (?1, ?2, ?3)
          AND ${MAY_BE_DELETED}
        ORDER BY end_us, id LIMIT ?5
      )
      UNION ALL
      SELECT * FROM (
        SELECT 'trace', id, end_us FROM traces
        WHERE session_id IS NULL
          AND end_us >= ?1 AND end_us < ?4 AND (end_us, 'trace', id) > (?1, ?2, ?3)
        ORDER BY end_us, id LIMIT ?5
      )
    ) ORDER BY end_us, kind, id LIMIT ?5`);
  const pragma = (name: string): number =>
    Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);

  return {
    idle({ idleSinceUs, after, limit }) {
      return findIdle
        .all(after?.endUs ?? 0, after?.kind ?? "", after?.id ?? "", idleSinceUs, limit)
        .map(targetOf);
    },
    usedBytes: () => (pragma("page_count") - pragma("freelist_count")) * pragma("page_size"),
    shrink(maxPages) {
      const before = pragma("page_count");
      database.exec(`PRAGMA incremental_vacuum(${maxPages})`);
      return before - pragma("page_count") >= maxPages;
    },
    emptyLog() {
      // Waits for readers, in this process's only thread.
      database.exec(`PRAGMA busy_timeout = ${READER_TIMEOUT_MS}`);
      try {
        database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      } finally {
        database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
      }
    },
  };
}

function targetOf(row: SqlRow): Target {
  return {
    kind: row["kind"] === "session" ? "session" : "trace",
    id: String(row["id"]),
    endUs: Number(row["end_us"]),
  };
}

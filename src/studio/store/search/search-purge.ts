import type { Database } from "../open-database";

/** A pass is followed by a rest of so many times its own length: a large index is not always rewritten. */
const REST = 9;

/**
 * Rids the index of the words of what was deleted. FTS5 only notes that a document is gone; its words
 * stay in the segments until these are merged. A pass merges all of them into one, step by step, and
 * may go on in another process.
 */
export interface SearchPurge {
  /** Whether the index holds no word of what was deleted. */
  isDone(): boolean;
  /**
   * Goes on, when there is nothing else to merge. Must run inside the index's transaction.
   * @returns whether there is more to merge now
   */
  advance(pageCount: number): boolean;
}

export interface SearchPurgeOptions {
  /** Merges all segments into one, as far as so many pages go. */
  readonly beginMerge: (pageCount: number) => void;
  /** Milliseconds, never going back. */
  readonly now: () => number;
}

/** To be run by whatever deletes traces, in its transaction. */
export const WANT_PURGE = "INSERT OR IGNORE INTO search_purge (state) VALUES ('wanted')";

export function createSearchPurge(
  database: Database,
  { beginMerge, now }: SearchPurgeOptions,
): SearchPurge {
  const select = database.prepare(`
    SELECT count(*) FILTER (WHERE state = 'wanted') AS wanted,
      count(*) FILTER (WHERE state = 'running') AS running,
      EXISTS (SELECT 1 FROM search_stale) AS stale
    FROM search_purge`);
  const begin = database.prepare(
    "UPDATE search_purge SET state = 'running' WHERE state = 'wanted'",
  );
  const end = database.prepare("DELETE FROM search_purge WHERE state = 'running'");
  let beganAt = now();
  let mayBeginAt = beganAt;

  const read = () => {
    const row = select.get();
    return {
      isWanted: row?.["wanted"] === 1,
      isRunning: row?.["running"] === 1,
      // Its documents are still to be taken out.
      hasStale: row?.["stale"] === 1,
    };
  };

  return {
    isDone() {
      const { isWanted, isRunning } = read();
      return !isWanted && !isRunning;
    },
    advance(pageCount) {
      const { isWanted, isRunning, hasStale } = read();
      if (isRunning) {
        end.run();
        mayBeginAt = now() + (now() - beganAt) * REST;
      }
      // What was deleted during a pass may stand in what the pass had already written.
      if (!isWanted || hasStale || now() < mayBeginAt) return false;
      begin.run();
      beganAt = now();
      beginMerge(pageCount);
      return true;
    },
  };
}

import type { Database } from "./open-database";

/**
 * Runs `work` as one transaction. IMMEDIATE takes the write lock at once, so that two studios on one
 * file wait, not fail.
 * @throws what `work` throws, or the commit; then nothing is written
 */
export function inTransaction<Result>(database: Database, work: () => Result): Result {
  beginTransaction(database);
  return commitAfter(database, work);
}

/** The first half of {@link inTransaction}: {@link commitAfter} must follow. */
export function beginTransaction(database: Database): void {
  database.exec("BEGIN IMMEDIATE");
}

/** The second half of {@link inTransaction}. */
export function commitAfter<Result>(database: Database, work: () => Result): Result {
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    try {
      database.exec("ROLLBACK");
    } catch {
      // SQLite has rolled back by itself, as on a full disk; the error to tell is the first one.
    }
    throw error;
  }
}

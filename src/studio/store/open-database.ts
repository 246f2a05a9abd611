import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { PlayheadError } from "../../diagnostics/errors";

export type SqlValue = string | number | null | Uint8Array;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** What the store uses of `node:sqlite`; `@photostructure/sqlite` has the same API. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

export interface Statement {
  run(...values: readonly SqlValue[]): { readonly changes: number | bigint };
  get(...values: readonly SqlValue[]): SqlRow | undefined;
  all(...values: readonly SqlValue[]): readonly SqlRow[];
}

interface SqliteModule {
  readonly DatabaseSync: new (path: string) => Database;
}

/** How long a statement waits for another process that writes, in milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens a SQLite file, creating it and its folder for the owner alone, or `:memory:`.
 * @throws PlayheadError `STUDIO_SQLITE_MISSING` when the runtime has no SQLite; errors of the file
 * system and of SQLite as they are
 */
export async function openDatabase(path: string): Promise<Database> {
  const { DatabaseSync } = await loadSqlite();
  if (path !== ":memory:") {
    mkdirSync(dirname(resolve(path)), { recursive: true, mode: 0o700 });
    // Created here, since SQLite would let others read what applications captured. Its log takes
    // over the mode of the file.
    closeSync(openSync(path, "a", 0o600));
  }
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    // Reads the file, and so finds out that it is no database. Not a prepared statement: with
    // `@photostructure/sqlite` one keeps the file open after `close`, until it is collected.
    database.exec("PRAGMA schema_version");
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** Settings for the studio's own file. Changes the file, so only for one that is known to be ours. */
export function configure(database: Database): void {
  // With a write-ahead log readers do not wait for the writer. NORMAL may lose the last commits
  // when the power fails, but never corrupts; the file is a cache of what applications sent.
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = NORMAL");
  database.exec("PRAGMA cache_size = -65536"); // 64 MiB
  database.exec("PRAGMA temp_store = MEMORY"); // what a filter leaves, for the length of one call
  // A row that REPLACE removes counts as deleted: sums over it are kept by triggers.
  database.exec("PRAGMA recursive_triggers = ON");
  // A checkpoint per 64 MiB of log instead of 4: trace ids are random, so each batch touches pages
  // all over the indexes, and a page that many batches touched is then written back once.
  database.exec("PRAGMA wal_autocheckpoint = 16000");
}

async function loadSqlite(): Promise<SqliteModule> {
  // Not an import: bundlers and older runtimes know no `node:sqlite`.
  const builtin = process.getBuiltinModule?.("node:sqlite");
  // The type package of Node 20 has no declaration of it; the class is there since Node 22.5.
  if (builtin !== undefined) return builtin as unknown as SqliteModule;
  try {
    // Its own types are wider (`any`); the interface above is the part that both share.
    return (await import("@photostructure/sqlite")) as unknown as SqliteModule;
  } catch (error) {
    throw new PlayheadError(
      "STUDIO_SQLITE_MISSING",
      `The studio stores in SQLite, and Node ${process.versions.node} has none built in. ` +
        "Either run it with Node 22.13 or newer, or add the package: npm install @photostructure/sqlite " +
        "(without a project: npx -p playhead -p @photostructure/sqlite playhead studio).",
      { cause: error },
    );
  }
}

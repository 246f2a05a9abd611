import { accessSync, closeSync, constants, mkdirSync, openSync, statSync } from "node:fs";
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

/** What the log keeps of its length when all in it is written back, in bytes: 64 MiB. */
const MAX_IDLE_LOG_BYTES = 64 * 1024 * 1024;

/** How long a statement waits for another process that writes, in milliseconds. */
export const BUSY_TIMEOUT_MS = 5_000;

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
    // over the mode of the file. One that is there must not be opened: closing it would end all locks
    // that this process has on it (https://www.sqlite.org/howtocorrupt.html#posix_close_bug).
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) accessSync(path, constants.W_OK);
    else closeSync(openSync(path, "a", 0o600));
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

/** To be called before the first table is made: later it changes nothing. */
export function prepareNew(database: Database): void {
  // What is deleted can be given back to the file system bit by bit.
  database.exec("PRAGMA auto_vacuum = INCREMENTAL");
}

/** Settings for the studio's own file. Changes the file, so only for one that is known to be ours. */
export function configure(database: Database): void {
  // With a write-ahead log readers do not wait for the writer. NORMAL hands each commit to the
  // operating system, so no end of this process loses one; when the power fails the last commits
  // may be lost, but nothing is corrupted.
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = NORMAL");
  // What is deleted is overwritten, here and on every page that an update leaves behind.
  database.exec("PRAGMA secure_delete = ON");
  database.exec("PRAGMA cache_size = -65536"); // 64 MiB
  database.exec("PRAGMA temp_store = MEMORY"); // what a filter leaves, for the length of one call
  // A row that REPLACE removes counts as deleted: sums over it are kept by triggers.
  database.exec("PRAGMA recursive_triggers = ON");
  // A checkpoint per 64 MiB of log instead of 4: trace ids are random, so each batch touches pages
  // all over the indexes, and a page that many batches touched is then written back once.
  database.exec("PRAGMA wal_autocheckpoint = 16000");
  database.exec(`PRAGMA journal_size_limit = ${MAX_IDLE_LOG_BYTES}`);
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

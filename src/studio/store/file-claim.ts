import { existsSync, rmSync } from "node:fs";
import { type Database, openDatabase } from "./open-database";
import { unavailableReason } from "./unavailable";

/** The right to be the only studio on a file. It ends with the process, however that ends. */
export interface FileClaim {
  /**
   * Tells others who want the file where this studio is.
   * @throws FileClaimedError when one of them was faster; then this claim is lost
   */
  announce(url: string): void;
  /** Idempotent. */
  release(): void;
  /** Releases the claim of a file that turned out to be none of ours, and leaves nothing beside it. */
  abandon(): void;
}

/** Another studio works on the file. */
export class FileClaimedError extends Error {
  override readonly name = "FileClaimedError";
  /** Undefined while it is starting. */
  readonly owner: { readonly url: string; readonly pid: number } | undefined;

  constructor(owner: FileClaimedError["owner"]) {
    super("Another studio has the file");
    this.owner = owner;
  }
}

/** How long to wait for another process that reads who has the file, in milliseconds. */
const BUSY_TIMEOUT_MS = 500;

/**
 * Claims a database file. Others may still read and even write it: what matters is that no second
 * studio deletes, migrates or caches beside this one.
 *
 * The claim is the write lock of a small database beside the file, `<path>-owner`, in a transaction
 * that never ends: the system takes the lock back when the process is gone, so that no stale claim
 * is left by `kill -9`. Readers of it see what was committed before: who has the claim.
 *
 * @throws FileClaimedError; errors of the file system and of SQLite as they are
 */
export async function claimFile(path: string): Promise<FileClaim> {
  if (path === ":memory:") return { announce() {}, release() {}, abandon() {} };
  const ownerPath = `${path}-owner`;
  const isNew = !existsSync(ownerPath);
  const database = await openDatabase(ownerPath);
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    hold(database);
    writeOwner(database, "");
  } catch (error) {
    const owner = ownerOf(database);
    database.close();
    throw unavailableReason(error) === undefined ? error : new FileClaimedError(owner);
  }
  let isHeld = true;
  const release = (): void => {
    if (!isHeld) return;
    isHeld = false;
    database.exec("ROLLBACK");
    database.close();
  };
  return {
    announce(url) {
      try {
        writeOwner(database, url);
      } catch (error) {
        isHeld = false;
        database.close();
        throw unavailableReason(error) === undefined ? error : new FileClaimedError(undefined);
      }
    },
    release,
    abandon() {
      release();
      if (isNew) rmSync(ownerPath, { force: true });
    },
  };
}

/** Takes the write lock, and lets others read. */
function hold(database: Database): void {
  database.exec("BEGIN IMMEDIATE");
}

/** Lets go of the lock for the moment of the commit, which is what others read. */
function writeOwner(database: Database, url: string): void {
  database.exec(
    "CREATE TABLE IF NOT EXISTS owner (url TEXT NOT NULL, pid INTEGER NOT NULL) STRICT",
  );
  database.exec("DELETE FROM owner");
  database.exec(`INSERT INTO owner VALUES ('${url.replaceAll("'", "''")}', ${process.pid})`);
  database.exec("COMMIT");
  hold(database);
}

function ownerOf(database: Database): FileClaimedError["owner"] {
  try {
    const row = database.prepare("SELECT url, pid FROM owner").get();
    const url = String(row?.["url"] ?? "");
    return url === "" ? undefined : { url, pid: Number(row?.["pid"]) };
  } catch {
    return undefined; // No table yet: the other one is just starting.
  }
}

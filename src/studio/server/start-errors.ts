import { resolve } from "node:path";
import { PlayheadError } from "../../diagnostics/errors";
import type { FileClaimedError } from "../store/file-claim";
import { ForeignDatabaseError, SchemaMismatchError } from "../store/schema";

/** What the options are called where the reader of a message sets them. */
export interface OptionNames {
  readonly port: string;
  readonly host: string;
  readonly db: string;
  readonly publicKey: string;
  readonly secretKey: string;
  readonly keep: string;
  readonly maxSize: string;
}

/** For callers of `startStudio`. */
export const OPTION_NAMES: OptionNames = {
  port: "port",
  host: "host",
  db: "db",
  publicKey: "publicKey",
  secretKey: "secretKey",
  keep: "keep",
  maxSize: "maxSize",
};

/** Error codes of Node, in words. Those of SQLite are numbers; see below. */
const FILE_REASONS: Readonly<Record<string, string>> = {
  EISDIR: "a folder",
  ENOTDIR: "a path that goes through a file as if it were a folder",
  EEXIST: "a path that goes through a file as if it were a folder",
  EACCES: "no permission to write there",
  EPERM: "no permission to write there",
  EROFS: "a file system that can only be read",
  ENOSPC: "a disk that is full",
};

/** Spec: https://www.sqlite.org/rescode.html */
const SQLITE_REASONS: Readonly<Record<number, string>> = {
  5: "a database that another program has locked",
  8: "a database that can only be read",
  11: "a damaged database",
  26: "a file that is no SQLite database",
};

const LISTEN_REASONS: Readonly<Record<string, string>> = {
  EACCES: "no permission to listen there, as on most systems with a port below 1024",
  EADDRNOTAVAIL: "an address that is not one of this machine",
  ENOTFOUND: "a name that no address is known for",
  EAI_AGAIN: "a name that no address is known for",
};

export function databaseUnusable(error: unknown, db: string, names: OptionNames): PlayheadError {
  const path = db === ":memory:" ? db : resolve(db);
  const isOfOtherVersion = error instanceof SchemaMismatchError;
  const remedy = isOfOtherVersion
    ? `Delete it if you do not need what it holds, or choose another file (${names.db}).`
    : `Choose another file (${names.db}); ":memory:" keeps nothing.`;
  const isExplained = isOfOtherVersion || error instanceof ForeignDatabaseError;
  const reason = isExplained ? error.message : fileReason(error);
  return new PlayheadError(
    "STUDIO_DB_UNUSABLE",
    `Expected ${path} to be a database of the studio, or a file to create, got ${reason}. ${remedy}`,
    { cause: error },
  );
}

export function databaseInUse(
  { owner }: FileClaimedError,
  db: string,
  names: OptionNames,
): PlayheadError {
  const [other, remedy] =
    owner === undefined
      ? ["another studio that is just starting", "Wait for that one"]
      : [`another studio, at ${owner.url} (process ${owner.pid})`, "Use or stop that one"];
  return new PlayheadError(
    "STUDIO_DB_IN_USE",
    `Expected ${resolve(db)} to be used by no other studio, got ${other}. ` +
      `${remedy}, or choose another file (${names.db}).`,
  );
}

export function listenFailed(
  error: unknown,
  { port, host }: { port: number; host: string },
  names: OptionNames,
): PlayheadError {
  const code = codeOf(error);
  if (code === "EADDRINUSE") {
    return new PlayheadError(
      "STUDIO_PORT_IN_USE",
      `Expected port ${port} on ${host} to be free, but something listens there, maybe another studio. ` +
        `Stop it, or choose another port (${names.port}; 0 takes any).`,
      { cause: error },
    );
  }
  const reason = (typeof code === "string" && LISTEN_REASONS[code]) || messageOf(error);
  return new PlayheadError(
    "STUDIO_LISTEN_FAILED",
    `Expected to listen on ${host}, port ${port}, got ${reason}. ` +
      `Choose another address (${names.host}; 127.0.0.1 is this machine alone) or port (${names.port}).`,
    { cause: error },
  );
}

export function hostNeedsKeys(host: string, names: OptionNames): PlayheadError {
  return new PlayheadError(
    "STUDIO_HOST_NEEDS_KEYS",
    `Expected a public and a secret key to listen on ${host}, where others can reach the studio; got none. ` +
      `Give both (${names.publicKey} and ${names.secretKey}), or listen on 127.0.0.1 (${names.host}).`,
  );
}

export function keyMissing(missing: "publicKey" | "secretKey", names: OptionNames): PlayheadError {
  return new PlayheadError(
    "INVALID_OPTIONS",
    `Expected ${names.publicKey} and ${names.secretKey} together, got no ${names[missing]}.`,
  );
}

function fileReason(error: unknown): string {
  const code = codeOf(error);
  const known = typeof code === "number" ? SQLITE_REASONS[code & 0xff] : FILE_REASONS[code ?? ""];
  return known ?? `an error: ${messageOf(error)}`;
}

/** The number of a SQLite error, whose low byte is the kind; the name of a system error. */
function codeOf(error: unknown): string | number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("errcode" in error && typeof error.errcode === "number") return error.errcode;
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { type Dirent, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { listSegments } from "../export/spool/folder";
import { UsageError } from "./command";

export const SIGNALS = ["spans", "scores"] as const;
export type Signal = (typeof SIGNALS)[number];

/** What was kept for one endpoint, or a part of it. */
export interface TargetFolder {
  /** Of the endpoint: its host, and a part of a hash. */
  readonly name: string;
  readonly dirs: Readonly<Partial<Record<Signal, string>>>;
}

/**
 * Finds what a spool folder holds, in alphabetical order.
 *
 *     spool/ ─ <endpoint>/ ─┬─ spans/ ─ segments
 *                           └─ scores/ ─ segments
 *
 * @param dir - the whole spool, the folder of one endpoint, or one of its two
 * @returns undefined when there is no such folder
 * @throws UsageError for segments in a folder that does not say which signal they are
 */
export function findTargetFolders(dir: string): TargetFolder[] | undefined {
  const path = resolve(dir);
  if (readFolders(path) === undefined) return undefined;
  if (listSegments(path).length > 0) {
    const signal = SIGNALS.find((name) => name === basename(path));
    if (signal === undefined) {
      throw new UsageError(
        `Expected --dir to be a spool, or in it a folder of an endpoint or one named spans or scores, got "${dir}"`,
      );
    }
    return [{ name: basename(dirname(path)), dirs: { [signal]: path } }];
  }
  const own = targetFolder(path);
  if (own !== undefined) return [own];
  return (readFolders(path) ?? [])
    .sort()
    .map((name) => targetFolder(join(path, name)))
    .filter((found) => found !== undefined);
}

function targetFolder(path: string): TargetFolder | undefined {
  const inside = readFolders(path) ?? [];
  const signals = SIGNALS.filter((signal) => inside.includes(signal));
  if (signals.length === 0) return undefined;
  const dirs = Object.fromEntries(signals.map((signal) => [signal, join(path, signal)]));
  return { name: basename(path), dirs };
}

/** Names of the folders in a folder; undefined when there is no such folder, or not for us to read. */
function readFolders(path: string): string[] | undefined {
  let entries: Dirent[];
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch {
    return undefined;
  }
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

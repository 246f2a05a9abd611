import { closeSync, existsSync, lstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import type { ProcessTable } from "./owner";
import { checkHeader, HEADER_BYTES, type HeaderCheck } from "./segment-format";
import { compareSegmentNames, parseSegmentName, type SegmentName } from "./segment-name";

/** Another host's process counts as gone when its segment was not touched for this long. */
export const ELSEWHERE_TIMEOUT_MS = 10 * 60_000;

export interface FoundSegment {
  readonly name: SegmentName;
  readonly fileName: string;
  readonly byteLength: number;
  /** Unix milliseconds. */
  readonly modifiedAt: number;
}

/** All segments in a folder, oldest first; none when the folder cannot be read. */
export function listSegments(dir: string): FoundSegment[] {
  if (!existsSync(dir)) return []; // asked with every flush: an error takes ten times as long
  let fileNames: string[];
  try {
    fileNames = readdirSync(dir);
  } catch {
    return []; // not ours to read: whoever appends is told
  }
  const found: FoundSegment[] = [];
  for (const fileName of fileNames) {
    const name = parseSegmentName(fileName);
    if (name === undefined) continue;
    const stats = lstatOf(join(dir, fileName));
    // A link could lead to a file that is none of ours.
    if (stats === undefined || !stats.isFile()) continue;
    found.push({ name, fileName, byteLength: stats.size, modifiedAt: stats.mtimeMs });
  }
  return found.sort((left, right) => compareSegmentNames(left.name, right.name));
}

/** Whether nobody alive writes to it. */
export function isOrphan(
  { name, modifiedAt }: FoundSegment,
  table: ProcessTable,
  now: number,
): boolean {
  if (name.owner === undefined) return true;
  const isAlive = table.isAlive(name.owner);
  return isAlive === undefined ? now - modifiedAt > ELSEWHERE_TIMEOUT_MS : !isAlive;
}

/** @returns undefined when this process may not both read and write the file */
export function readHeader(path: string): HeaderCheck | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r+");
  } catch {
    return undefined; // another user's, or claimed by somebody meanwhile
  }
  try {
    const start = Buffer.alloc(HEADER_BYTES);
    return checkHeader(start.subarray(0, readSync(descriptor, start, 0, HEADER_BYTES, 0)));
  } catch {
    return undefined; // a disk that cannot read: left for another time
  } finally {
    closeSync(descriptor);
  }
}

function lstatOf(path: string): { size: number; mtimeMs: number; isFile(): boolean } | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // the folder became unreadable in between
  }
}

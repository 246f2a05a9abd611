import { type FileHandle, open } from "node:fs/promises";
import { mergeTraceAttributes } from "./merge-attributes";
import type { Segment, StoredRecord } from "./segment";
import { decodeBind, decodeRecord } from "./segment-format";
import type { SpooledRecord } from "./spool";

/** Read at once, unless one record alone is larger. */
const MAX_RUN_BYTES = 4 * 1024 * 1024;
/** What lies between two records is read along with them up to this many bytes. */
const MAX_GAP_BYTES = 4 * 1024;

/** What came of reading records: those that are well, and those that are damaged. */
export interface ReadRecords {
  readonly records: SpooledRecord[];
  readonly damaged: StoredRecord[];
}

/**
 * Reads records of one segment, in the order of the file. Rejects with what the file system says.
 */
export async function readRecords(
  segment: Segment,
  wanted: readonly StoredRecord[],
): Promise<ReadRecords> {
  const records: SpooledRecord[] = [];
  const damaged: StoredRecord[] = [];
  const file = await open(segment.file.path, "r");
  try {
    const bound = new Map<number, Buffer | undefined>();
    for (const run of runsOf(wanted)) {
      const start = run[0]?.offset ?? 0;
      const bytes = await readAt(file, start, lengthOf(run));
      for (const stored of run) {
        const from = stored.offset - start;
        const record = decodeRecord(bytes.subarray(from, from + stored.length));
        if (record === undefined) {
          damaged.push(stored);
          continue;
        }
        const attributes = await readBound(file, segment, stored, bound);
        const traceAttributes =
          attributes === undefined
            ? record.traceAttributes
            : mergeTraceAttributes(record.body, record.traceAttributes, attributes);
        records.push({ ...record, traceAttributes, ticket: stored });
      }
    }
  } finally {
    await file.close();
  }
  return { records, damaged };
}

/** @param known - entries read before, by offset: the records of a trace share them */
async function readBound(
  file: FileHandle,
  segment: Segment,
  stored: StoredRecord,
  known: Map<number, Buffer | undefined>,
): Promise<Buffer | undefined> {
  const place = segment.boundFor(stored);
  if (place === undefined) return undefined;
  if (!known.has(place.offset)) {
    known.set(place.offset, decodeBind(await readAt(file, place.offset, place.length)));
  }
  return known.get(place.offset);
}

/** Neighbours that are read at once. */
function* runsOf(wanted: readonly StoredRecord[]): Generator<StoredRecord[]> {
  let run: StoredRecord[] = [];
  for (const stored of wanted) {
    const last = run.at(-1);
    const isNear =
      last !== undefined &&
      stored.offset - (last.offset + last.length) <= MAX_GAP_BYTES &&
      lengthOf([...run.slice(0, 1), stored]) <= MAX_RUN_BYTES;
    if (!isNear && run.length > 0) {
      yield run;
      run = [];
    }
    run.push(stored);
  }
  if (run.length > 0) yield run;
}

function lengthOf(run: readonly StoredRecord[]): number {
  const first = run[0];
  const last = run.at(-1);
  return first === undefined || last === undefined ? 0 : last.offset + last.length - first.offset;
}

/** @returns what the file has of it: shorter where it has shrunk */
async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

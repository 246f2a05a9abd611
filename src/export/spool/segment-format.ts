import { crc32 } from "./crc32";
import type { SpoolRecord } from "./spool";

/*
 * segment = header entry*
 * header  = "PHSPOOL" version:u8
 * entry   = length:u32 crc:u32 type:u8 payload     length counts type and payload; the crc covers
 *                                                  length, type and payload
 * record  = [traceId:16] bodyLength:u32 body traceAttributes      type: span or score, and flags
 * bind    = traceId:16 traceAttributes             for the records of the trace before it
 * settle  = offset:u32 *                           where the entries of the records begin
 *
 * Numbers are little-endian. A segment explains itself: what settles or binds a record stands in
 * the same file, so that each file may be given to another process.
 */
const MAGIC = Buffer.from("PHSPOOL", "latin1");
const VERSION = 1;
export const HEADER_BYTES = MAGIC.length + 1;
/** Length and checksum of an entry. */
export const PREFIX_BYTES = 8;
/** Longer entries are not written, and a length that says more is damage. */
export const MAX_ENTRY_BYTES = 256 * 1024 * 1024;
/** Records per settle entry, so that a reader may hold one in memory. */
export const MAX_SETTLED_PER_ENTRY = 4_096;

const TYPE = { span: 1, score: 2, bind: 3, settle: 4 } as const;
const TYPE_MASK = 0x0f;
const IS_ROOT = 0x10;
const HAS_TRACE_ID = 0x20;
const TRACE_ID_BYTES = 16;
const TRACE_ID = /^[0-9a-f]{32}$/;

/** Bytes of an entry beyond its prefix that {@link decodeHead} needs, at most. */
export const HEAD_BYTES = 1 + TRACE_ID_BYTES + 4;

export type HeaderCheck = "readable" | "cut" | "unknown";

/** What stands at the front of an entry, without its content. */
export type EntryHead =
  | {
      readonly type: "record";
      readonly kind: SpoolRecord["kind"];
      readonly traceId: string;
      readonly byteLength: number;
    }
  | { readonly type: "bind"; readonly traceId: string }
  | { readonly type: "settle" }
  /** Of a later version that this one may skip. */
  | { readonly type: "other" };

export function encodeHeader(): Buffer {
  return Buffer.concat([MAGIC, Buffer.of(VERSION)]);
}

/** @param start - the first {@link HEADER_BYTES} of the file, or all it has */
export function checkHeader(start: Buffer): HeaderCheck {
  const header = encodeHeader();
  if (start.length < HEADER_BYTES) {
    return header.subarray(0, start.length).equals(start) ? "cut" : "unknown";
  }
  return header.equals(start.subarray(0, HEADER_BYTES)) ? "readable" : "unknown";
}

/** Bytes of the record's entry. */
export function recordEntryLength({ body, traceAttributes, traceId }: SpoolRecord): number {
  const idLength = TRACE_ID.test(traceId) ? TRACE_ID_BYTES : 0;
  return PREFIX_BYTES + 1 + idLength + 4 + body.length + traceAttributes.length;
}

export function encodeRecord(record: SpoolRecord): Buffer {
  const { kind, body, traceAttributes, isRoot, traceId } = record;
  const hasTraceId = TRACE_ID.test(traceId);
  const entry = Buffer.allocUnsafe(recordEntryLength(record));
  entry[PREFIX_BYTES] = TYPE[kind] | (isRoot ? IS_ROOT : 0) | (hasTraceId ? HAS_TRACE_ID : 0);
  let at = PREFIX_BYTES + 1;
  if (hasTraceId) at += entry.write(traceId, at, "hex");
  at = entry.writeUInt32LE(body.length, at);
  entry.set(body, at);
  entry.set(traceAttributes, at + body.length);
  return sealed(entry);
}

/** @returns undefined when `traceId` is not 32 lower-case hex digits: no record can have it */
export function encodeBind(traceId: string, traceAttributes: Buffer): Buffer | undefined {
  if (!TRACE_ID.test(traceId)) return undefined;
  const start = PREFIX_BYTES + 1 + TRACE_ID_BYTES;
  const entry = Buffer.allocUnsafe(start + traceAttributes.length);
  entry[PREFIX_BYTES] = TYPE.bind;
  entry.write(traceId, PREFIX_BYTES + 1, "hex");
  entry.set(traceAttributes, start);
  return sealed(entry);
}

/** Entries that settle the records at `offsets`, one after the other. */
export function encodeSettles(offsets: readonly number[]): Buffer {
  const entries: Buffer[] = [];
  for (let from = 0; from < offsets.length; from += MAX_SETTLED_PER_ENTRY) {
    const group = offsets.slice(from, from + MAX_SETTLED_PER_ENTRY);
    const entry = Buffer.allocUnsafe(PREFIX_BYTES + 1 + 4 * group.length);
    entry[PREFIX_BYTES] = TYPE.settle;
    let at = PREFIX_BYTES + 1;
    for (const offset of group) at = entry.writeUInt32LE(offset, at);
    entries.push(sealed(entry));
  }
  return Buffer.concat(entries);
}

/** Length of type and payload, and the checksum; undefined when no entry can begin like this. */
export function decodePrefix(prefix: Buffer): { length: number; checksum: number } | undefined {
  const length = prefix.readUInt32LE(0);
  if (length < 1 || length > MAX_ENTRY_BYTES) return undefined;
  return { length, checksum: prefix.readUInt32LE(4) };
}

/**
 * Reads the front of an entry whose checksum is right.
 * @param head - from the type on, {@link HEAD_BYTES} or all the entry has
 * @param length - of type and payload
 * @returns undefined when it contradicts itself
 */
export function decodeHead(head: Buffer, length: number): EntryHead | undefined {
  const flags = head[0] ?? 0;
  switch (flags & TYPE_MASK) {
    case TYPE.span:
    case TYPE.score: {
      const bodyAt = 1 + ((flags & HAS_TRACE_ID) === 0 ? 0 : TRACE_ID_BYTES) + 4;
      if (length < bodyAt || head.readUInt32LE(bodyAt - 4) > length - bodyAt) return undefined;
      const kind = (flags & TYPE_MASK) === TYPE.span ? "span" : "score";
      const traceId = head.toString("hex", 1, bodyAt - 4);
      return { type: "record", kind, traceId, byteLength: length - bodyAt };
    }
    case TYPE.bind:
      if (length < 1 + TRACE_ID_BYTES) return undefined;
      return { type: "bind", traceId: head.toString("hex", 1, 1 + TRACE_ID_BYTES) };
    case TYPE.settle:
      if ((length - 1) % 4 !== 0 || length - 1 > 4 * MAX_SETTLED_PER_ENTRY) return undefined;
      return { type: "settle" };
    default:
      return { type: "other" };
  }
}

/** @param entry - a whole entry, prefix included; the result is views on it. Undefined when damaged. */
export function decodeRecord(entry: Buffer): SpoolRecord | undefined {
  const head = decodeWhole(entry);
  if (head?.type !== "record") return undefined;
  const flags = entry[PREFIX_BYTES] ?? 0;
  const bodyAt = entry.length - head.byteLength;
  const bodyEnd = bodyAt + entry.readUInt32LE(bodyAt - 4);
  return {
    kind: head.kind,
    body: entry.subarray(bodyAt, bodyEnd),
    traceAttributes: entry.subarray(bodyEnd),
    isRoot: (flags & IS_ROOT) !== 0,
    traceId: head.traceId,
  };
}

/** @param entry - a whole entry, prefix included. Undefined when damaged. */
export function decodeBind(entry: Buffer): Buffer | undefined {
  if (decodeWhole(entry)?.type !== "bind") return undefined;
  return entry.subarray(PREFIX_BYTES + 1 + TRACE_ID_BYTES);
}

/** @param payload - of a settle entry, without its type */
export function decodeSettled(payload: Buffer): number[] {
  const offsets: number[] = [];
  for (let at = 0; at + 4 <= payload.length; at += 4) offsets.push(payload.readUInt32LE(at));
  return offsets;
}

/** The checksum of an entry begins with its length; type and payload are summed after it. */
export function checksumSeed(prefix: Buffer): number {
  return crc32(prefix.subarray(0, 4));
}

function decodeWhole(entry: Buffer): EntryHead | undefined {
  if (entry.length <= PREFIX_BYTES) return undefined;
  const prefix = decodePrefix(entry);
  if (prefix === undefined || prefix.length !== entry.length - PREFIX_BYTES) return undefined;
  const content = entry.subarray(PREFIX_BYTES);
  if (crc32(content, checksumSeed(entry)) !== prefix.checksum) return undefined;
  return decodeHead(content, prefix.length);
}

function sealed(entry: Buffer): Buffer {
  entry.writeUInt32LE(entry.length - PREFIX_BYTES, 0);
  entry.writeUInt32LE(crc32(entry.subarray(PREFIX_BYTES), checksumSeed(entry)), 4);
  return entry;
}

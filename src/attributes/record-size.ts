import type { SpanRecord } from "./span-record";

/** What a record takes up beside its texts, in bytes, about. */
export const RECORD_BYTES = 1_024;

/** UTF-16 units of a record's texts; media, for which tokens stand there, are not counted. */
export function textLengthOf(record: SpanRecord): number {
  let length = 0;
  for (const value of Object.values(record)) {
    if (typeof value === "string") length += value.length;
  }
  for (const [key, value] of record.metadata ?? []) length += key.length + value.length;
  for (const { message, stacktrace } of record.exceptions ?? []) {
    length += message.length + (stacktrace?.length ?? 0);
  }
  return length;
}

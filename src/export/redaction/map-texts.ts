import type { OutgoingRecord } from "../../config/outgoing-record";

/** Not content: ids, words from a fixed list, and points in time. */
const KEPT: ReadonlySet<string> = new Set([
  "kind",
  "traceId",
  "id",
  "parentId",
  "observationId",
  "type",
  "level",
  "streamTimeline",
]);
const NONE: ReadonlySet<string> = new Set();

/** Changes every text of a record in place, those in lists and the keys of metadata included. */
export function mapTexts(record: OutgoingRecord, map: (text: string) => string): void {
  mapFields(record, map, KEPT);
}

function mapFields(record: object, map: (text: string) => string, kept: ReadonlySet<string>): void {
  const fields = record as Record<string, unknown>; // any object may be walked by name
  for (const [name, value] of Object.entries(fields)) {
    if (kept.has(name)) continue;
    if (typeof value === "string") fields[name] = map(value);
    else if (name === "metadata") fields[name] = mapEntries(value, map);
    else if (Array.isArray(value)) fields[name] = value.map((item) => mapItem(item, map));
    else mapItem(value, map);
  }
}

function mapItem(item: unknown, map: (text: string) => string): unknown {
  if (typeof item === "string") return map(item);
  if (typeof item === "object" && item !== null) mapFields(item, map, NONE);
  return item;
}

function mapEntries(metadata: unknown, map: (text: string) => string): unknown {
  if (typeof metadata !== "object" || metadata === null) return metadata;
  const mapped = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const [key, value] of Object.entries(metadata)) {
    const name = map(key);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    // Keys that have become the same must not cost all but one their values.
    mapped.set(count === 1 ? name : `${name} (${count})`, map(String(value)));
  }
  return Object.fromEntries(mapped);
}

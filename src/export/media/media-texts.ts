import type { MediaAttachment } from "../../attributes/media-attachment";
import type { SpanRecord } from "../../attributes/span-record";

type Field = MediaAttachment["field"];

/**
 * What goes where a needle stood. Called once per place.
 * @param roomBytes - that are left for it in its field; never below 0
 * @returns text that is valid inside a JSON string as it is
 */
export type Fill = (roomBytes: number) => string;

/** A needle found in a text. */
interface Place {
  readonly at: number;
  readonly needle: string;
}

/** In which fields of a record each of the needles stands; those that stand nowhere are left out. */
export function findNeedles(
  record: SpanRecord,
  needles: readonly string[],
): ReadonlyMap<string, ReadonlySet<Field>> {
  const found = new Map<string, Set<Field>>();
  if (needles.length === 0) return found;
  const scan = createScanner(needles);
  const look = (field: Field, text: string | undefined): void => {
    if (text === undefined) return;
    for (const { needle } of scan(text)) {
      const fields = found.get(needle) ?? new Set();
      found.set(needle, fields.add(field));
    }
  };
  look("input", record.input);
  look("output", record.output);
  look("metadata", record.metadataText);
  for (const value of record.metadata?.values() ?? []) look("metadata", value);
  return found;
}

/**
 * Puts something else where needles stand in the texts of a record. A text with needles stays within
 * `maxFieldBytes` as long as the fills keep to the room they are given.
 * @param fills - by needle; needles are ASCII
 */
export function fillNeedles(
  record: SpanRecord,
  fills: ReadonlyMap<string, Fill>,
  maxFieldBytes: number,
): void {
  if (fills.size === 0) return;
  const scan = createScanner([...fills.keys()]);
  const fillText = <Text extends string | undefined>(text: Text): Text | string => {
    if (text === undefined) return text;
    const places = scan(text);
    return places.length === 0 ? text : fillPlaces(text, places, fills, maxFieldBytes);
  };
  record.input = fillText(record.input);
  record.output = fillText(record.output);
  record.metadataText = fillText(record.metadataText);
  if (record.metadata === undefined) return;
  const entries = [...record.metadata].map(([key, value]) => [key, fillText(value)] as const);
  if (entries.some(([key, value]) => record.metadata?.get(key) !== value)) {
    record.metadata = new Map(entries);
  }
}

function fillPlaces(
  text: string,
  places: readonly Place[],
  fills: ReadonlyMap<string, Fill>,
  maxBytes: number,
): string {
  const needleBytes = places.reduce((sum, { needle }) => sum + needle.length, 0);
  let roomBytes = maxBytes - (Buffer.byteLength(text) - needleBytes);
  let filled = "";
  let from = 0;
  for (const [index, { at, needle }] of places.entries()) {
    // Each gets an equal share of what those before it have left.
    const share = Math.max(0, Math.floor(roomBytes / (places.length - index)));
    const filling = fills.get(needle)?.(share) ?? needle;
    roomBytes -= Buffer.byteLength(filling);
    filled += text.slice(from, at) + filling;
    from = at + needle.length;
  }
  return filled + text.slice(from);
}

/**
 * Finds all needles in one pass, so that many of them cost no more than one: they are looked for by
 * what they begin with in common.
 */
function createScanner(needles: readonly string[]): (text: string) => Place[] {
  const known = new Set(needles);
  const start = commonStart(needles);
  // Where one needle begins with another, the longer one is meant.
  const lengths = [...new Set(needles.map(({ length }) => length))].sort((a, b) => b - a);
  return (text) => {
    const places: Place[] = [];
    let at = text.indexOf(start);
    while (at !== -1 && at < text.length) {
      const needle = lengths
        .map((length) => text.slice(at, at + length))
        .find((part) => known.has(part));
      if (needle !== undefined) places.push({ at, needle });
      at = text.indexOf(start, at + (needle?.length ?? 1));
    }
    return places;
  };
}

function commonStart(texts: readonly string[]): string {
  return texts.reduce((start, text) => {
    let length = 0;
    while (length < start.length && start[length] === text[length]) length += 1;
    return start.slice(0, length);
  });
}

import type { MediaAttachment } from "../attributes/media-attachment";
import { countsJson } from "../capture/counts-json";
import { mayHoldDataUri } from "../capture/media/data-uris";
import { MediaCollector } from "../capture/media/media-collector";
import { serialize } from "../capture/serialize";
import type { Diagnostics } from "../diagnostics/logger";
import { KnownTexts } from "./known-texts";

/** Reads what users give into what goes out, saying once per field what cannot be used. */
export interface FieldReader {
  /**
   * Any value as bounded text.
   * @param media - takes the media in it
   * @returns undefined for null and undefined
   */
  text(value: unknown, media?: MediaCollector): string | undefined;
  /** As {@link FieldReader.text}, for what mostly is an object of numbers. */
  counts(value: unknown): string | undefined;
  /**
   * Takes the media of one field, whose value this is.
   * @returns undefined where they stay in the text, or where there are none
   */
  collectMedia(field: MediaAttachment["field"], value: unknown): MediaCollector | undefined;
  /** A short string field; numbers and booleans are taken as their text. */
  string(field: string, value: unknown): string | undefined;
  tags(value: unknown): readonly string[] | undefined;
  /** An object as one text per top-level key. Spec: langfuse-contract, section 12.2. */
  entries(value: object, media?: MediaCollector): ReadonlyMap<string, string>;
  /** @returns milliseconds since 1970 */
  time(field: string, value: unknown): number | undefined;
  /** Says once per field that what came is left out. */
  refuse(field: string, expected: string, value: unknown): undefined;
}

/** The year 2286: later times are in another unit, and OTLP ends in 2554. */
const MAX_TIME_MS = 1e13;
/** Longest part of a wrong value that is shown. */
const MAX_SHOWN_LENGTH = 40;

/** More top-level keys of one metadata object than this are left out, with a mark. */
const MAX_METADATA_KEYS = 1_000;

export function createFieldReader(
  limits: {
    readonly maxFieldBytes: number;
    /** Undefined where media stay in the text. */
    readonly media?: { readonly maxBytes: number } | undefined;
  },
  diagnostics: Diagnostics,
): FieldReader {
  const bounds = { maxBytes: limits.maxFieldBytes };
  const mediaLimits = limits.media;

  /** Read as they are: names and models are few and come again with every span. */
  const known = new KnownTexts();

  const refuse = (field: string, expected: string, value: unknown): undefined => {
    diagnostics.warnOnce(
      `field ${field}`,
      `Expected ${field} to be ${expected}, got ${show(value)}; it is left out.`,
    );
    return undefined;
  };

  const string = (field: string, value: unknown): string | undefined => {
    const isRepeated = field === "name" || field === "model";
    if (isRepeated && known.has(value)) return value;
    if (value === undefined || value === null || value === "") return undefined;
    if (typeof value === "object" || typeof value === "function" || typeof value === "symbol") {
      return refuse(field, "a string", value);
    }
    const text = serialize(String(value), bounds);
    if (isRepeated && text === value) known.add(text);
    return text;
  };

  return {
    text: (value, media) =>
      serialize(value, media === undefined ? bounds : { maxBytes: bounds.maxBytes, media }),
    counts: (value) => readCounts(value, bounds) ?? serialize(value, bounds),
    collectMedia: (field, value) =>
      mediaLimits !== undefined && mayHoldMedia(value)
        ? new MediaCollector(field, mediaLimits)
        : undefined,
    string,
    refuse,
    tags(value) {
      if (value === undefined || value === null) return undefined;
      const given: unknown[] = Array.isArray(value) ? value : [value];
      const tags = given.map((tag) => string("tags", tag)).filter((tag) => tag !== undefined);
      return [...new Set(tags)];
    },
    entries(value, media) {
      const entries = new Map<string, string>();
      const keys = readKeys(value);
      for (const key of keys.slice(0, MAX_METADATA_KEYS)) {
        const text = serialize(readMember(value, key), { ...bounds, media });
        if (text !== undefined && text !== "") entries.set(key, text);
      }
      if (keys.length > MAX_METADATA_KEYS) {
        entries.set("[cut]", `${keys.length - MAX_METADATA_KEYS} more keys`);
      }
      return entries;
    },
    time(field, value) {
      const ms = value instanceof Date ? value.getTime() : value;
      if (typeof ms === "number" && ms >= 0 && ms <= MAX_TIME_MS) return ms;
      const isLarge = typeof ms === "number" && ms > MAX_TIME_MS;
      const hint = isLarge ? " (are these micro- or nanoseconds?)" : "";
      return refuse(field, `a valid Date or milliseconds since 1970${hint}`, value);
    },
  };
}

function readCounts(
  value: unknown,
  { maxBytes }: { readonly maxBytes: number },
): string | undefined {
  try {
    const json = countsJson(value);
    return json !== undefined && json.length <= maxBytes ? json : undefined;
  } catch {
    return undefined; // a getter or a proxy: to be described
  }
}

function mayHoldMedia(value: unknown): boolean {
  if (typeof value === "string") return mayHoldDataUri(value);
  return typeof value !== "number" && typeof value !== "boolean";
}

function readKeys(value: object): string[] {
  try {
    return Object.keys(value);
  } catch {
    return []; // a proxy that does not let itself be listed has no metadata to offer
  }
}

function readMember(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key]; // `key` is one of its own keys
  } catch (error) {
    return `[getter threw: ${error instanceof Error ? error.name : typeof error}]`;
  }
}

/** What is refused is a number, an id or one of a few words; content is never refused. */
function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, MAX_SHOWN_LENGTH));
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value instanceof Date) return "an invalid Date";
  return value === null ? "null" : `a value of type ${typeof value}`;
}

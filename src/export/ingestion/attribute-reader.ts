import { TRACE_KEYS } from "../../attributes/keys";
import type { TraceAttributes } from "../../attributes/trace-attributes";
import type { AttributeValue, DecodedSpan } from "../decode-span";
import { type JsonObject, type JsonValue, jsonOrText, readJson } from "./captured-json";

type Attributes = ReadonlyMap<string, AttributeValue>;

/** A text that says something: servers take an empty one for none. */
export function readText(attributes: Attributes, key: string): string | undefined {
  const value = attributes.get(key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/**
 * Input or output: JSON where the text is JSON. Servers keep the last value that is truthy, so that
 * `0`, `false` and `null` would count as none: those stay text.
 */
export function readContent(attributes: Attributes, key: string): JsonValue | undefined {
  const text = readText(attributes, key);
  return text === undefined ? undefined : readJson(text) || text;
}

/** Metadata as one object: a text per key, and under `prefix` itself what was no object. */
export function readMetadata(attributes: Attributes, prefix: string): JsonObject | undefined {
  const entries: [string, JsonValue][] = [];
  for (const [key, value] of attributes) {
    if (typeof value !== "string") continue;
    // Servers file metadata that is no object under this key.
    if (key === prefix) entries.push(["metadata", jsonOrText(value)]);
    if (key.startsWith(`${prefix}.`))
      entries.push([key.slice(prefix.length + 1), jsonOrText(value)]);
  }
  // Defines members one by one, so that a key `__proto__` is one like any other.
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** What a span says about its trace; the way back of `visitTraceAttributes`. */
export function readTraceAttributes({ attributes }: DecodedSpan): TraceAttributes {
  const tags = attributes.get(TRACE_KEYS.tags);
  const isPublic = attributes.get(TRACE_KEYS.public);
  const metadataPrefix = `${TRACE_KEYS.metadata}.`;
  const metadata = new Map<string, string>();
  for (const [key, value] of attributes) {
    if (typeof value === "string" && key.startsWith(metadataPrefix)) {
      metadata.set(key.slice(metadataPrefix.length), value);
    }
  }
  return {
    name: readText(attributes, TRACE_KEYS.name),
    sessionId: readText(attributes, TRACE_KEYS.sessionId),
    userId: readText(attributes, TRACE_KEYS.userId),
    version: readText(attributes, TRACE_KEYS.version),
    release: readText(attributes, TRACE_KEYS.release),
    environment: readText(attributes, TRACE_KEYS.environment),
    tags: typeof tags === "object" ? tags : undefined,
    public: typeof isPublic === "boolean" ? isPublic : undefined,
    metadata: metadata.size === 0 ? undefined : metadata,
  };
}

/** Unix nanoseconds as an ISO time; servers keep milliseconds. */
export function isoTime(unixNano: bigint): string {
  // 2^64 nanoseconds end in the year 2554: every value is a date.
  return new Date(Number(unixNano / 1_000_000n)).toISOString();
}

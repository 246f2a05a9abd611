import type { JsonObject, JsonValue } from "../api/types";

/** How texts and ids of an answer are hidden. Both give back the same string where nothing is found. */
export interface Redaction {
  readonly text: (text: string) => string;
  /** What stands in the place of an id, the same one at each place. */
  readonly id: (id: string) => string;
}

/** Captured as a whole: names in it say what a value is, so it is redacted as one text. */
const CONTENT_FIELDS = new Set(["input", "output", "metadata", "modelParameters"]);
/** Numbers under captured names. */
const COUNT_FIELDS = new Set(["usageDetails", "costDetails"]);
const ID_FIELDS = new Set(["id", "parentId", "traceId", "observationId", "sessionId"]);
/** Written by the studio itself. */
const TIME_FIELDS = new Set(["startedAt", "endedAt", "timestamp"]);

/**
 * An answer of the studio with every text redacted, in whatever field it stands, so that a field
 * that comes later is as well. Content that the redaction leaves as no JSON becomes a text.
 */
export function redactedView<View extends object>(view: View, redaction: Redaction): View {
  // A view is JSON by the contract of its type, and each of its fields keeps its kind.
  return viewOf(view as unknown as JsonObject, redaction) as unknown as View;
}

function viewOf(view: JsonObject, redaction: Redaction): JsonObject {
  return Object.fromEntries(
    Object.entries(view).map(([name, value]) => [name, fieldOf(name, value, redaction)]),
  );
}

function fieldOf(name: string, value: JsonValue, redaction: Redaction): JsonValue {
  if (CONTENT_FIELDS.has(name)) return contentOf(value, redaction);
  if (typeof value === "string") {
    if (TIME_FIELDS.has(name)) return value;
    return ID_FIELDS.has(name) ? redaction.id(value) : redaction.text(value);
  }
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map((item) => fieldOf(name, item, redaction));
  if (!COUNT_FIELDS.has(name)) return viewOf(value, redaction);
  return Object.fromEntries(
    Object.entries(value).map(([key, count]) => [redaction.text(key), count]),
  );
}

function contentOf(value: JsonValue, { text }: Redaction): JsonValue {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return text(value);
  const json = JSON.stringify(value);
  const redacted = text(json);
  if (redacted === json) return value;
  try {
    // What JSON.parse returns is JSON, by its definition.
    return JSON.parse(redacted) as JsonValue;
  } catch {
    // A number by itself, or nested more deeply than redaction follows.
    return typeof value === "object" && !isList(value) ? { text: redacted } : redacted;
  }
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

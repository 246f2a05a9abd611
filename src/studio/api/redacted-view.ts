import type { JsonObject, JsonValue } from "./types";

/** Gives back the same string where nothing is found. */
export type Redact = (text: string) => string;

/** What was captured as a whole: names in it say what a value is, so it is redacted as one text. */
const CONTENT_FIELDS = new Set(["input", "output", "metadata", "modelParameters"]);
/** Names that lead from one answer to the next. */
const ID_FIELDS = new Set(["id", "parentId", "rootId", "traceId", "observationId"]);
/** Written by the studio itself. */
const TIME_FIELDS = new Set(["startedAt", "endedAt"]);
/** Fields whose names are captured as well. */
const NAMED_COUNTS = new Set(["usageDetails", "costDetails"]);

export interface Redaction {
  readonly redact: Redact;
  /** What stands in the place of an id. */
  readonly publicId: (id: string) => string;
}

/**
 * An answer of the studio as it may leave by a public address: every text redacted, in whatever
 * field it stands, so that a field that comes later is as well. Scores are left out with their
 * comments, and so is the bookmark: what people said of a session is not part of it.
 */
export function publicView<View extends object>(view: View, redaction: Redaction): View {
  // The view is JSON by its type's contract, and each field keeps its kind.
  return viewOf(view as unknown as JsonObject, redaction) as unknown as View;
}

function viewOf(object: JsonObject, redaction: Redaction): JsonObject {
  const fields = Object.entries(object).map(([name, value]) => {
    // The session's own id is a text of the application, and nothing is asked for by it here.
    const isText = name === "id" && "traceCount" in object;
    return [name, isText ? redaction.redact(String(value)) : fieldOf(name, value, redaction)];
  });
  return Object.fromEntries(fields);
}

function fieldOf(name: string, value: JsonValue, redaction: Redaction): JsonValue {
  if (name === "scores") return [];
  if (name === "isBookmarked") return false;
  if (CONTENT_FIELDS.has(name)) return contentOf(value, redaction.redact);
  if (NAMED_COUNTS.has(name) && isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, count]) => [redaction.redact(key), count]),
    );
  }
  if (typeof value === "string") {
    if (TIME_FIELDS.has(name)) return value;
    return ID_FIELDS.has(name) ? redaction.publicId(value) : redaction.redact(value);
  }
  if (Array.isArray(value)) return value.map((item: JsonValue) => fieldOf(name, item, redaction));
  return isObject(value) ? viewOf(value, redaction) : value;
}

/** Captured JSON, redacted as the SDK redacts it; as text where that leaves no JSON. */
function contentOf(value: JsonValue, redact: Redact): JsonValue {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return redact(value);
  const json = JSON.stringify(value);
  const redacted = redact(json);
  if (redacted === json) return value;
  try {
    // What JSON.parse returns is JSON, by its definition.
    return JSON.parse(redacted) as JsonValue;
  } catch {
    // A number by itself, or nested more deeply than redaction follows.
    return isObject(value) ? { text: redacted } : redacted;
  }
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { createHash } from "node:crypto";
import { createTextRedactor } from "../../capture/redact/redact-text";
import type { RedactPreset } from "../../config/redact-rules";
import type { JsonObject, JsonValue } from "./types";

/** How texts and ids of an answer are hidden. Each gives back the same string where nothing is found. */
export interface Redaction {
  readonly text: (text: string) => string;
  /** What stands in the place of an id, the same one at each place. */
  readonly id: (id: string) => string;
  /** The same for the id of a session, which is a text of the application. */
  readonly sessionId: (id: string) => string;
  /** Fields that are left out wherever they stand, by name, with what they hold instead. @default none */
  readonly leftOut?: ReadonlyMap<string, JsonValue>;
}

/** Captured as a whole: names in it say what a value is, so it is redacted as one text. */
const CONTENT_FIELDS = new Set(["input", "output", "metadata", "modelParameters"]);
/** Numbers under captured names. */
const COUNT_FIELDS = new Set(["usageDetails", "costDetails"]);
/** Names that lead from one answer to the next. */
const ID_FIELDS = new Set(["id", "parentId", "rootId", "traceId", "observationId"]);
/** Written by the studio itself. */
const TIME_FIELDS = new Set(["startedAt", "endedAt", "timestamp"]);

/**
 * Redaction by presets. Ids lead from one answer to the next: one that holds what is hidden gets
 * another in its place, the same one for the same salt.
 */
export function redactionOf(
  presets: readonly RedactPreset[],
  salt: string | Buffer,
): Pick<Redaction, "text" | "id"> {
  const text = createTextRedactor(presets);
  return {
    text,
    id(id) {
      if (text(id) === id) return id;
      const digest = createHash("sha256").update(salt).update(id).digest("base64url");
      return `redacted-${digest.slice(0, 22)}`;
    },
  };
}

/**
 * An answer of the studio with every text redacted, in whatever field it stands, so that a field
 * that comes later is as well. Content that the redaction leaves as no JSON becomes a text.
 */
export function redactedView<View extends object>(view: View, redaction: Redaction): View {
  // A view is JSON by the contract of its type, and each of its fields keeps its kind.
  return viewOf(view as unknown as JsonObject, redaction) as unknown as View;
}

function viewOf(view: JsonObject, redaction: Redaction): JsonObject {
  const isSession = "traceCount" in view;
  const fields = Object.entries(view).map(([name, value]) => {
    const isSessionId = name === "sessionId" || (name === "id" && isSession);
    return [
      name,
      isSessionId && typeof value === "string"
        ? redaction.sessionId(value)
        : fieldOf(name, value, redaction),
    ];
  });
  return Object.fromEntries(fields);
}

function fieldOf(name: string, value: JsonValue, redaction: Redaction): JsonValue {
  const instead = redaction.leftOut?.get(name);
  if (instead !== undefined) return instead;
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

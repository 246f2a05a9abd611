import type { JsonObject, JsonValue } from "../../api/types";
import type { IngestionEvent } from "../../store/ingestion-events";
import { isJsonObject } from "../../store/json-text";

/** What the events of one trace or observation say together. */
export interface MergedBody {
  readonly fields: Readonly<Record<string, JsonValue>>;
  readonly metadata: JsonObject;
  readonly tags: readonly string[];
}

/** What stays as it was first said. */
const FIRST_WINS = new Set(["id", "timestamp", "startTime", "environment", "traceId"]);

/** What only something that is more than nothing replaces. */
const LAST_TRUTHY_WINS = new Set(["input", "output"]);

/**
 * By time; at the same time what creates before what updates, then by the time that the body names,
 * then as they came.
 */
export function inOrder(events: readonly IngestionEvent[]): IngestionEvent[] {
  return [...events].sort(
    (a, b) =>
      a.timestampUs - b.timestampUs ||
      Number(isUpdate(a)) - Number(isUpdate(b)) ||
      bodyTime(a) - bodyTime(b),
  );
}

export function isUpdate({ type }: IngestionEvent): boolean {
  return type.endsWith("-update");
}

function bodyTime({ body }: IngestionEvent): number {
  const time = body["timestamp"] ?? body["startTime"];
  return typeof time === "string" ? Date.parse(time) : 0;
}

/**
 * Merges bodies field by field. A later value replaces an earlier one, also when it is null; a
 * missing field and an empty object do not. Metadata are merged in depth, tags united.
 * Spec: langfuse-contract, section 2
 * @param events - see {@link inOrder}
 */
export function mergeBodies(events: readonly IngestionEvent[]): MergedBody {
  const fields = new Map<string, JsonValue>();
  let metadata: JsonObject = {};
  const tags = new Set<string>();
  for (const { body } of events) {
    for (const [name, value] of Object.entries(body)) {
      if (name === "metadata") metadata = mergeInDepth(metadata, asMetadata(value));
      else if (name === "tags") for (const tag of asTexts(value)) tags.add(tag);
      else if (replaces(name, value, fields.get(name))) fields.set(name, value);
    }
  }
  return { fields: Object.fromEntries(fields), metadata, tags: [...tags].sort() };
}

function replaces(name: string, value: JsonValue, before: JsonValue | undefined): boolean {
  if (isJsonObject(value) && Object.keys(value).length === 0 && before !== undefined) return false;
  if (FIRST_WINS.has(name)) return value !== null && (before ?? null) === null;
  if (LAST_TRUTHY_WINS.has(name)) return Boolean(value) || before === undefined;
  return true;
}

function asMetadata(value: JsonValue): JsonObject {
  if (value === null) return {};
  return isJsonObject(value) ? value : { metadata: value };
}

function asTexts(value: JsonValue): readonly string[] {
  return Array.isArray(value) ? value.filter((tag) => typeof tag === "string") : [];
}

function mergeInDepth(before: JsonObject, after: JsonObject): JsonObject {
  const merged = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(after)) {
    const known = merged.get(key);
    merged.set(
      key,
      isJsonObject(known) && isJsonObject(value) ? mergeInDepth(known, value) : value,
    );
  }
  return Object.fromEntries(merged);
}

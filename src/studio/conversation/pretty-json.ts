import type { JsonValue, ObservationView } from "../api/types";
import { compactJson } from "./json-text";

/**
 * JSON over several lines, two spaces per level. A value nested deeper than the engine can write
 * comes on one line, without what is below its 64th level.
 */
export function prettyJson(value: JsonValue | ObservationView): string {
  try {
    return JSON.stringify(value, null, 2);
  } catch {
    // Only depth makes it throw. An observation is plain JSON, its interface just does not say so.
    return compactJson(value as JsonValue, Number.MAX_SAFE_INTEGER);
  }
}

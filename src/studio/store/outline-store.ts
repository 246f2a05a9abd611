import type { ObservationLevel, ObservationType } from "../../attributes/observation-types";
import type { JsonObject } from "../api/types";
import { observationFromRow, SELECT_OBSERVATION } from "./observation-rows";
import type { Database, SqlRow } from "./open-database";
import type { ObservationRecord } from "./records";

/** An observation without what may be large: no input, output, metadata or exceptions. */
export type OutlineRecord = Pick<
  ObservationRecord,
  | "id"
  | "parentId"
  | "type"
  | "name"
  | "startUs"
  | "endUs"
  | "completionStartUs"
  | "level"
  | "statusMessage"
  | "model"
  | "inputTokens"
  | "outputTokens"
  | "totalTokens"
  | "totalCost"
>;

/** What a page that shows thousands of observations reads, never touching their content. */
export interface OutlineStore {
  /** Oldest first. Names and status messages are cut to 300 characters. */
  stepsOfTrace(traceId: string): readonly OutlineRecord[];
  /** What the observations of a trace say of it, merged key by key; the later start wins. */
  metadataOfTrace(traceId: string): JsonObject;
  getObservation(traceId: string, id: string): ObservationRecord | undefined;
  /** By trace: when the first token of all its observations came, in microseconds. */
  firstTokensOfSession(sessionId: string): ReadonlyMap<string, number>;
}

/** Of names and status messages in an outline, in characters. */
export const MAX_OUTLINE_TEXT_LENGTH = 300;

export function createOutlineStore(database: Database): OutlineStore {
  const steps = database.prepare(`
    SELECT id, parent_id, type, substr(name, 1, ${MAX_OUTLINE_TEXT_LENGTH}) AS name, start_us, end_us,
      completion_start_us, level, substr(status_message, 1, ${MAX_OUTLINE_TEXT_LENGTH}) AS status_message,
      model, input_tokens, output_tokens, total_tokens, total_cost
    FROM observations WHERE trace_id = ? ORDER BY start_us, start_ns, id`);
  const metadata = database.prepare(`
    SELECT trace_metadata FROM observations WHERE trace_id = ? AND trace_metadata <> '{}'
    ORDER BY start_us, start_ns, id`);
  const observation = database.prepare(SELECT_OBSERVATION);
  const firstTokens = database.prepare(`
    SELECT trace_id, min(completion_start_us) AS first_us FROM observations
    WHERE trace_id IN (SELECT id FROM traces WHERE session_id = ?)
      AND completion_start_us IS NOT NULL
    GROUP BY trace_id`);
  return {
    stepsOfTrace: (traceId) => steps.all(traceId).map(stepFromRow),
    metadataOfTrace: (traceId) =>
      Object.fromEntries(
        metadata
          .all(traceId)
          // Written by `observationValues`, always as an object.
          .flatMap((row) =>
            Object.entries(JSON.parse(String(row["trace_metadata"])) as JsonObject),
          ),
      ),
    getObservation(traceId, id) {
      const row = observation.get(traceId, id);
      return row === undefined ? undefined : observationFromRow(row);
    },
    firstTokensOfSession: (sessionId) =>
      new Map(
        firstTokens
          .all(sessionId)
          .map((row) => [String(row["trace_id"]), Number(row["first_us"])] as const),
      ),
  };
}

// The table is STRICT, and every row was written by `observationValues`: each column gives back
// what a record put in.
function stepFromRow(row: SqlRow): OutlineRecord {
  return {
    id: row["id"] as string,
    parentId: row["parent_id"] as string | null,
    type: row["type"] as ObservationType,
    name: row["name"] as string,
    startUs: row["start_us"] as number,
    endUs: row["end_us"] as number,
    completionStartUs: row["completion_start_us"] as number | null,
    level: row["level"] as ObservationLevel,
    statusMessage: row["status_message"] as string | null,
    model: row["model"] as string | null,
    inputTokens: row["input_tokens"] as number,
    outputTokens: row["output_tokens"] as number,
    totalTokens: row["total_tokens"] as number,
    totalCost: row["total_cost"] as number | null,
  };
}

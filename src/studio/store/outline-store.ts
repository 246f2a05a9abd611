import type { ObservationLevel, ObservationType } from "../../attributes/observation-types";
import type { JsonObject } from "../api/types";
import { observationFromRow, SELECT_OBSERVATION } from "./observation-rows";
import type { Database, SqlRow } from "./open-database";
import type { ObservationRecord, ScoreRecord, StepRecord } from "./records";
import { scoreFromRow } from "./summary-rows";

/** An observation without what may be large: no input, output, metadata or exceptions. */
export type OutlineRecord = Omit<StepRecord, "traceId"> &
  Pick<
    ObservationRecord,
    "statusMessage" | "model" | "inputTokens" | "outputTokens" | "totalTokens" | "totalCost"
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
  /** Of all traces, in their order, oldest first. @param limit - of observations */
  stepsOfSession(sessionId: string, limit: number): readonly StepRecord[];
  /** Of the session's traces and observations, oldest first. */
  scoresOfTraces(sessionId: string): readonly ScoreRecord[];
  /** Characters of all inputs and outputs. */
  contentLengthOfTrace(traceId: string): number;
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
  const stepsOfSession = database.prepare(`
    SELECT step.trace_id, step.id, step.parent_id, step.type, step.name, step.start_us,
      step.end_us, step.completion_start_us, step.level
    FROM traces JOIN observations AS step ON step.trace_id = traces.id
    WHERE traces.session_id = ?
    ORDER BY traces.start_us, traces.id, step.start_us, step.start_ns, step.id LIMIT ?`);
  const scoresOfTraces = database.prepare(`
    SELECT * FROM scores WHERE trace_id IN (SELECT id FROM traces WHERE session_id = ?)
    ORDER BY timestamp_us, id`);
  const contentLength = database.prepare(`
    SELECT coalesce(sum(coalesce(length(input), 0) + coalesce(length(output), 0)), 0) AS length
    FROM observations WHERE trace_id = ?`);
  return {
    stepsOfTrace: (traceId) => steps.all(traceId).map(outlineFromRow),
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
    stepsOfSession: (sessionId, limit) =>
      stepsOfSession
        .all(sessionId, limit)
        .map((row) => ({ traceId: row["trace_id"] as string, ...stepFromRow(row) })),
    scoresOfTraces: (sessionId) => scoresOfTraces.all(sessionId).map(scoreFromRow),
    contentLengthOfTrace: (traceId) => Number(contentLength.get(traceId)?.["length"] ?? 0),
  };
}

// The table is STRICT, and every row was written by `observationValues`: each column gives back
// what a record put in.
function stepFromRow(row: SqlRow): Omit<StepRecord, "traceId"> {
  return {
    id: row["id"] as string,
    parentId: row["parent_id"] as string | null,
    type: row["type"] as ObservationType,
    name: row["name"] as string,
    startUs: row["start_us"] as number,
    endUs: row["end_us"] as number,
    completionStartUs: row["completion_start_us"] as number | null,
    level: row["level"] as ObservationLevel,
  };
}

function outlineFromRow(row: SqlRow): OutlineRecord {
  return {
    ...stepFromRow(row),
    statusMessage: row["status_message"] as string | null,
    model: row["model"] as string | null,
    inputTokens: row["input_tokens"] as number,
    outputTokens: row["output_tokens"] as number,
    totalTokens: row["total_tokens"] as number,
    totalCost: row["total_cost"] as number | null,
  };
}

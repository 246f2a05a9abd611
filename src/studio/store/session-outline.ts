import type { ObservationLevel, ObservationType } from "../../attributes/observation-types";
import type { Database } from "./open-database";
import type { ScoreRecord, StepRecord } from "./records";
import type { Store } from "./store";
import { scoreFromRow } from "./summary-rows";

const SESSION_TRACES = "SELECT id FROM traces WHERE session_id = ?";

/** Reads that leave the large columns alone, for a session of any length. */
export function createOutlineReader(
  database: Database,
): Pick<Store, "stepsOfSession" | "traceScoresOfSession" | "contentLengthOfTrace"> {
  const steps = database.prepare(`
    SELECT step.trace_id, step.id, step.parent_id, step.type, step.name, step.start_us,
      step.end_us, step.completion_start_us, step.level
    FROM traces JOIN observations AS step ON step.trace_id = traces.id
    WHERE traces.session_id = ?
    ORDER BY traces.start_us, traces.id, step.start_us, step.start_ns, step.id LIMIT ?`);
  const scores = database.prepare(
    `SELECT * FROM scores WHERE trace_id IN (${SESSION_TRACES}) ORDER BY timestamp_us, id`,
  );
  const length = database.prepare(`
    SELECT coalesce(sum(coalesce(length(input), 0) + coalesce(length(output), 0)), 0) AS length
    FROM observations WHERE trace_id = ?`);
  return {
    stepsOfSession(sessionId, limit): readonly StepRecord[] {
      // The assertions hold because the table is STRICT: a column gives back what a record put in.
      return steps.all(sessionId, limit).map((row) => ({
        traceId: row["trace_id"] as string,
        id: row["id"] as string,
        parentId: row["parent_id"] as string | null,
        type: row["type"] as ObservationType,
        name: row["name"] as string,
        startUs: row["start_us"] as number,
        endUs: row["end_us"] as number,
        completionStartUs: row["completion_start_us"] as number | null,
        level: row["level"] as ObservationLevel,
      }));
    },
    traceScoresOfSession(sessionId): readonly ScoreRecord[] {
      return scores.all(sessionId).map(scoreFromRow);
    },
    contentLengthOfTrace(traceId): number {
      return Number(length.get(traceId)?.["length"] ?? 0);
    },
  };
}

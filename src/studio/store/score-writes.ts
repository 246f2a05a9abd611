import type { Database } from "./open-database";
import type { ScoreRecord } from "./records";

const SCORE_COLUMNS =
  "id, name, data_type, value, string_value, comment, metadata, source, environment, config_id, " +
  "queue_id, timestamp_us, trace_id, observation_id, session_id, dataset_run_id";

const REPLACED_SCORE_COLUMNS = `${SCORE_COLUMNS}, counts_for_session_id`
  .split(", ")
  .map((column) => `${column} = excluded.${column}`)
  .join(", ");

/** Writes a score, or another in its place, and adds what it counted and counts for. */
export type PutScore = (
  score: ScoreRecord,
  changed: { readonly traceIds: Set<string>; readonly sessionIds: Set<string> },
) => void;

export function createScoreWrites(database: Database): PutScore {
  const find = database.prepare("SELECT * FROM scores WHERE id = ?");
  const put = database.prepare(`
      INSERT INTO scores (${SCORE_COLUMNS}, counts_for_session_id)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
        coalesce(?15, (SELECT session_id FROM traces WHERE id = ?13)))
      ON CONFLICT (id) DO UPDATE SET ${REPLACED_SCORE_COLUMNS}`);
  return (score, { traceIds, sessionIds }) => {
    const before = find.get(score.id);
    put.run(
      score.id,
      score.name,
      score.dataType,
      score.value,
      score.stringValue,
      score.comment,
      score.metadata === null ? null : JSON.stringify(score.metadata),
      score.source,
      score.environment,
      score.configId,
      score.queueId,
      score.timestampUs,
      score.traceId,
      score.observationId,
      score.sessionId,
      score.datasetRunId,
    );
    const after = find.get(score.id);
    for (const row of [before, after]) {
      if (typeof row?.["trace_id"] === "string") traceIds.add(row["trace_id"]);
      const sessionId = row?.["counts_for_session_id"];
      if (typeof sessionId === "string") sessionIds.add(sessionId);
    }
  };
}

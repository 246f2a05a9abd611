import type { NumberScoreSummary, ScoreSummary } from "../api/types";
import type { Database } from "./open-database";

/** Of a name with more scores the distribution is left out: a list would read them all. */
const MAX_DISTRIBUTED_SCORES = 500;
const BIN_COUNT = 8;

type Distribution = NonNullable<NumberScoreSummary["distribution"]>;

/** Adds how the numbers of each NUMERIC name are spread, where there are at least two. */
export function createScoreDistributions(
  database: Database,
): (sessionId: string, summaries: readonly ScoreSummary[]) => readonly ScoreSummary[] {
  // By the index `scores_counting`.
  const select = database.prepare(`
    SELECT value FROM scores
    WHERE counts_for_session_id = ? AND name = ? AND data_type = 'NUMERIC'`);
  return (sessionId, summaries) =>
    summaries.map((summary) => {
      if (summary.dataType !== "NUMERIC") return summary;
      if (summary.count < 2 || summary.count > MAX_DISTRIBUTED_SCORES) return summary;
      const values = select.all(sessionId, summary.name).map((row) => Number(row["value"]));
      const distribution = distributionOf(values);
      return distribution === undefined ? summary : { ...summary, distribution };
    });
}

/** Undefined where the values cannot be divided: none, or too far apart for a number. */
export function distributionOf(values: readonly number[]): Distribution | undefined {
  const min = Math.min(...values);
  const max = Math.max(...values);
  const width = (max - min) / BIN_COUNT;
  if (!Number.isFinite(width)) return undefined;
  if (width === 0) return { min, max, bins: [values.length] };
  const bins = new Array<number>(BIN_COUNT).fill(0);
  for (const value of values) {
    const bin = Math.min(BIN_COUNT - 1, Math.floor((value - min) / width));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return { min, max, bins };
}

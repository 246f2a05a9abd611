import type { JsonObject, NumberScoreSummary, ScoreSummary } from "../api/types";
import { withoutRoundingError } from "./exact-sum";
import type { SqlRow } from "./open-database";
import type { ScoreDataType, ScoreRecord, SessionRecord, Totals, TraceRecord } from "./records";

// The assertions hold because the tables are STRICT and written only by `summaries.ts` and
// `sqlite-store.ts`: a column gives back what was put in.
const text = (row: SqlRow, column: string): string => row[column] as string;
const textOrNull = (row: SqlRow, column: string): string | null => row[column] as string | null;
const number = (row: SqlRow, column: string): number => row[column] as number;
const texts = (row: SqlRow, column: string): string[] => JSON.parse(text(row, column)) as string[];

function totalsFromRow(row: SqlRow): Totals {
  return {
    observationCount: number(row, "observation_count"),
    errorCount: number(row, "error_count"),
    inputTokens: number(row, "input_tokens"),
    outputTokens: number(row, "output_tokens"),
    totalTokens: number(row, "total_tokens"),
    totalCost: row["total_cost"] as number | null,
    models: texts(row, "models"),
    startUs: number(row, "start_us"),
    endUs: number(row, "end_us"),
  };
}

export function traceFromRow(row: SqlRow): TraceRecord {
  return {
    id: text(row, "id"),
    sessionId: textOrNull(row, "session_id"),
    name: textOrNull(row, "name"),
    userId: textOrNull(row, "user_id"),
    tags: texts(row, "tags"),
    isPublic: row["is_public"] === 1,
    environment: text(row, "environment"),
    release: textOrNull(row, "release"),
    version: textOrNull(row, "version"),
    rootId: text(row, "root_id"),
    firstMessage: textOrNull(row, "first_message"),
    ...totalsFromRow(row),
  };
}

/** Takes a row of `sessions` with `is_bookmarked`. */
export function sessionFromRow(row: SqlRow, scores: readonly ScoreSummary[]): SessionRecord {
  const totals = totalsFromRow(row);
  return {
    id: text(row, "id"),
    firstMessage: textOrNull(row, "first_message"),
    traceCount: number(row, "trace_count"),
    userIds: texts(row, "user_ids"),
    tags: texts(row, "tags"),
    environments: texts(row, "environments"),
    scores,
    isBookmarked: row["is_bookmarked"] === 1,
    ...totals,
    totalCost: totals.totalCost === null ? null : withoutRoundingError(totals.totalCost),
  };
}

export function scoreFromRow(row: SqlRow): ScoreRecord {
  const metadata = textOrNull(row, "metadata");
  return {
    id: text(row, "id"),
    name: text(row, "name"),
    dataType: text(row, "data_type") as ScoreDataType,
    value: number(row, "value"),
    stringValue: textOrNull(row, "string_value"),
    comment: textOrNull(row, "comment"),
    metadata: metadata === null ? null : (JSON.parse(metadata) as JsonObject),
    source: text(row, "source"),
    environment: text(row, "environment"),
    configId: textOrNull(row, "config_id"),
    queueId: textOrNull(row, "queue_id"),
    timestampUs: number(row, "timestamp_us"),
    traceId: textOrNull(row, "trace_id"),
    observationId: textOrNull(row, "observation_id"),
    sessionId: textOrNull(row, "session_id"),
    datasetRunId: textOrNull(row, "dataset_run_id"),
  };
}

/** Categories of one score name that a summary holds. */
const MAX_CATEGORIES = 20;

/** Takes rows of `session_scores`, by name and data type, of these the most frequent first. */
export function scoreSummariesFromRows(rows: readonly SqlRow[]): ScoreSummary[] {
  const summaries: ScoreSummary[] = [];
  for (const row of rows) {
    const name = text(row, "name");
    const count = number(row, "count");
    if (row["data_type"] !== "CATEGORICAL") {
      const dataType = row["data_type"] as NumberScoreSummary["dataType"]; // the only others there
      const mean = withoutRoundingError(number(row, "total") / count);
      summaries.push({ name, dataType, count, mean });
      continue;
    }
    const category = { value: text(row, "category"), count };
    const last = summaries.at(-1);
    if (last?.name !== name || last.dataType !== "CATEGORICAL") {
      summaries.push({ name, dataType: "CATEGORICAL", count, categories: [category] });
      continue;
    }
    const hasRoom = last.categories.length < MAX_CATEGORIES;
    const categories = hasRoom ? [...last.categories, category] : last.categories;
    summaries[summaries.length - 1] = { ...last, count: last.count + count, categories };
  }
  return summaries;
}

import { decodeCursor, encodeCursor } from "./cursor";
import { SCORE_FILTER_COLUMNS } from "./filter-columns";
import { addFilters, type FilterCondition } from "./filter-conditions";
import { Conditions } from "./list-queries";
import type { Database } from "./open-database";
import type { ScoreDataType, ScoreRecord } from "./records";
import type { Page } from "./store";
import { scoreFromRow } from "./summary-rows";

export const SCORE_VALUE_OPERATORS = ["<", ">", "<=", ">=", "!=", "="] as const;

/** Each list means any of its entries; absent means all. */
export interface ScoreQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Rows to leave out at the top, for numbered pages. */
  readonly offset?: number | undefined;
  /** Whether `totalCount` is wanted. */
  readonly isCounted?: boolean | undefined;
  /** Only scores of traces and their observations. */
  readonly isOfTrace?: boolean | undefined;
  readonly dataTypes?: readonly ScoreDataType[] | undefined;
  /** When given, the single filters below do not count. */
  readonly filters?: readonly FilterCondition[] | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly names?: readonly string[] | undefined;
  readonly sources?: readonly string[] | undefined;
  readonly environments?: readonly string[] | undefined;
  readonly configIds?: readonly string[] | undefined;
  readonly queueIds?: readonly string[] | undefined;
  readonly traceIds?: readonly string[] | undefined;
  readonly observationIds?: readonly string[] | undefined;
  readonly sessionIds?: readonly string[] | undefined;
  readonly datasetRunIds?: readonly string[] | undefined;
  /** The studio knows no authors: whoever asks for some gets none. */
  readonly authorUserIds?: readonly string[] | undefined;
  /** Numbers of NUMERIC and BOOLEAN scores, texts of the others. */
  readonly values?: readonly (number | string)[] | undefined;
  readonly comparison?:
    | { readonly operator: (typeof SCORE_VALUE_OPERATORS)[number]; readonly value: number }
    | undefined;
  /** Both inclusive. */
  readonly valueMin?: number | undefined;
  readonly valueMax?: number | undefined;
  /** Of the trace. */
  readonly userId?: string | undefined;
  /** All of these, of the trace. */
  readonly traceTags?: readonly string[] | undefined;
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
}

/** Reads of scores beside those of one trace or session. */
export interface ScoreReads {
  /** Newest first. */
  list(query: ScoreQuery): Page<ScoreRecord>;
  get(id: string): ScoreRecord | undefined;
  /** Of the trace and of its observations, oldest first. */
  idsOfTrace(traceId: string): readonly string[];
}

export function createScoreReads(database: Database): ScoreReads {
  const select = database.prepare("SELECT * FROM scores WHERE id = ?");
  const selectIds = database.prepare(
    "SELECT id FROM scores WHERE trace_id = ? ORDER BY timestamp_us, id",
  );
  return {
    list: (query) => listScores(database, query),
    get(id) {
      const row = select.get(id);
      return row === undefined ? undefined : scoreFromRow(row);
    },
    idsOfTrace: (traceId) => selectIds.all(traceId).map((row) => String(row["id"])),
  };
}

function listScores(database: Database, query: ScoreQuery): Page<ScoreRecord> {
  const conditions = conditionsOf(query);
  const count = query.isCounted
    ? database
        .prepare(`SELECT count(*) AS count FROM scores ${conditions}`)
        .get(...conditions.values)
    : undefined;
  if (query.cursor !== undefined) {
    const { us, id } = decodeCursor(query.cursor);
    conditions.add("(timestamp_us, id) < (?, ?)", us, id);
  }
  const found = database
    .prepare(
      `SELECT * FROM scores ${conditions} ORDER BY timestamp_us DESC, id DESC LIMIT ? OFFSET ?`,
    )
    .all(...conditions.values, query.limit + 1, query.offset ?? 0);
  const rows = found.slice(0, query.limit).map(scoreFromRow);
  const last = rows.at(-1);
  return {
    rows,
    totalCount: count === undefined ? -1 : Number(count["count"]),
    ...(found.length > query.limit && last !== undefined
      ? { nextCursor: encodeCursor({ us: last.timestampUs, id: last.id, traceId: "" }) }
      : {}),
  };
}

function conditionsOf(query: ScoreQuery): Conditions {
  const conditions = new Conditions();
  if (query.isOfTrace) conditions.add("trace_id IS NOT NULL");
  conditions.isOneOf("data_type", query.dataTypes);
  if (query.filters !== undefined) {
    addFilters(conditions, query.filters, SCORE_FILTER_COLUMNS);
    return conditions;
  }
  conditions.isOneOf("id", query.ids);
  conditions.isOneOf("name", query.names);
  conditions.isOneOf("source", query.sources);
  conditions.isOneOf("environment", query.environments);
  conditions.isOneOf("config_id", query.configIds);
  conditions.isOneOf("queue_id", query.queueIds);
  conditions.isOneOf("trace_id", query.traceIds);
  conditions.isOneOf("observation_id", query.observationIds);
  conditions.isOneOf("session_id", query.sessionIds);
  conditions.isOneOf("dataset_run_id", query.datasetRunIds);
  if (query.authorUserIds !== undefined) conditions.add("0");
  const isText = query.values?.some((value) => typeof value === "string");
  conditions.isOneOf(isText ? "string_value" : "value", query.values);
  if (query.comparison !== undefined) {
    conditions.add(`value ${query.comparison.operator} ?`, query.comparison.value);
  }
  if (query.valueMin !== undefined) conditions.add("value >= ?", query.valueMin);
  if (query.valueMax !== undefined) conditions.add("value <= ?", query.valueMax);
  if (query.userId !== undefined) {
    conditions.add("trace_id IN (SELECT id FROM traces WHERE user_id = ?)", query.userId);
  }
  for (const tag of query.traceTags ?? []) {
    conditions.add(
      `EXISTS (SELECT 1 FROM traces, json_each(traces.tags) AS tag
        WHERE traces.id = scores.trace_id AND tag.value = ?)`,
      tag,
    );
  }
  if (query.fromUs !== undefined) conditions.add("timestamp_us >= ?", query.fromUs);
  if (query.toUs !== undefined) conditions.add("timestamp_us < ?", query.toUs);
  return conditions;
}

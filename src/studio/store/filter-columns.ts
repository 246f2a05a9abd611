import type { FilterColumn, FilterColumns } from "./filter-conditions";
import { TRACE_BITS } from "./observation-rows";
import { PARENT_ID_V1, TRACE_ROW_ID } from "./trace-row";

const text = (sql: string): FilterColumn => ({ kind: "text", sql });
const number = (sql: string): FilterColumn => ({ kind: "number", sql });
const time = (sql: string): FilterColumn => ({ kind: "time", sql });
const boolean = (sql: string): FilterColumn => ({ kind: "boolean", sql });
const list = (sql: string): FilterColumn => ({ kind: "list", sql });

const underKey = (column: string): string =>
  `(SELECT value FROM json_each(${column}) WHERE key = ?)`;

/** Seconds, as the Langfuse API writes lengths. */
const LATENCY = "(end_us - start_us) / 1000000.0";
const TOTAL_TOKENS = number("total_tokens");

const IS_ROOT = `carries & ${TRACE_BITS.app_root | TRACE_BITS.top} <> 0`;

/** What `filter` may name in lists of observations. */
export const OBSERVATION_FILTER_COLUMNS: FilterColumns = {
  id: text("id"),
  traceId: text("trace_id"),
  parentObservationId: text("parent_id"),
  type: text("upper(type)"),
  name: text("name"),
  level: text("level"),
  statusMessage: text("status_message"),
  environment: text("environment"),
  version: text("version"),
  release: text("release"),
  userId: text("user_id"),
  sessionId: text("session_id"),
  startTime: time("start_us"),
  endTime: time("end_us"),
  isRootObservation: boolean(IS_ROOT),
  traceName: text("trace_name"),
  traceTags: list("tags"),
  tags: list("tags"),
  latency: number(LATENCY),
  timeToFirstToken: number("(completion_start_us - start_us) / 1000000.0"),
  tokensPerSecond: number(`output_tokens / nullif(${LATENCY}, 0)`),
  inputTokens: number("input_tokens"),
  outputTokens: number("output_tokens"),
  totalTokens: TOTAL_TOKENS,
  tokens: TOTAL_TOKENS,
  inputCost: number("json_extract(cost_details, '$.input')"),
  outputCost: number("json_extract(cost_details, '$.output')"),
  totalCost: number("total_cost"),
  model: text("model"),
  providedModelName: text("model"),
  promptName: text("prompt_name"),
  promptVersion: number("prompt_version"),
  input: text("input"),
  output: text("output"),
  metadata: {
    kind: "object",
    sql: `coalesce(${underKey("trace_metadata")}, ${underKey("metadata")})`,
  },
};

/** The same for version 1, where no observation has the trace's own row as its parent. */
export const OBSERVATION_FILTER_COLUMNS_V1: FilterColumns = {
  ...OBSERVATION_FILTER_COLUMNS,
  parentObservationId: text(PARENT_ID_V1),
  isRootObservation: boolean(`(${IS_ROOT} OR ${PARENT_ID_V1} IS NULL)`),
};

const ofObservations = (what: string): string =>
  `(SELECT ${what} FROM observations WHERE trace_id = traces.id AND id <> ${TRACE_ROW_ID})`;
const countOf = (level: string): FilterColumn => number(ofObservations(`sum(level = '${level}')`));

/** What `filter` may name in lists of traces. */
export const TRACE_FILTER_COLUMNS: FilterColumns = {
  id: text("id"),
  name: text("name"),
  timestamp: time("start_us"),
  userId: text("user_id"),
  sessionId: text("session_id"),
  environment: text("environment"),
  version: text("version"),
  release: text("release"),
  tags: list("tags"),
  bookmarked: boolean("0"),
  public: boolean("is_public"),
  latency: number(LATENCY),
  inputTokens: number("input_tokens"),
  outputTokens: number("output_tokens"),
  totalTokens: TOTAL_TOKENS,
  tokens: TOTAL_TOKENS,
  inputCost: number(ofObservations("sum(json_extract(cost_details, '$.input'))")),
  outputCost: number(ofObservations("sum(json_extract(cost_details, '$.output'))")),
  totalCost: number("total_cost"),
  level: text(
    ofObservations(`CASE ifnull(max(CASE level
      WHEN 'ERROR' THEN 3 WHEN 'WARNING' THEN 2 WHEN 'DEFAULT' THEN 1 ELSE 0 END), 1)
      WHEN 3 THEN 'ERROR' WHEN 2 THEN 'WARNING' WHEN 1 THEN 'DEFAULT' ELSE 'DEBUG' END`),
  ),
  errorCount: number("error_count"),
  warningCount: countOf("WARNING"),
  defaultCount: countOf("DEFAULT"),
  debugCount: countOf("DEBUG"),
  metadata: {
    kind: "object",
    sql: `(
      SELECT given.value FROM observations, json_each(observations.trace_metadata) AS given
      WHERE observations.trace_id = traces.id AND given.key = ?
      ORDER BY start_us DESC, start_ns DESC, observations.id DESC LIMIT 1
    )`,
  },
};

/** What `filter` may name in lists of scores. */
export const SCORE_FILTER_COLUMNS: FilterColumns = {
  id: text("id"),
  name: text("name"),
  value: number("value"),
  stringValue: text("string_value"),
  timestamp: time("timestamp_us"),
  source: text("source"),
  dataType: text("data_type"),
  environment: text("environment"),
  comment: text("comment"),
  configId: text("config_id"),
  queueId: text("queue_id"),
  traceId: text("trace_id"),
  observationId: text("observation_id"),
  sessionId: text("session_id"),
  metadata: { kind: "object", sql: underKey("metadata") },
};

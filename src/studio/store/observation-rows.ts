import type { ObservationLevel, ObservationType } from "../../attributes/observation-types";
import type { ExceptionView, JsonObject } from "../api/types";
import type { SqlRow, SqlValue } from "./open-database";
import type { ObservationRecord } from "./records";

/**
 * The columns of `observations` with what a record puts into each. `end_us` stands first because
 * {@link compareRows} ranks versions of one observation by the columns in this order.
 */
const COLUMNS: readonly (readonly [column: string, of: (record: ObservationRecord) => SqlValue])[] =
  [
    ["end_us", (record) => record.endUs],
    ["trace_id", (record) => record.traceId],
    ["id", (record) => record.id],
    ["parent_id", (record) => record.parentId],
    ["type", (record) => record.type],
    ["name", (record) => record.name],
    ["start_us", (record) => record.startUs],
    ["start_ns", (record) => record.startNs],
    ["completion_start_us", (record) => record.completionStartUs],
    ["level", (record) => record.level],
    ["input_tokens", (record) => record.inputTokens],
    ["output_tokens", (record) => record.outputTokens],
    ["total_tokens", (record) => record.totalTokens],
    ["total_cost", (record) => record.totalCost],
    ["model", (record) => record.model],
    ["session_id", (record) => record.sessionId],
    ["user_id", (record) => record.userId],
    ["trace_name", (record) => record.traceName],
    ["tags", (record) => JSON.stringify(record.tags)],
    ["carries", traceBits],
    ["environment", (record) => record.environment],
    ["release", (record) => record.release],
    ["version", (record) => record.version],
    ["prompt_name", (record) => record.promptName],
    ["prompt_version", (record) => record.promptVersion],
    ["usage_details", (record) => JSON.stringify(record.usageDetails)],
    ["cost_details", (record) => JSON.stringify(record.costDetails)],
    ["model_parameters", (record) => JSON.stringify(record.modelParameters)],
    ["status_message", (record) => record.statusMessage],
    ["exceptions", (record) => JSON.stringify(record.exceptions)],
    ["trace_metadata", (record) => JSON.stringify(record.traceMetadata)],
    ["origin", (record) => JSON.stringify(record.origin)],
    ["metadata", (record) => JSON.stringify(record.metadata)],
    ["input", (record) => record.input],
    ["output", (record) => record.output],
    [
      "stream_timeline",
      ({ streamTimeline }) =>
        streamTimeline === undefined ? null : JSON.stringify(streamTimeline),
    ],
    ["price_model_id", (record) => record.priceModelId ?? null],
  ];

const names = COLUMNS.map(([column]) => column);

const PRICE_MODEL_INDEX = names.indexOf("price_model_id");

/** Where {@link observationValues} has texts that may refer to files. */
export const CONTENT_INDEXES = {
  input: names.indexOf("input"),
  output: names.indexOf("output"),
  metadata: names.indexOf("metadata"),
} as const;

/**
 * Bits of the column `carries`: an index over it finds the observations that speak for their trace
 * without reading the rows.
 */
export const TRACE_BITS = {
  session_id: 1 << 0,
  user_id: 1 << 1,
  trace_name: 1 << 2,
  release: 1 << 3,
  version: 1 << 4,
  is_public: 1 << 5,
  /** Marked as the application's root. */
  app_root: 1 << 6,
  /** Has no parent. */
  top: 1 << 7,
} as const;

function traceBits(record: ObservationRecord): number {
  return (
    (record.sessionId === null ? 0 : TRACE_BITS.session_id) |
    (record.userId === null ? 0 : TRACE_BITS.user_id) |
    (record.traceName === null ? 0 : TRACE_BITS.trace_name) |
    (record.release === null ? 0 : TRACE_BITS.release) |
    (record.version === null ? 0 : TRACE_BITS.version) |
    (record.isPublic ? TRACE_BITS.is_public : 0) |
    (record.isAppRoot ? TRACE_BITS.app_root : 0) |
    (record.parentId === null ? TRACE_BITS.top : 0)
  );
}

/** Does nothing where the trace already has an observation of that id. */
export const INSERT_OBSERVATION = `
  INSERT INTO observations (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})
  ON CONFLICT (trace_id, id) DO NOTHING`;

/** Takes the values of {@link observationValues}, then trace id and id. */
export const UPDATE_OBSERVATION = `
  UPDATE observations SET ${names.map((column) => `${column} = ?`).join(", ")}
  WHERE trace_id = ? AND id = ?`;

/** All columns but the two that may be large. */
export const COLUMNS_BEFORE_IO = names
  .filter((column) => column !== "input" && column !== "output")
  .join(", ");

/** The latest of all traces: looks through an index, since ids are unique within a trace only. */
export const SELECT_OBSERVATION_BY_ID = `
  SELECT * FROM observations WHERE rowid = (
    SELECT rowid FROM observations WHERE id = ? ORDER BY start_us DESC LIMIT 1
  )`;

export const SELECT_OBSERVATION = "SELECT * FROM observations WHERE trace_id = ? AND id = ?";

/** In the order of {@link INSERT_OBSERVATION}. */
export function observationValues(record: ObservationRecord): SqlValue[] {
  return COLUMNS.map(([, of]) => of(record));
}

/** A cost that was calculated is no content: prices change. What stands there as it was sent. */
const NOT_SENT: Readonly<Record<string, SqlValue>> = {
  total_cost: null,
  cost_details: "{}",
  price_model_id: null,
};

/**
 * Ranks two versions of one observation: by end, then by content, so that the same one wins
 * whichever arrived first.
 * @returns whether `values` beat `stored`
 */
export function beats(values: readonly SqlValue[], stored: SqlRow): boolean {
  const isPriced = (values[PRICE_MODEL_INDEX] ?? null) !== null;
  const wasPriced = (stored["price_model_id"] ?? null) !== null;
  for (const [index, column] of names.entries()) {
    const notSent = NOT_SENT[column];
    const given = isPriced && notSent !== undefined ? notSent : (values[index] ?? null);
    const before = wasPriced && notSent !== undefined ? notSent : (stored[column] ?? null);
    const order = compareSqlValues(given, before);
    if (order !== 0) return order > 0;
  }
  return false;
}

/** Whether writing `values` would change nothing. */
export function isStored(values: readonly SqlValue[], stored: SqlRow): boolean {
  return names.every((column, index) => (values[index] ?? null) === stored[column]);
}

/** Null before numbers before text. */
function compareSqlValues(a: SqlValue, b: SqlValue): number {
  const rank = (value: SqlValue): number =>
    value === null ? 0 : typeof value === "number" ? 1 : 2;
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (a === b || a === null || b === null) return 0;
  return a < b ? -1 : 1;
}

// The assertions below hold because every row was written by `observationValues`, and the table
// is STRICT: a column gives back what a record put in.
export function observationFromRow(row: SqlRow): ObservationRecord {
  const text = (column: string): string => row[column] as string;
  const textOrNull = (column: string): string | null => row[column] as string | null;
  const number = (column: string): number => row[column] as number;
  const numberOrNull = (column: string): number | null => row[column] as number | null;
  const timeline = textOrNull("stream_timeline");
  const priceModelId = textOrNull("price_model_id");
  return {
    traceId: text("trace_id"),
    id: text("id"),
    parentId: textOrNull("parent_id"),
    isAppRoot: (number("carries") & TRACE_BITS.app_root) !== 0,
    type: text("type") as ObservationType,
    name: text("name"),
    startUs: number("start_us"),
    startNs: number("start_ns"),
    endUs: number("end_us"),
    completionStartUs: numberOrNull("completion_start_us"),
    level: text("level") as ObservationLevel,
    statusMessage: textOrNull("status_message"),
    model: textOrNull("model"),
    modelParameters: JSON.parse(text("model_parameters")) as JsonObject,
    usageDetails: JSON.parse(text("usage_details")) as Record<string, number>,
    costDetails: JSON.parse(text("cost_details")) as Record<string, number>,
    inputTokens: number("input_tokens"),
    outputTokens: number("output_tokens"),
    totalTokens: number("total_tokens"),
    totalCost: numberOrNull("total_cost"),
    ...(priceModelId !== null && { priceModelId }),
    promptName: textOrNull("prompt_name"),
    promptVersion: numberOrNull("prompt_version"),
    input: textOrNull("input"),
    output: textOrNull("output"),
    ...(timeline !== null && { streamTimeline: JSON.parse(timeline) as number[] }),
    metadata: JSON.parse(text("metadata")) as JsonObject,
    origin: JSON.parse(text("origin")) as JsonObject,
    exceptions: JSON.parse(text("exceptions")) as ExceptionView[],
    sessionId: textOrNull("session_id"),
    userId: textOrNull("user_id"),
    traceName: textOrNull("trace_name"),
    tags: JSON.parse(text("tags")) as string[],
    isPublic: (number("carries") & TRACE_BITS.is_public) !== 0,
    traceMetadata: JSON.parse(text("trace_metadata")) as JsonObject,
    environment: text("environment"),
    release: textOrNull("release"),
    version: textOrNull("version"),
  };
}

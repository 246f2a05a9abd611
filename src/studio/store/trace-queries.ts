import type { JsonObject } from "../api/types";
import { TRACE_FILTER_COLUMNS } from "./filter-columns";
import { addFilters, type FilterCondition } from "./filter-conditions";
import { Conditions } from "./list-queries";
import { observationFromRow, SELECT_OBSERVATION_BY_ID } from "./observation-rows";
import type { Database, SqlRow } from "./open-database";
import type { ObservationRecord, TraceRecord } from "./records";
import type { Page } from "./store";
import { traceFromRow } from "./summary-rows";

/** Fields that a list of traces can be ordered by, with their columns. */
const ORDER_COLUMNS = {
  id: "id",
  timestamp: "start_us",
  name: "name",
  userId: "user_id",
  release: "release",
  version: "version",
  public: "is_public",
  // The studio bookmarks sessions, not traces: all are equal here.
  bookmarked: "0",
  sessionId: "session_id",
} as const;

export type TraceOrderField = keyof typeof ORDER_COLUMNS;

export const TRACE_ORDER_FIELDS = Object.keys(ORDER_COLUMNS) as readonly TraceOrderField[]; // its own keys

export interface TraceOrder {
  readonly field: TraceOrderField;
  readonly direction: "ASC" | "DESC";
}

export interface TraceQuery {
  readonly limit: number;
  /** Rows to leave out at the top. */
  readonly offset: number;
  /** @default newest first */
  readonly orderBy?: TraceOrder | undefined;
  /** When given, the single filters below do not count. */
  readonly filters?: readonly FilterCondition[] | undefined;
  readonly userId?: string | undefined;
  readonly name?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly version?: string | undefined;
  readonly release?: string | undefined;
  /** All of these. */
  readonly tags?: readonly string[] | undefined;
  /** Any of these; empty means all. */
  readonly environments?: readonly string[] | undefined;
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
}

/** What the observations of a trace say of it, read without their own input and output. */
export interface TraceContent {
  /** Of the root observation, as captured. */
  readonly input: string | null;
  readonly output: string | null;
  /** Merged key by key; the later start wins. */
  readonly metadata: JsonObject;
}

/** Reads of traces beside those by session. */
export interface TraceReads {
  list(query: TraceQuery): Page<TraceRecord>;
  contentOf(trace: TraceRecord): TraceContent;
  /** Oldest first. */
  observationIdsOf(traceId: string): readonly string[];
  /** The latest of that id; ids of observations are unique within their trace only. */
  findObservation(id: string): ObservationRecord | undefined;
}

export function createTraceReads(database: Database): TraceReads {
  const selectIo = database.prepare(
    "SELECT input, output FROM observations WHERE trace_id = ? AND id = ?",
  );
  const selectMetadata = database.prepare(`
    SELECT trace_metadata FROM observations WHERE trace_id = ? AND trace_metadata <> '{}'
    ORDER BY start_us, start_ns, id`);
  const selectIds = database.prepare(
    "SELECT id FROM observations WHERE trace_id = ? ORDER BY start_us, start_ns, id",
  );
  const selectObservation = database.prepare(SELECT_OBSERVATION_BY_ID);

  return {
    list: (query) => listTraces(database, query),

    contentOf({ id, rootId }) {
      const root = selectIo.get(id, rootId);
      const given = selectMetadata.all(id).flatMap((row) => Object.entries(metadataOf(row)));
      // The assertions hold because the table is STRICT.
      return {
        input: (root?.["input"] ?? null) as string | null,
        output: (root?.["output"] ?? null) as string | null,
        metadata: Object.fromEntries(given),
      };
    },

    observationIdsOf: (traceId) => selectIds.all(traceId).map((row) => String(row["id"])),

    findObservation(id) {
      const row = selectObservation.get(id);
      return row === undefined ? undefined : observationFromRow(row);
    },
  };
}

/** Written by `observationValues` as the JSON of an object. */
function metadataOf(row: SqlRow): JsonObject {
  return JSON.parse(String(row["trace_metadata"])) as JsonObject;
}

function listTraces(database: Database, query: TraceQuery): Page<TraceRecord> {
  const conditions = conditionsOf(query);
  const { field, direction } = query.orderBy ?? { field: "timestamp", direction: "DESC" };
  const count = database
    .prepare(`SELECT count(*) AS count FROM traces ${conditions}`)
    .get(...conditions.values);
  const found = database
    .prepare(
      `SELECT * FROM traces ${conditions}
       ORDER BY ${ORDER_COLUMNS[field]} ${direction}, id ${direction} LIMIT ? OFFSET ?`,
    )
    .all(...conditions.values, query.limit, query.offset);
  return { rows: found.map(traceFromRow), totalCount: Number(count?.["count"]) };
}

function conditionsOf(query: TraceQuery): Conditions {
  const conditions = new Conditions();
  if (query.filters !== undefined) {
    addFilters(conditions, query.filters, TRACE_FILTER_COLUMNS);
    return conditions;
  }
  conditions.equals("user_id", query.userId);
  conditions.equals("name", query.name);
  conditions.equals("session_id", query.sessionId);
  conditions.equals("version", query.version);
  conditions.equals("release", query.release);
  for (const tag of query.tags ?? []) {
    conditions.add("EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?)", tag);
  }
  if (query.environments?.length !== 0) conditions.isOneOf("environment", query.environments);
  if (query.fromUs !== undefined) conditions.add("start_us >= ?", query.fromUs);
  if (query.toUs !== undefined) conditions.add("start_us < ?", query.toUs);
  return conditions;
}

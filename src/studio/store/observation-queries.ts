import { decodeCursor, encodeCursor } from "./cursor";
import { OBSERVATION_FILTER_COLUMNS, OBSERVATION_FILTER_COLUMNS_V1 } from "./filter-columns";
import { addFilters } from "./filter-conditions";
import { Conditions } from "./list-queries";
import { COLUMNS_BEFORE_IO, observationFromRow, TRACE_BITS } from "./observation-rows";
import type { Database } from "./open-database";
import type { ObservationRecord } from "./records";
import type { ObservationQuery, Page } from "./store";
import { PARENT_ID_V1, TRACE_ROW_ID } from "./trace-row";

const NEWEST_FIRST = "ORDER BY start_us DESC, trace_id DESC, id DESC";

/**
 * Newest first. One of the indexes of `observations` gives the order and, for the single filters,
 * decides which rows are wanted: only those of the page are read.
 */
export function listObservations(
  database: Database,
  query: ObservationQuery,
): Page<ObservationRecord> {
  const conditions = conditionsOf(query);
  const count = query.isCounted
    ? database
        .prepare(`SELECT count(*) AS count FROM observations ${conditions}`)
        .get(...conditions.values)
    : undefined;
  if (query.cursor !== undefined) {
    const { us, traceId, id } = decodeCursor(query.cursor);
    conditions.add("(start_us, trace_id, id) < (?, ?, ?)", us, traceId, id);
  }
  const columns = query.isWithoutIo ? `${COLUMNS_BEFORE_IO}, NULL AS input, NULL AS output` : "*";
  const found = database
    .prepare(
      `SELECT ${columns} FROM observations WHERE rowid IN (
         SELECT rowid FROM observations ${conditions} ${NEWEST_FIRST} LIMIT ? OFFSET ?
       ) ${NEWEST_FIRST}`,
    )
    .all(...conditions.values, query.limit + 1, query.offset ?? 0);
  const rows = found.slice(0, query.limit).map(observationFromRow);
  const last = rows.at(-1);
  return {
    rows,
    totalCount: count === undefined ? -1 : Number(count["count"]),
    ...(found.length > query.limit && last !== undefined
      ? { nextCursor: encodeCursor({ us: last.startUs, traceId: last.traceId, id: last.id }) }
      : {}),
  };
}

function conditionsOf(query: ObservationQuery): Conditions {
  const conditions = new Conditions();
  const { isOfVersion1 = false } = query;
  if (isOfVersion1) conditions.add(`id <> ${TRACE_ROW_ID}`);
  if (query.filters !== undefined) {
    const columns = isOfVersion1 ? OBSERVATION_FILTER_COLUMNS_V1 : OBSERVATION_FILTER_COLUMNS;
    addFilters(conditions, query.filters, columns);
    return conditions;
  }
  conditions.equals("trace_id", query.traceId);
  conditions.equals("session_id", query.sessionId);
  conditions.equals("user_id", query.userId);
  conditions.equals("type", query.type);
  conditions.equals("name", query.name);
  conditions.equals("level", query.level);
  conditions.equals("version", query.version);
  conditions.equals(isOfVersion1 ? PARENT_ID_V1 : "parent_id", query.parentId);
  if (query.traceUserId !== undefined) {
    conditions.add("trace_id IN (SELECT id FROM traces WHERE user_id = ?)", query.traceUserId);
  }
  if (query.isRoot !== undefined) {
    const rootBits = TRACE_BITS.app_root | TRACE_BITS.top;
    conditions.add(`carries & ${rootBits} ${query.isRoot ? "<>" : "="} 0`);
  }
  if (query.environments?.length !== 0) conditions.isOneOf("environment", query.environments);
  if (query.fromUs !== undefined) conditions.add("start_us >= ?", query.fromUs);
  if (query.toUs !== undefined) conditions.add("start_us < ?", query.toUs);
  return conditions;
}

import { decodeCursor, encodeCursor } from "./cursor";
import { observationFromRow, TRACE_BITS } from "./observation-rows";
import type { Database, SqlValue } from "./open-database";
import type { ObservationRecord } from "./records";
import type { ObservationQuery, Page, SessionQuery } from "./store";

/** Conditions of a WHERE clause with the values for their placeholders, in order. */
export class Conditions {
  readonly #terms: string[] = [];
  readonly #values: SqlValue[] = [];

  add(term: string, ...values: readonly SqlValue[]): void {
    this.#terms.push(term);
    this.#values.push(...values);
  }

  /** Adds `column = value` unless the value is undefined. */
  equals(column: string, value: SqlValue | undefined): void {
    if (value === null) this.add(`${column} IS NULL`);
    else if (value !== undefined) this.add(`${column} = ?`, value);
  }

  get values(): readonly SqlValue[] {
    return this.#values;
  }

  toString(): string {
    return this.#terms.length === 0 ? "" : `WHERE ${this.#terms.join(" AND ")}`;
  }
}

const placeholders = (list: readonly unknown[]): string => list.map(() => "?").join(", ");

/** Conditions of a session list, without those of its page. */
export function sessionConditions(query: SessionQuery): Conditions {
  const conditions = new Conditions();
  if (query.fromUs !== undefined) conditions.add("start_us >= ?", query.fromUs);
  if (query.toUs !== undefined) conditions.add("start_us < ?", query.toUs);
  const { environments = [] } = query;
  if (environments.length > 0) {
    conditions.add(
      `EXISTS (SELECT 1 FROM json_each(environments) WHERE value IN (${placeholders(environments)}))`,
      ...environments,
    );
  }
  return conditions;
}

/** Newest first. One of the indexes of `observations` gives the order, so a page reads a page. */
export function listObservations(
  database: Database,
  query: ObservationQuery,
): Page<ObservationRecord> {
  const conditions = new Conditions();
  conditions.equals("trace_id", query.traceId);
  conditions.equals("session_id", query.sessionId);
  conditions.equals("user_id", query.userId);
  conditions.equals("type", query.type);
  conditions.equals("name", query.name);
  conditions.equals("level", query.level);
  conditions.equals("version", query.version);
  conditions.equals("parent_id", query.parentId);
  if (query.isRoot !== undefined) {
    const rootBits = TRACE_BITS.app_root | TRACE_BITS.top;
    conditions.add(`carries & ${rootBits} ${query.isRoot ? "<>" : "="} 0`);
  }
  const { environments = [] } = query;
  if (environments.length > 0) {
    conditions.add(`environment IN (${placeholders(environments)})`, ...environments);
  }
  if (query.fromUs !== undefined) conditions.add("start_us >= ?", query.fromUs);
  if (query.toUs !== undefined) conditions.add("start_us < ?", query.toUs);
  if (query.cursor !== undefined) {
    const { us, traceId, id } = decodeCursor(query.cursor);
    conditions.add("(start_us, trace_id, id) < (?, ?, ?)", us, traceId, id);
  }
  const found = database
    .prepare(
      `SELECT * FROM observations ${conditions}
       ORDER BY start_us DESC, trace_id DESC, id DESC LIMIT ?`,
    )
    .all(...conditions.values, query.limit + 1);
  const rows = found.slice(0, query.limit).map(observationFromRow);
  const last = rows.at(-1);
  return {
    rows,
    totalCount: -1,
    ...(found.length > query.limit && last !== undefined
      ? { nextCursor: encodeCursor({ us: last.startUs, traceId: last.traceId, id: last.id }) }
      : {}),
  };
}

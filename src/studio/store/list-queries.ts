import type { SqlValue } from "./open-database";
import type { SessionQuery } from "./store";

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

  /** Adds that the column has one of the values, unless the list is undefined. */
  isOneOf(column: string, list: readonly (string | number)[] | undefined): void {
    if (list !== undefined) this.add(`${column} IN (${placeholders(list)})`, ...list);
  }

  get values(): readonly SqlValue[] {
    return this.#values;
  }

  toString(): string {
    return this.#terms.length === 0 ? "" : `WHERE ${this.#terms.join(" AND ")}`;
  }
}

/** `?, ?, ?` for a list of values. */
export const placeholders = (list: readonly unknown[]): string => list.map(() => "?").join(", ");

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

import { type Conditions, placeholders } from "./list-queries";
import type { SqlValue } from "./open-database";

/**
 * One condition of the parameter `filter` of the list routes, checked.
 * Spec: https://api.reference.langfuse.com/#tag/observations, "Filter Structure"
 */
export type FilterCondition = { readonly column: string } & (
  | { readonly type: "string"; readonly operator: TextOperator; readonly value: string }
  | { readonly type: "number"; readonly operator: OrderOperator; readonly value: number }
  /** In microseconds. */
  | { readonly type: "datetime"; readonly operator: OrderOperator; readonly value: number }
  | {
      readonly type: "stringOptions";
      readonly operator: "any of" | "none of";
      readonly value: readonly string[];
    }
  | {
      readonly type: "arrayOptions";
      readonly operator: "any of" | "none of" | "all of";
      readonly value: readonly string[];
    }
  | { readonly type: "boolean"; readonly operator: "=" | "<>"; readonly value: boolean }
  | { readonly type: "null"; readonly operator: "is null" | "is not null" }
  | {
      readonly type: "stringObject";
      readonly key: string;
      readonly operator: TextOperator;
      readonly value: string;
    }
  | {
      readonly type: "numberObject";
      readonly key: string;
      readonly operator: OrderOperator;
      readonly value: number;
    }
  | {
      readonly type: "categoryOptions";
      readonly key: string;
      readonly operator: "any of" | "none of";
      readonly value: readonly string[];
    }
);

export const TEXT_OPERATORS = [
  "=",
  "contains",
  "does not contain",
  "starts with",
  "ends with",
  "matches",
] as const;
export type TextOperator = (typeof TEXT_OPERATORS)[number];

export const ORDER_OPERATORS = ["=", ">", "<", ">=", "<="] as const;
export type OrderOperator = (typeof ORDER_OPERATORS)[number];

/** What a column can be compared with; `list` and `object` are columns of JSON. */
export type ColumnKind = "text" | "number" | "time" | "boolean" | "list" | "object";

export interface FilterColumn {
  readonly kind: ColumnKind;
  /** An expression; of an object, that of the value under a key, which its placeholders stand for. */
  readonly sql: string;
}

export type FilterColumns = Readonly<Record<string, FilterColumn>>;

const KIND_OF_TYPE: Readonly<Record<FilterCondition["type"], ColumnKind | undefined>> = {
  string: "text",
  stringOptions: "text",
  number: "number",
  datetime: "time",
  boolean: "boolean",
  arrayOptions: "list",
  stringObject: "object",
  numberObject: "object",
  categoryOptions: "object",
  null: undefined, // fits all
};

/** Why a condition cannot be asked of these columns; undefined when it can. */
export function filterProblem(
  { type, column }: Pick<FilterCondition, "type" | "column">,
  columns: FilterColumns,
): string | undefined {
  const kind = Object.hasOwn(columns, column) ? columns[column]?.kind : undefined;
  if (kind === undefined) {
    return `Expected one of the columns ${Object.keys(columns).join(", ")}, got ${JSON.stringify(column)}`;
  }
  const expected = KIND_OF_TYPE[type] ?? kind;
  if (expected !== kind || (type === "null" && kind === "object")) {
    return `Expected another type of condition for the column ${column}, got ${type}`;
  }
  return undefined;
}

/** Adds the conditions, which {@link filterProblem} found nothing wrong with. */
export function addFilters(
  conditions: Conditions,
  filters: readonly FilterCondition[],
  columns: FilterColumns,
): void {
  for (const filter of filters) {
    const sql = columns[filter.column]?.sql;
    if (sql === undefined) throw new Error(`Expected a known column, got ${filter.column}`);
    // Each place where the value under a key is taken from asks for the key once.
    const keys =
      "key" in filter
        ? sql
            .split("?")
            .slice(1)
            .map(() => filter.key)
        : [];
    const { term, values } = termOf(filter, sql, keys);
    conditions.add(term, ...values);
  }
}

interface Term {
  readonly term: string;
  readonly values: readonly SqlValue[];
}

function termOf(filter: FilterCondition, sql: string, keys: readonly string[]): Term {
  switch (filter.type) {
    case "string":
    case "stringObject":
      return textTerm(sql, keys, filter.operator, filter.value);
    case "number":
    case "datetime":
    case "numberObject":
      // CAST, since metadata may hold numbers as text.
      return filter.type === "numberObject"
        ? {
            term: `CAST(${sql} AS REAL) ${filter.operator} ?`,
            values: [...keys, filter.value],
          }
        : { term: `${sql} ${filter.operator} ?`, values: [filter.value] };
    case "stringOptions":
    case "categoryOptions": {
      const among = `${sql} IN (${placeholders(filter.value)})`;
      const term = filter.operator === "any of" ? among : `coalesce(NOT (${among}), 1)`;
      return { term, values: [...keys, ...filter.value] };
    }
    case "arrayOptions":
      return listTerm(sql, filter.operator, filter.value);
    case "boolean":
      return { term: `(${sql}) ${filter.operator} ?`, values: [filter.value ? 1 : 0] };
    case "null":
      return { term: `${sql} ${filter.operator === "is null" ? "IS" : "IS NOT"} NULL`, values: [] };
  }
}

function textTerm(
  sql: string,
  keys: readonly string[],
  operator: TextOperator,
  value: string,
): Term {
  switch (operator) {
    case "=":
      return { term: `${sql} = ?`, values: [...keys, value] };
    case "contains":
      return { term: `instr(${sql}, ?) > 0`, values: [...keys, value] };
    case "does not contain":
      return { term: `coalesce(instr(${sql}, ?), 0) = 0`, values: [...keys, value] };
    case "starts with":
      return { term: `substr(${sql}, 1, length(?)) = ?`, values: [...keys, value, value] };
    case "ends with":
      // Without the length, a value of no characters would take the whole text.
      return value === ""
        ? { term: `${sql} IS NOT NULL`, values: keys }
        : { term: `substr(${sql}, -length(?)) = ?`, values: [...keys, value, value] };
    case "matches":
      return { term: `instr(lower(${sql}), lower(?)) > 0`, values: [...keys, value] };
  }
}

function listTerm(
  sql: string,
  operator: "any of" | "none of" | "all of",
  wanted: readonly string[],
): Term {
  // Counted in one expression: SQLite bounds how deep a chain of conditions may go.
  const values = [...new Set(wanted)];
  const found = `(SELECT count(DISTINCT value) FROM json_each(${sql}) WHERE value IN (${placeholders(values)}))`;
  switch (operator) {
    case "any of":
      return { term: `${found} > 0`, values };
    case "none of":
      return { term: `${found} = 0`, values };
    case "all of":
      return { term: `${found} = ${values.length}`, values };
  }
}

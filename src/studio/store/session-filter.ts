import type { SessionSort } from "../api/session-sorts";
import type { SqlValue } from "./open-database";

/** Each has an index of its own, with the id behind it. */
export const SORT_EXPRESSIONS: Readonly<Record<SessionSort, string>> = {
  activity: "end_us",
  start: "start_us",
  duration: "end_us - start_us",
  turns: "trace_count",
  tokens: "total_tokens",
  // A cost that is not known is less than none.
  cost: "ifnull(total_cost, -1)",
  errors: "error_count",
  observations: "observation_count",
  id: "id",
};

export const SCORE_OPERATORS = [">=", "<=", "="] as const;

/** That a session has a score of this name, or that its mean (one of its categories) is as said. */
export interface ScoreCondition {
  readonly name: string;
  readonly comparison?: {
    readonly operator: (typeof SCORE_OPERATORS)[number];
    /** What was asked for as a number (of a BOOLEAN score 1 or 0); undefined for a category. */
    readonly number: number | undefined;
    readonly text: string;
  };
}

/** What sessions a list is about. What is undefined does not narrow it; of a list any will do, and an empty one does not narrow either. */
export interface SessionFilter {
  /** Words that one turn of the session must all hold, with the session's own texts; the last one may go on. */
  readonly search?: string | undefined;
  /** Last activity at or after this, in microseconds. */
  readonly fromUs?: number | undefined;
  /** Last activity before this, in microseconds. */
  readonly toUs?: number | undefined;
  readonly users?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly models?: readonly string[] | undefined;
  readonly environments?: readonly string[] | undefined;
  readonly scores?: readonly ScoreCondition[] | undefined;
  readonly minTurns?: number | undefined;
  /** US dollars. */
  readonly minCost?: number | undefined;
  readonly minTokens?: number | undefined;
  readonly minDurationMs?: number | undefined;
  readonly hasErrors?: boolean | undefined;
  readonly isBookmarked?: boolean | undefined;
}

/** The filters that are lists of values, by the kind they have in `session_values`. */
const VALUE_FILTERS = {
  user: "users",
  tag: "tags",
  model: "models",
  environment: "environments",
} as const satisfies Record<string, keyof SessionFilter>;

/** Sums carry rounding errors below this, in US dollars and in points of a score. */
const TOLERANCE = 1e-9;

/** A condition in SQL over a row of `sessions`, with the values of its placeholders. */
interface Term {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** What the filter, but for its search, says about a row of `sessions`. All terms must hold. */
export function filterTerms(filter: SessionFilter): Term[] {
  const terms: Term[] = [];
  const add = (sql: string, ...values: readonly SqlValue[]): void => {
    terms.push({ sql, values });
  };
  const atLeast = (expression: string, value: number | undefined): void => {
    if (value !== undefined) add(`${expression} >= ?`, value);
  };
  atLeast("end_us", filter.fromUs);
  if (filter.toUs !== undefined) add("end_us < ?", filter.toUs);
  for (const [kind, name] of Object.entries(VALUE_FILTERS)) {
    const values = filter[name] ?? [];
    if (values.length === 0) continue;
    const sql = `seq IN (SELECT session FROM session_values WHERE kind = ? AND value IN (${placeholders(values)}))`;
    add(sql, kind, ...values);
  }
  const { scores = [] } = filter;
  if (scores.length > 0) {
    const conditions = scores.map(scoreTerm);
    const sql = conditions.map((condition) => `(${condition.sql})`).join(" OR ");
    add(
      `id IN (SELECT session_id FROM session_scores WHERE ${sql})`,
      ...conditions.flatMap((condition) => condition.values),
    );
  }
  // The `+` keeps these from their indexes: many sessions pass such a bound, and reading all in the
  // order of the table takes a fifth of the time of looking up most of them one by one.
  atLeast("+trace_count", filter.minTurns);
  atLeast("+total_tokens", filter.minTokens);
  if (filter.minCost !== undefined) add("+total_cost >= ?", filter.minCost - TOLERANCE);
  if (filter.minDurationMs !== undefined) {
    add("+(end_us - start_us) >= ?", filter.minDurationMs * 1_000);
  }
  if (filter.hasErrors !== undefined) add(`+error_count ${filter.hasErrors ? ">" : "="} 0`);
  if (filter.isBookmarked !== undefined) {
    const isIn = filter.isBookmarked ? "IN" : "NOT IN";
    add(`id ${isIn} (SELECT session_id FROM session_bookmarks)`);
  }
  return terms;
}

function scoreTerm({ name, comparison }: ScoreCondition): Term {
  if (comparison === undefined) return { sql: "name = ?", values: [name] };
  const { operator, number, text } = comparison;
  const isNumber = "name = ? AND data_type <> 'CATEGORICAL' AND";
  if (operator !== "=") {
    const slack = operator === ">=" ? -TOLERANCE : TOLERANCE;
    return {
      sql: `${isNumber} total / count ${operator} ?`,
      values: [name, (number ?? Number.NaN) + slack],
    };
  }
  const category = "name = ? AND data_type = 'CATEGORICAL' AND category = ?";
  if (number === undefined) return { sql: category, values: [name, text] };
  return {
    sql: `${isNumber} abs(total / count - ?) <= ${TOLERANCE} OR ${category}`,
    values: [name, number, name, text],
  };
}

function placeholders(values: readonly unknown[]): string {
  return values.map(() => "?").join(", ");
}

/** A condition on the scores of a session: that there is one of this name, or one with such a value. */
export interface ScoreFilter {
  readonly name: string;
  readonly operator: ScoreOperator | null;
  /** As typed; empty without an operator. */
  readonly value: string;
}

export const SCORE_OPERATORS = [">=", "<=", "="] as const;
export type ScoreOperator = (typeof SCORE_OPERATORS)[number];

/**
 * Reads `helpful`, `helpful>=0.8`, `helpful<=0.2`, `verdict=good`: the form of the address and of the
 * API. A comparison that the API would refuse asks for the name alone; null where no name is given.
 */
export function parseScoreFilter(text: string): ScoreFilter | null {
  if (text === "" || SCORE_OPERATORS.some((operator) => text.startsWith(operator))) return null;
  const [, name, operator, value] = /^(.+?)(>=|<=|=)(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) return { name: text, operator: null, value: "" };
  const comparison = { operator: operator as ScoreOperator, value }; // one of the three in the pattern
  return isComparable(comparison) ? { name, ...comparison } : { name, operator: null, value: "" };
}

/** The inverse of {@link parseScoreFilter}; a value that cannot be compared is left out. */
export function scoreFilterText({ name, operator, value }: ScoreFilter): string {
  if (operator === null) return name;
  const comparison = { operator, value: value.trim() };
  return isComparable(comparison) ? `${name}${operator}${comparison.value}` : name;
}

/** Texts are equal or not; only numbers, and true and false as 1 and 0, are larger or smaller. */
function isComparable({ operator, value }: Pick<ScoreFilter, "operator" | "value">): boolean {
  if (operator === "=") return value !== "";
  return /^([+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|true|false)$/i.test(value);
}

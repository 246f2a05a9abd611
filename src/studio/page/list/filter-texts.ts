import { formatCost, formatDuration, formatInteger } from "../../conversation/format";
import {
  type ListState,
  MINIMUM_FILTERS,
  type MinimumFilter,
  type ValueFilter,
} from "./list-state";

export const VALUE_TITLES = {
  user: { title: "User", plural: "users" },
  model: { title: "Model", plural: "models" },
  tag: { title: "Tag", plural: "tags" },
  environment: { title: "Environment", plural: "environments" },
  score: { title: "Score", plural: "scores" },
} as const satisfies Record<ValueFilter, object>;

/** How each lower bound is typed: `perUnit` of the API's unit make one of the field's. */
export const MINIMUM_FIELDS = {
  minTurns: { title: "Turns, at least", unit: "", step: "1", perUnit: 1 },
  minTokens: { title: "Tokens, at least", unit: "", step: "1", perUnit: 1 },
  minCost: { title: "Cost, at least", unit: "$", step: "any", perUnit: 1 },
  minDurationMs: { title: "Duration, at least", unit: "s", step: "any", perUnit: 1_000 },
} as const satisfies Record<MinimumFilter, object>;

/** What a filter is set to: `alice`, `alice +2`; null when nothing is chosen. */
export function valuesSummary(values: readonly string[]): string | null {
  const [first] = values;
  if (first === undefined) return null;
  return values.length === 1 ? first : `${first} +${values.length - 1}`;
}

/** `≥ 3 turns, ≥ $0.10`; null when there is no lower bound. */
export function minimaSummary(minima: ListState["minima"]): string | null {
  const said = MINIMUM_FILTERS.flatMap((name) => {
    const minimum = minima[name];
    return minimum === null ? [] : [`≥ ${minimumText(name, minimum)}`];
  });
  return said.length === 0 ? null : said.join(", ");
}

function minimumText(name: MinimumFilter, minimum: number): string {
  switch (name) {
    case "minTurns":
      return minimum === 1 ? "1 turn" : `${formatInteger(minimum)} turns`;
    case "minTokens":
      return `${formatInteger(minimum)} tokens`;
    case "minCost":
      return formatCost(minimum);
    case "minDurationMs":
      return formatDuration(minimum);
  }
}

export function errorsSummary(hasErrors: boolean | null): string | null {
  return hasErrors === null ? null : hasErrors ? "with" : "without";
}

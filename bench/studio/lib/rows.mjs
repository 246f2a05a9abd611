/** Lines of the table that `npm run bench:studio` prints, each with what it was held against. */

import { readFileSync } from "node:fs";
import { spread } from "../../lib/statistics.mjs";

const budgets = JSON.parse(readFileSync(new URL("../budgets.json", import.meta.url), "utf8"));

/**
 * How long something took, each time.
 * @param kind - has the budgets `<kind> p50` and `<kind> p95`
 * @param processorMs - time on a core, per request
 */
export function timesRow(kind, what, times, processorMs) {
  const name = what === undefined ? kind : `${kind}: ${what}`;
  const figures = { ...spread(times), p95: percentile(times, 0.95) };
  const [half, most] = [budgets[`${kind} p50`], budgets[`${kind} p95`]];
  const isMet = isWithin(half, figures.median) && isWithin(most, figures.p95);
  return { name, unit: "ms", ...figures, processorMs, budget: most ?? half, isMet };
}

/** A figure that was measured several times: its median counts. */
export function figureRow(name, unit, values) {
  const budget = budgets[name];
  const figures = spread(values);
  return { name, unit, ...figures, budget, isMet: isWithin(budget, figures.median) };
}

export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** As Markdown. */
export function tableOf(rows) {
  const lines = [
    ["measure", "unit", "budget", "median (lowest to highest)", "p95", "processor, ms", ""],
    ["---", "---", "---:", "---:", "---:", "---:", "---"],
    ...rows.map(({ name, unit, budget, median, low, high, p95, processorMs, isMet }) => [
      name,
      unit,
      formatBudget(budget),
      low === high ? format(median) : `${format(median)} (${format(low)} to ${format(high)})`,
      format(p95),
      format(processorMs),
      budget === undefined ? "" : isMet ? "met" : "**beyond**",
    ]),
  ];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function isWithin({ atLeast = -Infinity, atMost = Infinity } = {}, value) {
  return value >= atLeast && value <= atMost;
}

function formatBudget({ atLeast, atMost } = {}) {
  if (atLeast !== undefined) return `≥ ${format(atLeast)}`;
  return atMost === undefined ? "" : `≤ ${format(atMost)}`;
}

function format(value) {
  if (value === undefined) return "";
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : String(+value.toPrecision(2));
}

import { formatScore } from "../../conversation/format";
import type { ScoreConfig } from "./score-config";

export const TYPE_TEXTS = {
  NUMERIC: "Number",
  CATEGORICAL: "Category",
  BOOLEAN: "Yes or no",
  TEXT: "Text",
} as const;

/** Longest value of a text score, in characters. */
export const MAX_TEXT_LENGTH = 500;

type Values = Pick<ScoreConfig, "dataType" | "minValue" | "maxValue" | "categories">;

/** Which values scores of a configuration may have: `0 to 1`, `good, bad`, `up to 500 characters`. */
export function valuesText({ dataType, minValue, maxValue, categories }: Values): string {
  switch (dataType) {
    case "NUMERIC":
      if (minValue !== null && maxValue !== null) {
        return `${formatScore(minValue)} to ${formatScore(maxValue)}`;
      }
      if (minValue !== null) return `from ${formatScore(minValue)}`;
      return maxValue === null ? "any number" : `up to ${formatScore(maxValue)}`;
    case "CATEGORICAL":
      return (categories ?? []).map(({ label }) => label).join(", ");
    case "BOOLEAN":
      return "true or false";
    case "TEXT":
      return `up to ${MAX_TEXT_LENGTH} characters`;
  }
}

import type { ScoreRecord } from "../store/records";
import type { ScoreConfigRecord } from "../store/score-config-store";

/** What is known when a score comes. */
export interface KnownScores {
  configOf(id: string): ScoreConfigRecord | undefined;
  /** Whether a score must have a known config and fit it; else it is taken as it is. */
  readonly isBinding: boolean;
  /** The one that a score of this id replaces. */
  scoreOf(id: string): ScoreRecord | undefined;
}

/** Categories that a message lists. */
const MAX_LISTED = 20;

/**
 * What a score must be by its config, as `[field, message]`. An archived config takes no new scores; one
 * that it has already may be sent again, and changed.
 */
export function* scoreConfigIssues(
  score: ScoreRecord,
  config: ScoreConfigRecord,
  before: ScoreRecord | undefined,
): Generator<[string, string]> {
  if (config.isArchived && before?.configId !== config.id) {
    yield [
      "configId",
      "Expected a score config that is in use, got an archived one: restore it first",
    ];
  }
  if (score.name !== config.name) {
    yield ["name", `Expected ${JSON.stringify(config.name)}, the name that the score config gives`];
  }
  if (score.dataType !== config.dataType) {
    yield [
      "dataType",
      `Expected ${config.dataType}, as in the score config, got ${score.dataType}`,
    ];
    return;
  }
  if (score.dataType === "NUMERIC") {
    const { minValue, maxValue } = config;
    const isBelow = minValue !== null && score.value < minValue;
    const isAbove = maxValue !== null && score.value > maxValue;
    if (isBelow || isAbove) yield ["value", `Expected ${rangeText(config)}, got ${score.value}`];
  } else if (score.dataType === "CATEGORICAL" && categoryOf(score, config) === undefined) {
    const labels = (config.categories ?? []).map(({ label }) => JSON.stringify(label));
    const more = labels.length > MAX_LISTED ? `, and ${labels.length - MAX_LISTED} more` : "";
    const listed = labels.slice(0, MAX_LISTED).join(", ");
    yield ["value", `Expected a category of the score config: ${listed}${more}`];
  }
}

/**
 * What is wrong with a score whose config is not known, as `[field, message]`. One that has it already,
 * as it came from another place, may be sent again.
 */
export function* unknownConfigIssues(
  { id, configId }: ScoreRecord,
  { scoreOf }: KnownScores,
): Generator<[string, string]> {
  if (configId === null || scoreOf(id)?.configId === configId) return;
  yield ["configId", "Expected the id of a score config, got one that no score config has"];
}

/** A CATEGORICAL score with the number that its config gives to the category, if there is one. */
export function withConfigValue(score: ScoreRecord, config: ScoreConfigRecord): ScoreRecord {
  if (score.dataType !== "CATEGORICAL") return score;
  const category = categoryOf(score, config);
  return category === undefined ? score : { ...score, value: category.value };
}

function categoryOf(
  { stringValue }: ScoreRecord,
  { categories }: ScoreConfigRecord,
): { readonly value: number } | undefined {
  return categories?.find(({ label }) => label === stringValue);
}

function rangeText({ minValue, maxValue }: ScoreConfigRecord): string {
  if (minValue === null) return `a number up to ${maxValue}`;
  return maxValue === null
    ? `a number from ${minValue} on`
    : `a number from ${minValue} to ${maxValue}`;
}

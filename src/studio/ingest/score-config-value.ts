import type { ScoreRecord } from "../store/records";
import type { ScoreConfigStore } from "../store/score-config-store";

/** A CATEGORICAL score with the number that its config gives to the category, if there is one. */
export function withConfigValue(score: ScoreRecord, configs: ScoreConfigStore): ScoreRecord {
  if (score.configId === null || score.dataType !== "CATEGORICAL") return score;
  const categories = configs.get(score.configId)?.categories ?? [];
  const category = categories.find(({ label }) => label === score.stringValue);
  return category === undefined ? score : { ...score, value: category.value };
}

import type { JSX } from "preact";
import { useId } from "preact/hooks";
import type { ScoreView } from "../../api/types";
import type { ScoreConfig } from "../score-configs/score-config";
import { MAX_TEXT_LENGTH } from "../score-configs/score-config-text";

/** Longest list of categories that digits choose from. */
const DIGITS = 9;

/** What there is to choose from: labels, which are the values as they are kept in the form. */
export function choicesOf({ dataType, categories }: ScoreConfig): readonly string[] {
  if (dataType === "BOOLEAN") return ["true", "false"];
  return dataType === "CATEGORICAL" ? (categories ?? []).map(({ label }) => label) : [];
}

/** As the form keeps it. */
export function textOfScore(score: ScoreView | undefined): string {
  return score === undefined ? "" : String(score.value);
}

/** How many characters a value has too many. */
export function excessOf(text: string, { dataType }: ScoreConfig): number {
  return dataType === "TEXT" ? Math.max(0, text.length - MAX_TEXT_LENGTH) : 0;
}

/** As the API takes it. */
export function valueOfText(text: string, { dataType }: ScoreConfig): number | string {
  if (dataType === "BOOLEAN") return text === "true" ? 1 : 0;
  return dataType === "NUMERIC" ? Number(text) : text;
}

export interface ScoreValueProps {
  readonly config: ScoreConfig;
  /** Empty for none. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** The field for a value, as its configuration has it. */
export function ScoreValue({ config, value, onChange }: ScoreValueProps): JSX.Element {
  const group = useId();
  const { name, dataType, minValue, maxValue } = config;
  switch (dataType) {
    case "NUMERIC":
      return (
        <input
          class="score-number field"
          type="number"
          step="any"
          min={minValue ?? undefined}
          max={maxValue ?? undefined}
          aria-label={name}
          value={value}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "TEXT":
      return (
        <textarea
          class="score-text field"
          rows={2}
          aria-invalid={excessOf(value, config) > 0}
          aria-label={name}
          value={value}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      );
    default:
      return (
        <span class="score-choices" role="radiogroup" aria-label={name}>
          {choicesOf(config).map((choice, index) => (
            <label key={choice} class="score-choice">
              <input
                type="radio"
                name={group}
                checked={choice === value}
                onChange={() => onChange(choice)}
              />
              {index < DIGITS && (
                <span class="score-digit" aria-hidden="true">
                  {index + 1}
                </span>
              )}
              <span dir="auto">{choice}</span>
            </label>
          ))}
        </span>
      );
  }
}

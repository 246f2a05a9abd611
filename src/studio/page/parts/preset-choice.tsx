import type { JSX } from "preact";
import { REDACT_PRESETS, type RedactPreset } from "../../../config/redact-rules";
import { PRESET_TEXTS } from "./preset-texts";

export interface PresetChoiceProps {
  readonly chosen: readonly RedactPreset[];
  readonly onChange: (chosen: readonly RedactPreset[]) => void;
}

/** What is taken out of every text that leaves, to be ticked. */
export function PresetChoice({ chosen, onChange }: PresetChoiceProps): JSX.Element {
  return (
    <fieldset class="preset-choice">
      <legend>Taken out of every text</legend>
      {REDACT_PRESETS.map((preset) => (
        <label key={preset}>
          <input
            type="checkbox"
            checked={chosen.includes(preset)}
            onChange={({ currentTarget: { checked } }) =>
              onChange(
                REDACT_PRESETS.filter((one) => (one === preset ? checked : chosen.includes(one))),
              )
            }
          />
          {PRESET_TEXTS[preset]}
        </label>
      ))}
    </fieldset>
  );
}

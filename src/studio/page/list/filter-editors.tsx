import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { useFacet } from "./facets";
import { MINIMUM_FIELDS, VALUE_TITLES } from "./filter-texts";
import {
  type ListState,
  MINIMUM_FILTERS,
  type MinimumFilter,
  type ValueFilter,
} from "./list-state";
import { ValueOptions } from "./value-options";

export interface EditorProps {
  readonly state: ListState;
  readonly onChange: (state: ListState) => void;
}

/** Sets one of the filters that take any of several values. */
export function ValueEditor({
  filter,
  state,
  onChange,
}: EditorProps & { filter: ValueFilter }): JSX.Element {
  return (
    <ValueOptions
      plural={VALUE_TITLES[filter].plural}
      options={useFacet(state, filter)}
      selected={state.values[filter]}
      onChange={(selected) =>
        onChange({ ...state, values: { ...state.values, [filter]: selected } })
      }
    />
  );
}

/** Sets the lower bounds. */
export function MinimumEditor({ state, onChange }: EditorProps): JSX.Element {
  const set = (name: MinimumFilter, value: number | null): void =>
    onChange({ ...state, minima: { ...state.minima, [name]: value } });
  return (
    <div class="fields">
      {MINIMUM_FILTERS.map((name) => (
        <MinimumField
          key={name}
          name={name}
          value={state.minima[name]}
          onChange={(value) => set(name, value)}
        />
      ))}
    </div>
  );
}

interface MinimumFieldProps {
  readonly name: MinimumFilter;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

function MinimumField({ name, value, onChange }: MinimumFieldProps): JSX.Element {
  const id = useId();
  const { title, unit, step, perUnit } = MINIMUM_FIELDS[name];
  return (
    <>
      <label for={id}>{title}</label>
      <span class="field-with-unit">
        <input
          id={id}
          type="number"
          class="field"
          min="0"
          step={step}
          placeholder="any"
          value={value === null ? "" : String(value / perUnit)}
          onChange={(event) => {
            const typed = event.currentTarget.valueAsNumber;
            onChange(typed > 0 ? typed * perUnit : null); // NaN where nothing is typed
          }}
        />
        <span class="field-unit">{unit}</span>
      </span>
    </>
  );
}

const CHOICES = [
  { value: null, label: "All sessions" },
  { value: true, label: "With errors" },
  { value: false, label: "Without errors" },
] as const;

/** Sets whether sessions with errors show, or those without. */
export function ErrorEditor({ state, onChange }: EditorProps): JSX.Element {
  const name = useId();
  return (
    <ul class="options">
      {CHOICES.map(({ value, label }) => (
        <li key={label}>
          <label class="option">
            <input
              type="radio"
              name={name}
              checked={state.hasErrors === value}
              onChange={() => onChange({ ...state, hasErrors: value })}
            />
            <span class="option-text">{label}</span>
          </label>
        </li>
      ))}
    </ul>
  );
}

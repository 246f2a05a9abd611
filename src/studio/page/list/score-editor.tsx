import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useFacet } from "./facets";
import type { EditorProps } from "./filter-editors";
import {
  parseScoreFilter,
  SCORE_OPERATORS,
  type ScoreFilter,
  type ScoreOperator,
  scoreFilterText,
} from "./score-filter";
import { ValueOptions } from "./value-options";

/** Sets which scores a session must have one of, and from which value on. */
export function ScoreEditor({ state, onChange }: EditorProps): JSX.Element {
  const facet = useFacet(state, "score");
  const filters = state.values.score.flatMap((text) => parseScoreFilter(text) ?? []);
  const set = (next: readonly ScoreFilter[]): void =>
    onChange({ ...state, values: { ...state.values, score: next.map(scoreFilterText) } });
  return (
    <>
      <ValueOptions
        plural="scores"
        options={facet}
        selected={filters.map(({ name }) => name)}
        onChange={(names) =>
          set(
            names.map(
              (name) =>
                filters.find((one) => one.name === name) ?? { name, operator: null, value: "" },
            ),
          )
        }
      />
      {filters.map((filter, at) => (
        <ScoreValue
          key={`${filter.name} ${at}`}
          filter={filter}
          onChange={(changed) => set(filters.with(at, changed))}
        />
      ))}
    </>
  );
}

interface ScoreValueProps {
  readonly filter: ScoreFilter;
  readonly onChange: (filter: ScoreFilter) => void;
}

function ScoreValue({ filter, onChange }: ScoreValueProps): JSX.Element {
  const { name, value } = filter;
  // Kept here too: as long as there is no value, the filter has no operator.
  const [operator, setOperator] = useState(filter.operator ?? ">=");
  return (
    <div class="score-value">
      <span class="score-value-name" dir="auto" title={name}>
        {name}
      </span>
      <select
        class="field"
        aria-label={`How ${name} compares`}
        value={operator}
        onChange={(event) => {
          const chosen = event.currentTarget.value as ScoreOperator; // one of the options below
          setOperator(chosen);
          onChange({ name, operator: chosen, value });
        }}
      >
        {SCORE_OPERATORS.map((one) => (
          <option key={one} value={one}>
            {OPERATOR_SIGNS[one]}
          </option>
        ))}
      </select>
      <input
        class="field"
        aria-label={`Value of ${name}`}
        placeholder="any"
        value={value}
        onChange={(event) => onChange({ name, operator, value: event.currentTarget.value })}
      />
    </div>
  );
}

const OPERATOR_SIGNS = { ">=": "≥", "<=": "≤", "=": "=" } as const;

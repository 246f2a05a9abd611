import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { FacetValue } from "../../api/types";
import { formatInteger } from "../../conversation/format";

export interface ValueOptionsProps {
  /** What the values are, for the search among them: `users`. */
  readonly plural: string;
  /** Null until they are known. */
  readonly options: readonly FacetValue[] | null;
  readonly selected: readonly string[];
  readonly onChange: (selected: readonly string[]) => void;
}

/** With more values than this there is a field to search among them. */
const SEARCHABLE_COUNT = 8;
const MAX_SHOWN = 100;

/** Values to tick, each with the number of sessions it stands on; those chosen come first. */
export function ValueOptions({
  plural,
  options,
  selected,
  onChange,
}: ValueOptionsProps): JSX.Element {
  const [search, setSearch] = useState("");
  // As it was when the panel opened: ticking a value must not move it.
  const [leading] = useState(selected);
  if (options === null && leading.length === 0) return <p class="menu-note">Loading…</p>;

  const values = inOrder(options ?? [], leading);
  const needle = search.trim().toLowerCase();
  const found = values.filter(({ value }) => value.toLowerCase().includes(needle));
  const toggle = (value: string): void =>
    onChange(
      selected.includes(value) ? selected.filter((one) => one !== value) : [...selected, value],
    );
  return (
    <>
      {values.length > SEARCHABLE_COUNT && (
        <input
          type="search"
          class="field"
          placeholder={`Find among ${formatInteger(values.length)} ${plural}`}
          aria-label={`Find among the ${plural}`}
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {found.length === 0 && (
        <p class="menu-note">{values.length === 0 ? `No ${plural} here` : "Nothing found"}</p>
      )}
      <ul class="options">
        {found.slice(0, MAX_SHOWN).map(({ value, count }) => (
          <li key={value}>
            <label class="option">
              <input
                type="checkbox"
                checked={selected.includes(value)}
                onChange={() => toggle(value)}
              />
              <span class="option-text" dir="auto" title={value}>
                {value}
              </span>
              <span class="option-count">{count === null ? "" : formatInteger(count)}</span>
            </label>
          </li>
        ))}
      </ul>
      {found.length > MAX_SHOWN && (
        <p class="menu-note">{formatInteger(found.length - MAX_SHOWN)} more: search for them</p>
      )}
    </>
  );
}

interface CountedValue {
  readonly value: string;
  /** Null where no session of the list has it. */
  readonly count: number | null;
}

function inOrder(
  options: readonly FacetValue[],
  leading: readonly string[],
): readonly CountedValue[] {
  const counts = new Map(options.map(({ value, count }) => [value, count]));
  return [
    ...leading.map((value) => ({ value, count: counts.get(value) ?? null })),
    ...options.filter(({ value }) => !leading.includes(value)),
  ];
}

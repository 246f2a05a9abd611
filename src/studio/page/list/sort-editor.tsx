import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { SESSION_SORTS, type SessionSort } from "../../api/session-sorts";
import type { EditorProps } from "./filter-editors";
import { SortIcon } from "./list-icons";
import { sortedBy } from "./list-state";

const SORT_TITLES = {
  activity: "Last activity",
  start: "Started",
  duration: "Duration",
  turns: "Turns",
  tokens: "Tokens",
  cost: "Cost",
  errors: "Errors",
  observations: "Steps",
  id: "Session id",
} as const satisfies Record<SessionSort, string>;

/** Sets the order where there are no column heads to click. */
export function SortEditor({ state, onChange }: EditorProps): JSX.Element {
  const id = useId();
  return (
    <div class="sort-editor">
      <label for={id}>Sort by</label>
      <select
        id={id}
        class="field"
        value={state.sort}
        onChange={(event) => {
          const sort = event.currentTarget.value as SessionSort; // one of the options below
          onChange(sortedBy(state, sort));
        }}
      >
        {SESSION_SORTS.map((key) => (
          <option key={key} value={key}>
            {SORT_TITLES[key]}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="icon-button"
        aria-label={state.order === "desc" ? "Largest first" : "Smallest first"}
        title={state.order === "desc" ? "Largest first" : "Smallest first"}
        onClick={() => onChange(sortedBy(state, state.sort))}
      >
        <SortIcon order={state.order} />
      </button>
    </div>
  );
}

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { formatInteger } from "../../conversation/format";
import { Fold } from "../parts/fold";
import { type EditorProps, ErrorEditor, MinimumEditor, ValueEditor } from "./filter-editors";
import { FilterMenu } from "./filter-menu";
import { errorsSummary, minimaSummary, VALUE_TITLES, valuesSummary } from "./filter-texts";
import { FilterIcon, StarIcon } from "./list-icons";
import { activeFilterCount, DEFAULT_STATE, type ListState, withoutFilters } from "./list-state";
import { ScoreEditor } from "./score-editor";
import { SortEditor } from "./sort-editor";
import { TimeEditor } from "./time-editor";
import { timeRangeLabel } from "./time-range";

interface Filter {
  readonly title: string;
  readonly summary: (state: ListState) => string | null;
  readonly cleared: (state: ListState) => ListState;
  readonly Editor: (props: EditorProps) => JSX.Element;
}

const FILTERS: readonly Filter[] = [
  {
    title: "Time",
    summary: ({ time }) => timeRangeLabel(time),
    cleared: (state) => ({ ...state, time: DEFAULT_STATE.time }),
    Editor: TimeEditor,
  },
  valueFilter("user"),
  valueFilter("model"),
  valueFilter("tag"),
  valueFilter("environment"),
  { ...valueFilter("score"), Editor: ScoreEditor },
  {
    title: "Size",
    summary: ({ minima }) => minimaSummary(minima),
    cleared: (state) => ({ ...state, minima: DEFAULT_STATE.minima }),
    Editor: MinimumEditor,
  },
  {
    title: "Errors",
    summary: ({ hasErrors }) => errorsSummary(hasErrors),
    cleared: (state) => ({ ...state, hasErrors: null }),
    Editor: ErrorEditor,
  },
];

function valueFilter(filter: keyof typeof VALUE_TITLES): Filter {
  return {
    title: VALUE_TITLES[filter].title,
    summary: ({ values }) => valuesSummary(values[filter]),
    cleared: (state) => ({ ...state, values: { ...state.values, [filter]: [] } }),
    Editor: (props) => <ValueEditor filter={filter} {...props} />,
  };
}

/** One chip per filter, each with its panel, in a row. */
export function FilterBar({ state, onChange }: EditorProps): JSX.Element {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend that shows
    <div class="filters" role="group" aria-label="Filters">
      {FILTERS.map(({ title, summary, cleared, Editor }) => (
        <FilterMenu
          key={title}
          label={title}
          summary={summary(state)}
          onClear={() => onChange(cleared(state))}
        >
          <Editor state={state} onChange={onChange} />
        </FilterMenu>
      ))}
      <BookmarkChip state={state} onChange={onChange} />
      <ClearAll state={state} onChange={onChange} />
    </div>
  );
}

/** The same filters, and the order, for a narrow window: one button, and a sheet from below. */
export function FilterSheet(props: EditorProps & { resultCount: number }): JSX.Element {
  const { state, onChange, resultCount } = props;
  const sheet = useRef<HTMLDialogElement>(null);
  const count = activeFilterCount(state);
  return (
    <>
      <button
        type="button"
        class="chip chip-button sheet-button"
        data-active={count > 0 ? "" : undefined}
        aria-haspopup="dialog"
        onClick={() => sheet.current?.showModal()}
      >
        <FilterIcon />
        Filters
        {count > 0 && <span class="chip-value">{count}</span>}
      </button>
      <dialog ref={sheet} class="sheet" aria-labelledby="sheet-title">
        <div class="sheet-head">
          <h2 id="sheet-title">Filters</h2>
          <ClearAll state={state} onChange={onChange} />
        </div>
        <div class="sheet-body">
          <SortEditor state={state} onChange={onChange} />
          <BookmarkChip state={state} onChange={onChange} />
          {FILTERS.map(({ title, summary, Editor }) => (
            <section key={title} class="sheet-section">
              <Fold label={[title, summary(state)].filter(Boolean).join(": ")}>
                <Editor state={state} onChange={onChange} />
              </Fold>
            </section>
          ))}
        </div>
        <button type="button" class="button sheet-done" onClick={() => sheet.current?.close()}>
          {resultCount === 1 ? "Show 1 session" : `Show ${formatInteger(resultCount)} sessions`}
        </button>
      </dialog>
    </>
  );
}

function BookmarkChip({ state, onChange }: EditorProps): JSX.Element {
  const isOn = state.isBookmarked === true;
  return (
    <span class="chip" data-active={isOn ? "" : undefined}>
      <button
        type="button"
        class="chip-button"
        aria-pressed={isOn}
        onClick={() => onChange({ ...state, isBookmarked: isOn ? null : true })}
      >
        <StarIcon />
        Bookmarked
      </button>
    </span>
  );
}

function ClearAll({ state, onChange }: EditorProps): JSX.Element | null {
  if (activeFilterCount(state) === 0) return null;
  return (
    <button type="button" class="text-button" onClick={() => onChange(withoutFilters(state))}>
      Clear all
    </button>
  );
}

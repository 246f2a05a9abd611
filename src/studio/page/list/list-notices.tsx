import type { JSX } from "preact";
import { activeFilterCount, type ListState } from "./list-state";

/** Stands in for rows that are being read for the first time; appears only after a moment. */
export function ListSkeleton(): JSX.Element {
  return (
    <div class="skeleton" role="status" aria-label="Loading the sessions">
      {Array.from({ length: 9 }, (_, index) => (
        <div key={index} class="skeleton-row" aria-hidden="true">
          <span />
          <span />
          <span />
        </div>
      ))}
    </div>
  );
}

export interface NoResultsProps {
  readonly state: ListState;
  readonly onClearFilters: () => void;
  readonly onClearSearch: () => void;
}

/** In place of the rows when nothing matches: what was asked for, and the ways out. */
export function NoResults({ state, onClearFilters, onClearSearch }: NoResultsProps): JSX.Element {
  const hasFilters = activeFilterCount(state) > 0;
  return (
    <div class="no-results" data-testid="no-results">
      <h2>
        {state.q === "" ? (
          "No session matches these filters"
        ) : (
          <>
            Nothing found for “<bdi>{state.q}</bdi>”
          </>
        )}
      </h2>
      <p>
        {state.q === ""
          ? "Sessions that arrive later and match them appear here."
          : hasFilters
            ? "Searched in the sessions that match the filters."
            : "Searched in ids, users, tags, models and everything that was said."}
      </p>
      <div class="no-results-actions">
        {hasFilters && (
          <button type="button" class="button" onClick={onClearFilters}>
            Clear filters
          </button>
        )}
        {state.q !== "" && (
          <button type="button" class="button" onClick={onClearSearch}>
            Clear the search
          </button>
        )}
      </div>
    </div>
  );
}

/** At the end of the rows read so far: that more come, or that they did not. */
export function ListEnd(props: {
  isLoadingMore: boolean;
  hasMore: boolean;
  hasFailed: boolean;
  onRetry: () => void;
}): JSX.Element | null {
  if (!props.hasMore) return null;
  return (
    <p class="list-more">
      {props.hasFailed && !props.isLoadingMore ? (
        <button type="button" class="button" onClick={props.onRetry}>
          Load more
        </button>
      ) : (
        "Loading…"
      )}
    </p>
  );
}

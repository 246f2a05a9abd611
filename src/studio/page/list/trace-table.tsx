import type { ComponentChildren, JSX } from "preact";
import type { Pages } from "../pages";

export interface TraceTableProps {
  readonly pages: Pick<Pages<unknown>, "hasMore" | "isLoadingMore" | "loadMore">;
  readonly children: ComponentChildren;
}

/**
 * The column heads are for the eye; each cell says what it is to a screen reader, so that the rows
 * can be plain links in a list.
 */
export function TraceTable({ pages, children }: TraceTableProps): JSX.Element {
  return (
    <>
      <div class="row row-head" aria-hidden="true">
        <span class="cell-title">Trace</span>
        <span class="cell-models">Models</span>
        <span class="cell-turns">Steps</span>
        <span class="cell-duration">Duration</span>
        <span class="cell-tokens">Tokens</span>
        <span class="cell-cost">Cost</span>
        <span class="cell-started">Started</span>
      </div>
      <ul class="rows">{children}</ul>
      {pages.hasMore && (
        <p class="list-more">
          <button
            type="button"
            class="button"
            disabled={pages.isLoadingMore}
            onClick={pages.loadMore}
          >
            {pages.isLoadingMore ? "Loading…" : "Load more"}
          </button>
        </p>
      )}
    </>
  );
}

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { SessionSort } from "../../api/session-sorts";
import type { SessionSummary } from "../../api/types";
import { useNow } from "../clock";
import type { Pages } from "../pages";
import { type Column, gridTemplate } from "./columns";
import { SortIcon } from "./list-icons";
import type { ListState } from "./list-state";
import type { RowWindow } from "./row-window";
import { SessionRow } from "./session-row";
import type { Bookmarks } from "./use-bookmarks";
import { useRowWindow } from "./use-row-window";

export interface SessionTableProps {
  readonly sessions: Pages<SessionSummary>;
  readonly state: ListState;
  readonly columns: readonly Column[];
  readonly isNarrow: boolean;
  readonly bookmarks: Bookmarks;
  readonly onSort: (sort: SessionSort) => void;
  /** Whether the pointer or the focus is on the rows. */
  readonly onAttention: (isOnRows: boolean) => void;
}

/** Height of a row in CSS pixels, its line included; a search adds the line that tells where it was found. */
function rowHeightOf({ isNarrow, state }: SessionTableProps): number {
  return (isNarrow ? 61 : 53) + (state.q === "" ? 0 : 20);
}

/** Fewer rows than this below what is drawn: the next page is asked for. */
const LOAD_AHEAD_ROWS = 60;

/** The row that last had the focus, so that coming back from a session finds it drawn. */
let lastFocusedId: string | null = null;

export function SessionTable(props: SessionTableProps): JSX.Element {
  const { sessions, columns, isNarrow, bookmarks, state } = props;
  const items = sessions.items ?? [];
  const rows = useRef<HTMLDivElement>(null);
  const rowHeight = rowHeightOf(props);
  const drawn = useRowWindow(rows, items.length, rowHeight);
  const nowMs = useNow();
  const [focusedId, setFocusedId] = useState(lastFocusedId);

  const { hasMore, isLoadingMore, error, isOutdated, loadMore } = sessions;
  const isNearEnd = items.length - drawn.end < LOAD_AHEAD_ROWS;
  useEffect(() => {
    if (isNearEnd && hasMore && !isLoadingMore && error === null && !isOutdated) loadMore();
  }, [isNearEnd, hasMore, isLoadingMore, error, isOutdated, loadMore, items.length]);

  const focusedIndex = items.findIndex(({ id }) => id === focusedId);
  const row = (index: number): JSX.Element | null => {
    const session = items[index];
    if (session === undefined) return null;
    return (
      <SessionRow
        key={session.id}
        session={session}
        isBookmarked={bookmarks.isBookmarked(session)}
        onBookmark={bookmarks.toggle}
        columns={columns}
        isNarrow={isNarrow}
        search={state.q}
        nowMs={nowMs}
        index={index}
        top={index * rowHeight}
      />
    );
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table element cannot leave out rows
    <div
      role="table"
      class="sessions"
      aria-label="Sessions"
      aria-rowcount={hasMore ? -1 : items.length + 1}
      data-narrow={isNarrow ? "" : undefined}
      data-search={state.q === "" ? undefined : ""}
      data-outdated={isOutdated ? "" : undefined}
      style={{ "--columns": gridTemplate(columns) }}
    >
      {!isNarrow && <Head {...props} />}
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div
        ref={rows}
        role="rowgroup"
        class="session-rows"
        style={{ height: `${items.length * rowHeight - 1}px` }} // without the line below the last row
        onPointerEnter={(event) => props.onAttention(event.pointerType === "mouse")}
        onPointerLeave={() => props.onAttention(rows.current?.matches(":focus-within") ?? false)}
        onFocusIn={(event) => {
          const { target } = event;
          const focused = target instanceof Element ? target.closest("[data-session-id]") : null;
          lastFocusedId = focused?.getAttribute("data-session-id") ?? null; // at once: a click may leave
          setFocusedId(lastFocusedId);
          props.onAttention(true);
        }}
        onFocusOut={() => props.onAttention(rows.current?.matches(":hover") ?? false)}
      >
        {indexesOf(drawn, focusedIndex).map(row)}
      </div>
    </div>
  );
}

/** The indexes of a window, and of the row with the focus wherever it is; -1 where none has it. */
function indexesOf({ first, end }: RowWindow, focusedIndex: number): readonly number[] {
  const indexes = Array.from({ length: end - first }, (_, offset) => first + offset);
  if (focusedIndex >= end) return [...indexes, focusedIndex];
  // In one list with the others: in a place of its own it would be drawn anew, and lose the focus.
  return focusedIndex >= 0 && focusedIndex < first ? [focusedIndex, ...indexes] : indexes;
}

function Head({ columns, state, onSort }: SessionTableProps): JSX.Element {
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    <div role="rowgroup" class="session-head">
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
      <div role="row" aria-rowindex={1}>
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
        <div role="columnheader">
          <span class="visually-hidden">Bookmark</span>
        </div>
        <HeadCell title="Session" sort="id" state={state} onSort={onSort} isText />
        {columns.map(({ id, title, sort }) => (
          <HeadCell
            key={id}
            title={title}
            sort={sort}
            state={state}
            onSort={onSort}
            isText={id === "models" || id === "labels"}
          />
        ))}
      </div>
    </div>
  );
}

interface HeadCellProps {
  readonly title: string;
  readonly sort: SessionSort | null;
  readonly state: ListState;
  readonly onSort: (sort: SessionSort) => void;
  readonly isText: boolean;
}

function HeadCell({ title, sort, state, onSort, isText }: HeadCellProps): JSX.Element {
  const isSorted = state.sort === sort;
  const direction = state.order === "asc" ? "ascending" : "descending";
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    // biome-ignore lint/a11y/useFocusableInteractive: the button in it takes the focus
    <div
      role="columnheader"
      class={isText ? "head-text" : "head-figure"}
      aria-sort={sort === null ? undefined : isSorted ? direction : "none"}
    >
      {sort === null ? (
        title
      ) : (
        <button type="button" class="head-button" onClick={() => onSort(sort)}>
          {title}
          {isSorted && <SortIcon order={state.order} />}
        </button>
      )}
    </div>
  );
}

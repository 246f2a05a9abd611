import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { SessionSummary, TraceList } from "../../api/types";
import { formatInteger } from "../../conversation/format";
import { compareSession } from "../compare/compare-session";
import { ImportSessions } from "../import/import-sessions";
import { moveToStop, useKeys } from "../keyboard";
import { Link } from "../link";
import { NARROW_WIDTH } from "../media-query";
import { changeSearch, useArrival, useSearch } from "../navigation";
import { type Pages, usePages } from "../pages";
import { Notice, StaleBanner } from "../parts/notice";
import { useResource } from "../resource";
import { fittingColumns } from "./columns";
import { ColumnsMenu, useColumns } from "./columns-menu";
import { FilterBar, FilterSheet } from "./filter-bar";
import { ListEnd, ListSkeleton, NoResults } from "./list-notices";
import {
  DEFAULT_STATE,
  type ListState,
  listQuery,
  listSearch,
  parseListState,
  sortedBy,
  withoutFilters,
} from "./list-state";
import { SearchBox } from "./search-box";
import { SessionTable } from "./session-table";
import { SetupGuide } from "./setup-guide";
import { useBookmarks } from "./use-bookmarks";
import { useWindowWidth } from "./use-window-width";

const API_PATH = "/api/studio/sessions";

/** Scrolled further than this, rows that come in above would move what is read. In CSS pixels. */
const TOP_DISTANCE = 8;

export function SessionList(): JSX.Element {
  const address = useSearch();
  const state = useMemo(() => parseListState(address), [address]);
  const search = listSearch(state);
  const isAttended = useRef(false);
  const sessions = usePages<SessionSummary>(API_PATH + search, {
    address: () => [API_PATH, listQuery(state, Date.now())].filter(Boolean).join("?"),
    isHeld: () => isAttended.current || window.scrollY > TOP_DISTANCE,
  });
  const traces = useResource<TraceList>("/api/studio/traces?limit=1", isAlwaysAffected);
  const traceCount = traces.data?.totalCount ?? 0;
  useArrival(sessions.items !== null && !sessions.isOutdated, search);
  useEffect(() => {
    document.title = "Sessions · playhead";
  }, []);

  if (sessions.items === null && sessions.error !== null) {
    const text = `${sessions.error.message} This page tries again as soon as it does.`;
    const action = { label: "Try again", run: sessions.reload };
    return <Notice tone="error" title="Cannot read the sessions" text={text} action={action} />;
  }
  const isEverything =
    search === listSearch({ ...DEFAULT_STATE, sort: state.sort, order: state.order });
  if (isEverything && sessions.items?.length === 0 && !sessions.isOutdated) {
    if (traces.data === null && traces.error === null) return <ListSkeleton />;
    return <SetupGuide traceCount={traceCount} />;
  }
  return (
    <SessionsPage
      state={state}
      sessions={sessions}
      traceCount={traceCount}
      onAttention={(isOnRows) => {
        isAttended.current = isOnRows;
      }}
    />
  );
}

interface SessionsPageProps {
  readonly state: ListState;
  readonly sessions: Pages<SessionSummary>;
  readonly traceCount: number;
  readonly onAttention: (isOnRows: boolean) => void;
}

function SessionsPage({
  state,
  sessions,
  traceCount,
  onAttention,
}: SessionsPageProps): JSX.Element {
  const searchInput = useRef<HTMLInputElement>(null);
  const windowWidth = useWindowWidth();
  const isNarrow = windowWidth <= NARROW_WIDTH;
  const shownColumns = useColumns();
  const bookmarks = useBookmarks(sessions.items);
  const change = (next: ListState): void => changeSearch(listSearch(next), { isStep: true });

  const focusedSession = (): SessionSummary | undefined => {
    const row = document.activeElement?.closest("[data-session-id]");
    return sessions.items?.find(({ id }) => id === row?.getAttribute("data-session-id"));
  };
  const keys = {
    "/": () => {
      searchInput.current?.focus();
      searchInput.current?.select();
    },
    ArrowDown: () => moveToStop(1),
    ArrowUp: () => moveToStop(-1),
    b: () => {
      const session = focusedSession();
      if (session !== undefined) bookmarks.toggle(session);
    },
    d: () => {
      const session = focusedSession();
      if (session !== undefined) compareSession(session);
    },
  };
  useKeys(keys);

  const { items, error, waiting } = sessions;
  const isUnknown = items === null || (sessions.isOutdated && items.length === 0);
  return (
    <div class="list sessions-page">
      {error && items !== null && <StaleBanner text={error.message} onRetry={sessions.reload} />}
      {bookmarks.error && (
        <p class="stale" role="alert">
          {bookmarks.error.message} The bookmark was not kept.
        </p>
      )}
      <div class="list-bar">
        <div class="list-top">
          <h1 tabIndex={-1}>Sessions</h1>
          <span class="list-count" role="status">
            {items !== null && formatInteger(sessions.totalCount)}
            <span class="visually-hidden"> sessions</span>
          </span>
          {waiting && (
            <button
              type="button"
              class="waiting"
              onClick={() => {
                window.scrollTo(0, 0);
                sessions.showWaiting();
              }}
            >
              {waiting.newCount > 0 ? `${formatInteger(waiting.newCount)} new` : "Newer order"}
            </button>
          )}
          <SearchBox
            input={searchInput}
            value={state.q}
            onSearch={(q, isFirst) =>
              changeSearch(listSearch({ ...state, q }), { isStep: isFirst })
            }
            onLeave={() => moveToStop(1)}
          />
          {isNarrow ? (
            <FilterSheet state={state} onChange={change} resultCount={sessions.totalCount} />
          ) : (
            <>
              <ColumnsMenu {...shownColumns} />
              <ImportSessions />
            </>
          )}
        </div>
        {!isNarrow && <FilterBar state={state} onChange={change} />}
      </div>
      {isUnknown && <ListSkeleton />}
      {!isUnknown && items.length === 0 && (
        <NoResults
          state={state}
          onClearFilters={() => change(withoutFilters(state))}
          onClearSearch={() => change({ ...state, q: "" })}
        />
      )}
      {items !== null && items.length > 0 && (
        <SessionTable
          sessions={sessions}
          state={state}
          columns={fittingColumns(shownColumns.columns, windowWidth)}
          isNarrow={isNarrow}
          bookmarks={bookmarks}
          onCompare={compareSession}
          onSort={(sort) => change(sortedBy(state, sort))}
          onAttention={onAttention}
        />
      )}
      <ListEnd
        isLoadingMore={sessions.isLoadingMore}
        hasMore={sessions.hasMore}
        hasFailed={error !== null}
        onRetry={sessions.loadMore}
      />
      {isNarrow && !sessions.hasMore && (
        <div class="list-foot">
          <ImportSessions />
        </div>
      )}
      {traceCount > 0 && !sessions.hasMore && (
        <p class="list-foot">
          <Link href="/traces">
            {traceCount === 1
              ? "1 trace carries no session"
              : `${formatInteger(traceCount)} traces carry no session`}
          </Link>
        </p>
      )}
    </div>
  );
}

function isAlwaysAffected(): boolean {
  return true;
}

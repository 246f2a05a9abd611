import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { SessionSummary } from "../../api/types";
import { formatAbsoluteTime, formatRelativeTime } from "../../conversation/format";
import { type ComparePick, comparePath } from "../compare/compare-pick";
import { Link } from "../link";
import { ErrorBadge, ScoreSummaryBadge } from "../parts/badges";
import { sessionPath } from "../route";
import type { Column } from "./columns";
import { HighlightText } from "./highlight-text";
import { CompareIcon, StarIcon } from "./list-icons";
import {
  Cell,
  Cost,
  Duration,
  Environments,
  Errors,
  Labels,
  Names,
  TokenFigure,
  Turns,
} from "./row-cells";

export interface SessionRowProps {
  readonly session: SessionSummary;
  readonly isBookmarked: boolean;
  readonly onBookmark: (session: SessionSummary) => void;
  /** Chooses the session to be compared, or compares it with the one that was chosen. */
  readonly onCompare: (session: SessionSummary) => void;
  /** What it would be compared with; then the row leads there. */
  readonly pick: ComparePick | null;
  readonly columns: readonly Column[];
  readonly isNarrow: boolean;
  /** Words to mark; empty when nothing is searched. */
  readonly search: string;
  readonly nowMs: number;
  /** From 0. */
  readonly index: number;
  readonly top: number;
}

/** A row is computed anew only when something of it has changed: scrolling leaves most as they are. */
export function SessionRow(props: SessionRowProps): JSX.Element {
  return useMemo(() => <Row {...props} />, Object.values(props));
}

/** The whole row opens the session: its link is spread over it; the star and what has a tooltip lie above. */
function Row(props: SessionRowProps): JSX.Element {
  const { session, search, top, index } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows outside the window are not there
    // biome-ignore lint/a11y/useFocusableInteractive: what is in it takes the focus
    // biome-ignore lint/a11y/useKeyWithClickEvents: the link in it takes the keys
    <div
      role="row"
      class="session-row"
      style={{ top: `${top}px` }}
      aria-rowindex={index + 2}
      data-testid="session-row"
      data-session-id={session.id}
      onClick={openFromAnywhere}
    >
      <Cell class="cell-star">
        <Star {...props} />
      </Cell>
      <Cell class="cell-session">
        <Link href={rowPath(props)} class="row-link" isStop>
          <span
            class="row-title"
            dir="auto"
            data-empty={session.firstMessage === null ? "" : undefined}
          >
            <HighlightText text={session.firstMessage ?? session.id} search={search} />
          </span>
        </Link>
        {!props.isNarrow && <SessionId {...props} />}
      </Cell>
      {props.isNarrow ? (
        <>
          <Cell class="cell-time">
            <When at={session.endedAt} nowMs={props.nowMs} />
          </Cell>
          <Cell class="cell-figures">
            <NarrowFigures {...props} />
          </Cell>
        </>
      ) : (
        props.columns.map((column) => <ColumnCell key={column.id} column={column} {...props} />)
      )}
      {session.match && (
        <Cell class="cell-match">
          <span class="match-field">{MATCH_TITLES[session.match.field]}</span>
          <span dir="auto">
            <HighlightText text={session.match.snippet} search={search} />
          </span>
        </Cell>
      )}
    </div>
  );
}

function rowPath({ session, pick }: SessionRowProps): string {
  const isCompared = pick?.kind === "session" && pick.id !== session.id;
  return isCompared
    ? comparePath("session", pick.id, session.id)
    : sessionPath(session.id, session.matchTraceId);
}

/** What lies above the link gives its clicks to it, with the keys that were held. */
function openFromAnywhere(event: MouseEvent & { currentTarget: HTMLElement }): void {
  if (event.target instanceof Element && event.target.closest("a, button")) return;
  const link = event.currentTarget.querySelector("a");
  link?.focus({ preventScroll: true }); // as a click on the link itself does
  link?.dispatchEvent(new MouseEvent("click", event));
}

const MATCH_TITLES: Readonly<Record<NonNullable<SessionSummary["match"]>["field"], string>> = {
  id: "session id",
  user: "user",
  tag: "tag",
  traceId: "trace id",
  traceName: "trace name",
  observationId: "step id",
  name: "step name",
  model: "model",
  input: "input",
  output: "output",
  statusMessage: "status",
  metadata: "metadata",
};

function Star({ session, isBookmarked, onBookmark }: SessionRowProps): JSX.Element {
  return (
    <button
      type="button"
      class="star"
      tabIndex={-1} // `b` on the row does the same; one stop per row for the tabulator key
      aria-pressed={isBookmarked}
      aria-label={isBookmarked ? "Remove the bookmark" : "Bookmark"}
      title={isBookmarked ? "Remove the bookmark (b)" : "Bookmark (b)"}
      onClick={() => onBookmark(session)}
    >
      <StarIcon />
    </button>
  );
}

function SessionId({ session, search, onCompare }: SessionRowProps): JSX.Element {
  return (
    <span class="row-sub">
      {session.firstMessage === null ? (
        <span>no message</span>
      ) : (
        <span class="row-id" dir="auto" title={session.id}>
          <HighlightText text={session.id} search={search} />
        </span>
      )}
      <Environments names={session.environments} />
      <button
        type="button"
        class="row-compare"
        tabIndex={-1} // `d` on the row does the same
        aria-label="Compare"
        title="Compare with another session (d)"
        onClick={() => onCompare(session)}
      >
        <CompareIcon />
      </button>
    </span>
  );
}

function NarrowFigures({ session, search }: SessionRowProps): JSX.Element {
  return (
    <span class="row-sub">
      <ErrorBadge count={session.errorCount} />
      <Turns session={session} isLong />
      <Duration session={session} />
      <TokenFigure session={session} />
      <Cost session={session} />
      {session.scores.slice(0, 1).map((score) => (
        <ScoreSummaryBadge key={score.name} score={score} />
      ))}
      <span class="row-id" dir="auto">
        <HighlightText text={session.userIds[0] ?? session.id} search={search} />
      </span>
    </span>
  );
}

function ColumnCell({ column, ...props }: SessionRowProps & { column: Column }): JSX.Element {
  const { session, nowMs, search } = props;
  switch (column.id) {
    case "models":
      return (
        <Cell class="cell-text">
          <Names label="users" names={session.userIds} search={search} />
          <Names label="models" names={session.models} search={search} isSecond />
        </Cell>
      );
    case "labels":
      return (
        <Cell class="cell-text">
          <Labels session={session} />
        </Cell>
      );
    case "turns":
      return (
        <Cell>
          <Turns session={session} />
        </Cell>
      );
    case "duration":
      return (
        <Cell>
          <Duration session={session} />
        </Cell>
      );
    case "tokens":
      return (
        <Cell>
          <TokenFigure session={session} />
        </Cell>
      );
    case "cost":
      return (
        <Cell>
          <Cost session={session} />
        </Cell>
      );
    case "errors":
      return (
        <Cell>
          <Errors session={session} />
        </Cell>
      );
    case "start":
      return (
        <Cell>
          <When at={session.startedAt} nowMs={nowMs} />
        </Cell>
      );
    case "activity":
      return (
        <Cell>
          <When at={session.endedAt} nowMs={nowMs} />
        </Cell>
      );
  }
}

function When({ at, nowMs }: { at: string; nowMs: number }): JSX.Element {
  return (
    <time dateTime={at} title={formatAbsoluteTime(at)}>
      {formatRelativeTime(at, nowMs)}
    </time>
  );
}

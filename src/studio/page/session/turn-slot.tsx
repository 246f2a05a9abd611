import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Turn, TurnOutline } from "../../api/types";
import { formatAbsoluteTime, formatClockTime, formatDuration } from "../../conversation/format";
import { Hidden } from "../parts/hidden";
import { type PanelState, TurnView } from "./turn";

export interface TurnSlotProps {
  readonly outline: TurnOutline;
  /** Undefined until it has been read. */
  readonly turn: Turn | undefined;
  /** From 1. */
  readonly number: number;
  /** Silence before it, in milliseconds; null where there was none to speak of. */
  readonly gapMs: number | null;
  /** How much of it has happened, in milliseconds; null for all. */
  readonly elapsedMs: number | null;
  /** Whether texts appear whole instead of being typed. */
  readonly isStill: boolean;
  /** Whether the reader was led to this turn, by a search or a link. */
  readonly isSought: boolean;
  readonly panel: PanelState;
  readonly onPanel: (traceId: string, panel: PanelState) => void;
}

/** A turn of a session, or what is known of it until it has been read. Rendered again only when it changed. */
export function TurnSlot(props: TurnSlotProps): JSX.Element {
  const { outline, turn, number, gapMs, elapsedMs, isStill, isSought, panel, onPanel } = props;
  return useMemo(
    () => (
      <>
        {gapMs !== null && (
          <p class="idle" data-testid="idle-gap">
            <span>{formatDuration(gapMs)} idle</span>
          </p>
        )}
        {turn === undefined ? (
          <Unread outline={outline} number={number} isSought={isSought} />
        ) : (
          <TurnView
            turn={turn}
            number={number}
            elapsedMs={elapsedMs}
            isStill={isStill}
            isSought={isSought}
            panel={panel}
            onPanel={(next) => onPanel(turn.traceId, next)}
          />
        )}
      </>
    ),
    // A preview is the same whatever the outline says beside.
    [
      turn === undefined ? outline : null,
      turn,
      number,
      gapMs,
      elapsedMs,
      isStill,
      isSought,
      panel,
      onPanel,
    ],
  );
}

function Unread(props: { outline: TurnOutline; number: number; isSought: boolean }): JSX.Element {
  const { outline, number, isSought } = props;
  return (
    <article
      class="turn"
      data-stop=""
      data-sought={isSought ? "" : undefined}
      tabIndex={-1}
      aria-label={`Turn ${number}`}
      aria-busy="true"
    >
      <div class="turn-gutter">
        <h2 class="turn-number">
          <Hidden>Turn </Hidden>
          {number}
        </h2>
        <time dateTime={outline.startedAt} title={formatAbsoluteTime(outline.startedAt)}>
          {formatClockTime(outline.startedAt)}
        </time>
      </div>
      <div class="turn-body">
        <div class="chat turn-unread">
          {outline.firstMessage !== null && (
            <p class="message message-user" dir="auto">
              {outline.firstMessage}
            </p>
          )}
        </div>
      </div>
    </article>
  );
}

import type { JSX } from "preact";
import { useId, useMemo, useRef, useState } from "preact/hooks";
import type { Turn } from "../../api/types";
import {
  formatAbsoluteTime,
  formatClockTime,
  formatDuration,
  formatInteger,
} from "../../conversation/format";
import { turnErrorMessage, turnErrorMs } from "../../conversation/turn-summary";
import { CorrectButton } from "../corrections/correct-button";
import { Correction } from "../corrections/correction";
import { isInStudio } from "../in-studio";
import { isDialogOpen } from "../keyboard";
import { Link } from "../link";
import { ObservationExplorer } from "../observation/observation-explorer";
import { Hidden } from "../parts/hidden";
import { Caret, ForwardIcon } from "../parts/icons";
import { tracePath } from "../route";
import { traceTarget } from "../scores/score-target";
import { ScoresButton } from "../scores/scores-button";
import { TurnChat } from "./turn-chat";
import { TurnMeta } from "./turn-meta";

export interface TurnViewProps {
  readonly turn: Turn;
  /** From 1, its place in the session; null for a trace that is shown alone, which starts opened. */
  readonly number: number | null;
  /** How much of it has happened, in milliseconds; null, as without it, for all. */
  readonly elapsedMs?: number | null;
  /** Whether texts appear whole instead of being typed. */
  readonly isStill?: boolean;
  /** Whether the reader was led to this turn, by a search or a link. */
  readonly isSought?: boolean;
  /** What is open of it, where someone else remembers that. */
  readonly panel?: PanelState;
  readonly onPanel?: (panel: PanelState) => void;
}

/** What is open of a turn. */
export interface PanelState {
  readonly isOpen: boolean;
  /** The step whose details are shown. */
  readonly selectedId: string | null;
}

export const CLOSED_PANEL: PanelState = { isOpen: false, selectedId: null };

/** One trace: what was said, how it went, and on request every step of it. */
export function TurnView(props: TurnViewProps): JSX.Element {
  const { turn, number, elapsedMs = null, isStill = false } = props;
  const [ownPanel, setOwnPanel] = useState({ ...CLOSED_PANEL, isOpen: number === null });
  const { isOpen, selectedId } = props.panel ?? ownPanel;
  const setPanel = (panel: PanelState): void => {
    setOwnPanel(panel);
    props.onPanel?.(panel);
  };
  const article = useRef<HTMLElement>(null);
  const panelId = useId();
  const error = useMemo(() => turnErrorMessage(turn), [turn]);
  const errorMs = useMemo(() => turnErrorMs(turn), [turn]);
  const ownScores = useMemo(
    () => turn.scores.filter((score) => score.observationId === null),
    [turn.scores],
  );
  const hasFailed = turn.level === "ERROR";
  const label = number === null ? "Trace" : `Turn ${number}`;

  const openAt = (observationId: string): void => {
    setPanel({ isOpen: true, selectedId: observationId });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isDialogOpen()) return;
    if (event.key === "Enter" && event.target === article.current) {
      event.preventDefault();
      setPanel({ isOpen: !isOpen, selectedId });
    } else if (event.key === "Escape" && isOpen && number !== null && !event.defaultPrevented) {
      event.preventDefault();
      setPanel(CLOSED_PANEL);
      article.current?.focus({ preventScroll: true });
    }
  };

  return (
    <article
      ref={article}
      class="turn"
      data-stop=""
      data-testid="turn"
      data-trace-id={turn.traceId}
      data-failed={hasFailed && elapsedMs === null ? "" : undefined}
      data-running={elapsedMs === null ? undefined : ""}
      data-open={isOpen ? "" : undefined}
      data-sought={props.isSought ? "" : undefined}
      tabIndex={-1}
      aria-label={label}
      onKeyDown={onKeyDown}
    >
      <div class="turn-gutter">
        {number !== null && (
          <h2 class="turn-number">
            <Hidden>Turn </Hidden>
            {number}
          </h2>
        )}
        <time dateTime={turn.startedAt} title={formatAbsoluteTime(turn.startedAt)}>
          {formatClockTime(turn.startedAt)}
        </time>
      </div>
      <div class="turn-body">
        <TurnChat turn={turn} onOpenStep={openAt} elapsedMs={elapsedMs} isStill={isStill} />
        {error !== null && (elapsedMs === null || elapsedMs >= errorMs) && (
          <p
            class={hasFailed ? "turn-error" : "turn-error turn-error-inner"}
            data-testid="turn-error"
          >
            <strong>{hasFailed ? "Failed" : "A step failed"}</strong>
            <span dir="auto">{error === "Failed" ? "without a message" : error.slice(0, 600)}</span>
          </p>
        )}
        {elapsedMs === null && <Correction output={turn.output} scores={ownScores} heading="h3" />}
        <div class="turn-foot">
          <button
            type="button"
            class="turn-toggle"
            aria-expanded={isOpen}
            aria-controls={panelId}
            data-testid="turn-toggle"
            onClick={() => setPanel({ isOpen: !isOpen, selectedId })}
          >
            <Caret />
            {turn.observations.length === 1
              ? "1 step"
              : `${formatInteger(turn.observations.length)} steps`}
          </button>
          {elapsedMs === null ? (
            <TurnMeta turn={turn} />
          ) : (
            <span data-testid="turn-elapsed">{formatDuration(elapsedMs)}</span>
          )}
          {isInStudio() && (
            <>
              <ScoresButton target={traceTarget(turn)} scores={ownScores} />
              <CorrectButton target={traceTarget(turn)} output={turn.output} scores={ownScores} />
            </>
          )}
          {number !== null && (
            <Link
              class="turn-trace"
              href={tracePath(turn.traceId, selectedId)}
              testId="turn-trace"
              label={`Trace of turn ${number}`}
            >
              Trace
              <ForwardIcon />
            </Link>
          )}
        </div>
      </div>
      <div class="turn-panel" id={panelId} hidden={!isOpen}>
        {isOpen && (
          <ObservationExplorer
            turn={turn}
            selectedId={selectedId}
            onSelect={(id) => setPanel({ isOpen, selectedId: id })}
          />
        )}
      </div>
    </article>
  );
}

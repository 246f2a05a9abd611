import type { JSX } from "preact";
import { useId, useMemo, useRef, useState } from "preact/hooks";
import type { Turn } from "../../api/types";
import { formatAbsoluteTime, formatClockTime, formatInteger } from "../../conversation/format";
import { turnErrorMessage } from "../../conversation/turn-summary";
import { ObservationExplorer } from "../observation/observation-explorer";
import { Hidden } from "../parts/hidden";
import { Caret } from "../parts/icons";
import { TurnChat } from "./turn-chat";
import { TurnMeta } from "./turn-meta";

export interface TurnViewProps {
  readonly turn: Turn;
  /** From 1, its place in the session; null for a trace that is shown alone, which starts opened. */
  readonly number: number | null;
}

/** One trace: what was said, how it went, and on request every step of it. */
export function TurnView({ turn, number }: TurnViewProps): JSX.Element {
  const [isOpen, setOpen] = useState(number === null);
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const article = useRef<HTMLElement>(null);
  const panelId = useId();
  const error = useMemo(() => turnErrorMessage(turn), [turn]);
  const hasFailed = turn.level === "ERROR";
  const label = number === null ? "Trace" : `Turn ${number}`;

  const openAt = (observationId: string): void => {
    setOpen(true);
    setSelectedId(observationId);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && event.target === article.current) {
      event.preventDefault();
      setOpen(!isOpen);
    } else if (event.key === "Escape" && isOpen && number !== null && !event.defaultPrevented) {
      event.preventDefault();
      setOpen(false);
      setSelectedId(null);
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
      data-failed={hasFailed ? "" : undefined}
      data-open={isOpen ? "" : undefined}
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
        <TurnChat turn={turn} onOpenStep={openAt} />
        {error !== null && (
          <p
            class={hasFailed ? "turn-error" : "turn-error turn-error-inner"}
            data-testid="turn-error"
          >
            <strong>{hasFailed ? "Failed" : "A step failed"}</strong>
            <span dir="auto">{error === "Failed" ? "without a message" : error.slice(0, 600)}</span>
          </p>
        )}
        <div class="turn-foot">
          <button
            type="button"
            class="turn-toggle"
            aria-expanded={isOpen}
            aria-controls={panelId}
            data-testid="turn-toggle"
            onClick={() => setOpen(!isOpen)}
          >
            <Caret />
            {turn.observations.length === 1
              ? "1 step"
              : `${formatInteger(turn.observations.length)} steps`}
          </button>
          <TurnMeta turn={turn} />
        </div>
      </div>
      <div class="turn-panel" id={panelId} hidden={!isOpen}>
        {isOpen && (
          <ObservationExplorer turn={turn} selectedId={selectedId} onSelect={setSelectedId} />
        )}
      </div>
    </article>
  );
}

import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { StepOutline, TurnOutline } from "../../api/types";
import { buildTree, flattenTree } from "../../conversation/build-tree";
import { formatDuration, formatInteger } from "../../conversation/format";
import { barOf, timeScale } from "../../conversation/waterfall";
import { Hidden } from "../parts/hidden";
import { Caret, TypeIcon } from "../parts/icons";
import { TimeBar } from "../parts/time-bar";

export interface TurnWaterfallProps {
  readonly turn: TurnOutline;
  /** From 1. */
  readonly number: number;
  /** Where the playhead stands, from the start of the turn; null where all of it has happened. */
  readonly elapsedMs: number | null;
  readonly onOpenStep: (observationId: string) => void;
}

/** Longer turns are cut here; their own list of steps has them all. */
const MAX_ROWS = 120;
const MAX_INDENT = 6;

/** The steps of one turn against its time, with the playhead; beside the conversation, or folded below. */
export function TurnWaterfall(props: TurnWaterfallProps): JSX.Element {
  const { turn, number, elapsedMs, onOpenStep } = props;
  const [isOpen, setOpen] = useState(false);
  const rows = useMemo(() => flattenTree(buildTree(turn.steps)), [turn]);
  const scale = useMemo(() => timeScale(turn.steps, turn.durationMs), [turn]);
  const head = elapsedMs === null ? null : ((elapsedMs - scale.startMs) / scale.lengthMs) * 100;
  const rest = rows.length - MAX_ROWS;
  return (
    <aside
      class="beside"
      aria-label="Waterfall"
      data-testid="waterfall"
      data-open={isOpen ? "" : undefined}
    >
      <h2 class="beside-head">
        <button
          type="button"
          class="fold-toggle beside-toggle"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <Caret />
          Waterfall of turn {number}
        </button>
        <span class="beside-title">Turn {number}</span>
        <span class="beside-duration">
          {elapsedMs === null
            ? formatDuration(turn.durationMs)
            : `${formatDuration(Math.min(elapsedMs, turn.durationMs))} of ${formatDuration(turn.durationMs)}`}
        </span>
      </h2>
      <div class="beside-body">
        <div class="beside-rows">
          {rows.slice(0, MAX_ROWS).map(({ item, depth }) => (
            <Row
              key={item.id}
              step={item}
              depth={depth}
              scale={scale}
              elapsedMs={elapsedMs}
              onOpen={() => onOpenStep(item.id)}
            />
          ))}
          {rest > 0 && <p class="beside-rest">{formatInteger(rest)} more steps</p>}
          {head !== null && (
            <div class="beside-head-track" aria-hidden="true">
              <span
                class="beside-playhead"
                data-testid="waterfall-playhead"
                style={{ left: `${Math.min(100, Math.max(0, head))}%` }}
              />
            </div>
          )}
        </div>
      </div>
    </aside>
  );
}

function Row(props: {
  step: StepOutline;
  depth: number;
  scale: ReturnType<typeof timeScale>;
  elapsedMs: number | null;
  onOpen: () => void;
}): JSX.Element {
  const { step, depth, scale, elapsedMs, onOpen } = props;
  const bar = barOf(step, scale);
  const isAhead = elapsedMs !== null && step.startOffsetMs > elapsedMs;
  return (
    <button
      type="button"
      class="beside-row obs"
      data-type={step.type}
      data-level={step.level}
      data-ahead={isAhead ? "" : undefined}
      title={`${step.name}: ${formatDuration(step.durationMs)}`}
      onClick={onOpen}
    >
      <span
        class="beside-name"
        style={{ paddingInlineStart: `${Math.min(depth, MAX_INDENT) * 10}px` }}
      >
        <TypeIcon type={step.type} />
        <span class="obs-title" dir="auto">
          {step.name || step.id}
        </span>
        {step.level === "ERROR" && <Hidden>failed</Hidden>}
      </span>
      <TimeBar bar={bar} />
      <span class="obs-duration">{formatDuration(step.durationMs)}</span>
    </button>
  );
}

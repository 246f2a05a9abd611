import type { JSX } from "preact";
import { formatCost, formatDuration, formatInteger } from "../../conversation/format";
import type { StepRow } from "../../conversation/step-tree";
import { barOf, type TimeScale } from "../../conversation/waterfall";
import { Hidden } from "../parts/hidden";
import { Caret, TypeIcon } from "../parts/icons";
import { BarOfTime } from "../parts/time-bar";
import { Tokens } from "../parts/tokens";

/** Levels that are indented; deeper ones stay there, else names would have no room. */
const MAX_INDENT = 14;
const INDENT_WIDTH = 14;

export interface StepRowProps {
  readonly row: StepRow;
  readonly id: string;
  /** From the top of the list, in CSS pixels. */
  readonly top: number;
  /** Absent in the tree, where columns of figures take the place of the bar. */
  readonly scale: TimeScale | undefined;
  readonly isSelected: boolean;
  /** Whether the keyboard is here. */
  readonly isActive: boolean;
  readonly isFolded: boolean;
  /** Whether it stands here only for what is below it and matches the filter. */
  readonly isAside: boolean;
  readonly onSelect: () => void;
  readonly onFold: () => void;
}

export function StepRowView(props: StepRowProps): JSX.Element {
  const { row, scale, isFolded } = props;
  const { step } = row;
  const hasChildren = row.descendantCount > 0;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree round the rows handles the keys
    <div
      id={props.id}
      class="step"
      role="treeitem"
      data-testid="observation-row"
      data-observation-id={step.id}
      data-type={step.type}
      data-level={step.level}
      data-active={props.isActive ? "" : undefined}
      data-aside={props.isAside ? "" : undefined}
      aria-level={row.depth + 1}
      aria-posinset={row.position}
      aria-setsize={row.siblingCount}
      aria-selected={props.isSelected}
      aria-expanded={hasChildren ? !isFolded : undefined}
      tabIndex={-1}
      style={{ top: `${props.top}px` }}
      onClick={props.onSelect}
    >
      <span class="step-name">
        <span
          class="step-indent"
          style={{ width: `${Math.min(row.depth, MAX_INDENT) * INDENT_WIDTH}px` }}
        />
        {hasChildren ? (
          <span
            class="step-fold"
            data-folded={isFolded ? "" : undefined}
            aria-hidden="true"
            onClick={(event) => {
              event.stopPropagation();
              props.onFold();
            }}
          >
            <Caret />
          </span>
        ) : (
          <span class="step-fold" />
        )}
        <TypeIcon type={step.type} />
        <span class="step-title" dir="auto" title={step.name}>
          {step.name || step.id}
        </span>
        <Hidden>{step.type}</Hidden>
        {step.model !== null && (
          <span class="step-model" dir="auto">
            {step.model}
          </span>
        )}
        <Marks row={row} isFolded={isFolded} />
      </span>
      {scale === undefined ? <Figures row={row} /> : <Track row={row} scale={scale} />}
    </div>
  );
}

function Marks({ row, isFolded }: { row: StepRow; isFolded: boolean }): JSX.Element | null {
  const { level } = row.step;
  if (level === "ERROR") return <span class="badge badge-error">error</span>;
  if (level === "WARNING") return <span class="badge badge-warning">warning</span>;
  if (!isFolded || row.totals.errorCount === 0) return null;
  return <span class="badge badge-error">{formatInteger(row.totals.errorCount)} in it</span>;
}

/** Sums over the subtree, marked as such where they are not the step's own. */
function Figures({ row }: { row: StepRow }): JSX.Element {
  const { step, totals, descendantCount } = row;
  const isSum = descendantCount > 0 && totals.tokens.total !== step.tokens.total;
  const isCostSum = descendantCount > 0 && totals.cost !== step.totalCost;
  return (
    <>
      <span class="step-tokens" data-sum={isSum ? "" : undefined}>
        {isSum && <Sum />}
        <Tokens tokens={totals.tokens} />
      </span>
      <span class="step-cost" data-sum={isCostSum ? "" : undefined}>
        {isCostSum && <Sum />}
        {totals.cost !== null && formatCost(totals.cost)}
      </span>
      <span class="step-duration">{formatDuration(step.durationMs)}</span>
    </>
  );
}

function Sum(): JSX.Element {
  return (
    <>
      <Hidden>in all </Hidden>
      <span class="step-sum" aria-hidden="true">
        Σ
      </span>
    </>
  );
}

function Track({ row, scale }: { row: StepRow; scale: TimeScale }): JSX.Element {
  const bar = barOf(row.step, scale);
  return (
    <span class="step-track">
      <BarOfTime bar={bar} />
      <span class="step-time" style={{ left: `${bar.left + bar.width}%` }}>
        {formatDuration(row.step.durationMs)}
      </span>
    </span>
  );
}

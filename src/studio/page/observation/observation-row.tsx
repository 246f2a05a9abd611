import type { JSX } from "preact";
import type { ObservationView } from "../../api/types";
import type { TreeNode } from "../../conversation/build-tree";
import { formatDuration } from "../../conversation/format";
import { barOf, type TimeScale } from "../../conversation/waterfall";
import { Hidden } from "../parts/hidden";
import { Caret, TypeIcon } from "../parts/icons";
import { TimeBar } from "../parts/time-bar";
import { Tokens } from "../parts/tokens";

/** Levels that are indented; deeper ones stay at that indentation, else names would have no room. */
const MAX_INDENT = 12;

export interface ObservationRowProps {
  readonly row: TreeNode<ObservationView>;
  readonly scale: TimeScale;
  readonly isSelected: boolean;
  readonly isFolded: boolean;
  readonly isTabStop: boolean;
  readonly onSelect: () => void;
  readonly onFold: (isFolded: boolean) => void;
}

export function ObservationRow(props: ObservationRowProps): JSX.Element {
  const { row, isFolded } = props;
  const observation = row.item;
  const bar = barOf(observation, props.scale);
  const hasChildren = row.children.length > 0;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree round the rows handles the keys
    <div
      class="obs"
      role="treeitem"
      data-testid="observation-row"
      data-observation-id={observation.id}
      data-type={observation.type}
      data-level={observation.level}
      aria-level={row.depth + 1}
      aria-selected={props.isSelected}
      aria-expanded={hasChildren ? !isFolded : undefined}
      tabIndex={props.isTabStop ? 0 : -1}
      onClick={props.onSelect}
    >
      <span
        class="obs-name"
        style={{ paddingInlineStart: `${Math.min(row.depth, MAX_INDENT) * 14}px` }}
      >
        {hasChildren ? (
          <span
            class="obs-fold"
            data-folded={isFolded ? "" : undefined}
            aria-hidden="true"
            onClick={(event) => {
              event.stopPropagation();
              props.onFold(!isFolded);
            }}
          >
            <Caret />
          </span>
        ) : (
          <span class="obs-fold" />
        )}
        <TypeIcon type={observation.type} />
        <span class="obs-title" dir="auto" title={observation.name}>
          {observation.name || observation.id}
        </span>
        <Hidden>{observation.type}</Hidden>
        {observation.model !== null && (
          <span class="obs-model" dir="auto">
            {observation.model}
          </span>
        )}
        {observation.level === "ERROR" && <span class="badge badge-error">error</span>}
        {observation.level === "WARNING" && <span class="badge badge-warning">warning</span>}
      </span>
      <span class="obs-tokens">
        <Tokens tokens={observation.tokens} />
      </span>
      <TimeBar bar={bar} />
      <span class="obs-duration">{formatDuration(observation.durationMs)}</span>
    </div>
  );
}

import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ObservationView, Turn } from "../../api/types";
import { buildTree, flattenTree, type TreeNode } from "../../conversation/build-tree";
import { formatDuration, formatInteger } from "../../conversation/format";
import { timeScale } from "../../conversation/waterfall";
import { ObservationRow } from "./observation-row";

/** Rows in the page at first, and added by each "more". */
const ROWS_STEP = 400;

export interface ObservationTreeProps {
  readonly turn: Turn;
  readonly selectedId: string | null;
  readonly onSelect: (id: string | null) => void;
}

/** Spec: https://www.w3.org/WAI/ARIA/apg/patterns/treeview/ (one tab stop, arrow keys move). */
export function ObservationTree({ turn, selectedId, onSelect }: ObservationTreeProps): JSX.Element {
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const [shownCount, setShownCount] = useState(ROWS_STEP);
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const roots = useMemo(() => buildTree(turn.observations), [turn]);
  const rows = useMemo(() => flattenTree(roots, (id) => collapsed.has(id)), [roots, collapsed]);
  const scale = useMemo(() => timeScale(turn.observations, turn.durationMs), [turn]);
  const shown = rows.slice(0, shownCount);
  const rest = rows.length - shown.length;
  const stopId = shown.find((row) => row.item.id === (focusedId ?? selectedId))?.item.id;

  useEffect(() => {
    if (selectedId === null) return;
    const place = rows.findIndex((row) => row.item.id === selectedId);
    if (place >= shownCount) setShownCount(place + ROWS_STEP);
  }, [selectedId, rows, shownCount]);

  const setFolded = (id: string, isFolded: boolean): void => {
    const next = new Set(collapsed);
    if (isFolded) next.add(id);
    else next.delete(id);
    setCollapsed(next);
  };
  const focusRow = (row: TreeNode<ObservationView> | undefined): void => {
    if (row === undefined) return;
    setFocusedId(row.item.id);
    const place = shown.indexOf(row);
    const element = list.current?.children[place];
    if (element instanceof HTMLElement) element.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const focused = document.activeElement ?? document.body;
    const place = [...(list.current?.children ?? [])].indexOf(focused);
    const row = shown[place];
    if (row === undefined) return;
    const isFolded = collapsed.has(row.item.id);
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => focusRow(shown[place + 1]),
      ArrowUp: () => focusRow(shown[place - 1]),
      Home: () => focusRow(shown[0]),
      End: () => focusRow(shown[shown.length - 1]),
      ArrowRight: () => {
        if (isFolded) setFolded(row.item.id, false);
        else if (row.children.length > 0) focusRow(shown[place + 1]);
      },
      ArrowLeft: () => {
        if (!isFolded && row.children.length > 0) setFolded(row.item.id, true);
        else focusRow(shown.slice(0, place).findLast((above) => above.depth < row.depth));
      },
      Enter: () => onSelect(row.item.id),
      " ": () => onSelect(row.item.id),
    };
    const move = Object.hasOwn(moves, event.key) ? moves[event.key] : undefined;
    if (move === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  };

  return (
    <div class="tree">
      <div class="axis" aria-hidden="true">
        <div class="axis-marks">
          {[0, 0.25, 0.5, 0.75, 1].map((share) => (
            <span key={share} style={{ left: `${share * 100}%` }}>
              {formatDuration(Math.round(scale.startMs + share * scale.lengthMs))}
            </span>
          ))}
        </div>
      </div>
      <div
        class="tree-rows"
        role="tree"
        aria-label="Steps of the turn"
        tabIndex={-1}
        ref={list}
        onKeyDown={onKeyDown}
      >
        {shown.map((row, index) => (
          <ObservationRow
            key={row.item.id}
            row={row}
            scale={scale}
            isSelected={row.item.id === selectedId}
            isFolded={collapsed.has(row.item.id)}
            isTabStop={stopId === undefined ? index === 0 : row.item.id === stopId}
            onSelect={() => {
              setFocusedId(row.item.id);
              onSelect(row.item.id === selectedId ? null : row.item.id);
            }}
            onFold={(isFolded) => setFolded(row.item.id, isFolded)}
          />
        ))}
      </div>
      {rest > 0 && (
        <p class="tree-more">
          <button
            type="button"
            class="button"
            onClick={() => setShownCount(shownCount + 2 * ROWS_STEP)}
          >
            {formatInteger(rest)} more steps
          </button>
        </p>
      )}
    </div>
  );
}

import type { JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { axisTicks, type Tick } from "../../conversation/axis-ticks";
import { matchesFilter, type StepTree, visibleRows } from "../../conversation/step-tree";
import type { TimeScale } from "../../conversation/waterfall";
import { NARROW_WIDTH, useMediaQuery } from "../media-query";
import { moveOf, type RowMove } from "./row-keys";
import { StepRowView } from "./step-row";
import { useVisibleRange } from "./visible-range";

export interface StepListProps {
  readonly tree: StepTree;
  /** Given for the waterfall, absent for the tree. */
  readonly scale: TimeScale | undefined;
  readonly filter: string;
  readonly selectedId: string | null;
  readonly onSelect: (id: string | null) => void;
}

/** In CSS pixels, as in trace.css. */
const ROW_HEIGHT = 28;
const NARROW_ROW_HEIGHT = 42;
const AXIS_HEIGHT = 25;
const NARROW = `(max-width: ${NARROW_WIDTH}px)`;

/**
 * The steps of a trace as rows, of which only those in sight are in the page.
 * Spec: https://www.w3.org/WAI/ARIA/apg/patterns/treeview/ (one tab stop, `aria-activedescendant`).
 */
export function StepList(props: StepListProps): JSX.Element {
  const { tree, scale, filter, selectedId, onSelect } = props;
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [activeId, setActiveId] = useState(selectedId);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const idPrefix = useId();
  const isNarrow = useMediaQuery(NARROW);
  const rowHeight = isNarrow && scale !== undefined ? NARROW_ROW_HEIGHT : ROW_HEIGHT;
  const ticks = useMemo(
    () => (scale === undefined ? [] : axisTicks(scale, isNarrow ? 4 : 6)),
    [scale, isNarrow],
  );
  const rows = useMemo(
    () => visibleRows(tree, { isFolded: (id) => folded.has(id), filter }),
    [tree, folded, filter],
  );
  const range = useVisibleRange(scroller, rowHeight, rows.length);
  const needle = filter.trim().toLowerCase();
  const activePlace = useMemo(
    () => rows.findIndex((row) => row.step.id === activeId),
    [rows, activeId],
  );

  const reveal = (place: number): void => {
    const element = scroller.current;
    if (element === null || place < 0) return;
    const top = place * rowHeight;
    const height = element.clientHeight - AXIS_HEIGHT;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + height) {
      element.scrollTop = top + rowHeight - height;
    }
  };
  const activate = (place: number): void => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, place))];
    if (row === undefined) return;
    setActiveId(row.step.id);
    reveal(rows.indexOf(row));
    // With the details open, they follow.
    if (selectedId !== null) onSelect(row.step.id);
  };
  const fold = (id: string, isFolded: boolean): void => {
    setFolded((held) => {
      const next = new Set(held);
      if (isFolded) next.add(id);
      else next.delete(id);
      return next;
    });
  };

  const perform = (move: RowMove): void => {
    const row = rows[activePlace];
    const isFolded = row !== undefined && folded.has(row.step.id);
    const hasChildren = row !== undefined && row.descendantCount > 0;
    switch (move) {
      case "next":
        activate(activePlace + 1);
        break;
      case "previous":
        activate(activePlace === -1 ? 0 : activePlace - 1);
        break;
      case "first":
        activate(0);
        break;
      case "last":
        activate(rows.length - 1);
        break;
      case "unfold":
        if (row === undefined) activate(0);
        else if (isFolded && needle === "") fold(row.step.id, false);
        else if (hasChildren) activate(activePlace + 1);
        break;
      case "fold":
        if (row === undefined) activate(0);
        else if (hasChildren && !isFolded && needle === "") fold(row.step.id, true);
        else if (row.parentIndex >= 0) {
          activate(rows.findIndex((one) => one.index === row.parentIndex));
        }
        break;
      case "open":
        if (row !== undefined) onSelect(row.step.id);
    }
  };
  const latest = useRef(perform);
  latest.current = perform;
  useEffect(() => {
    // In the capture phase: the page's own `j` and `k` would find no stop here.
    const onKeyDown = (event: KeyboardEvent): void => {
      const move = moveOf(event, list.current);
      if (move === null) return;
      event.preventDefault();
      list.current?.focus({ preventScroll: true });
      latest.current(move);
    };
    document.addEventListener("keydown", onKeyDown, { capture: true });
    return () => document.removeEventListener("keydown", onKeyDown, { capture: true });
  }, []);

  /** Whether the active row was folded away when it was to be shown. */
  const isRevealWanted = useRef(false);
  /** Selected elsewhere: in the graph, by a link, by the address. */
  const isKnown = selectedId !== null && tree.indexById.has(selectedId);
  useLayoutEffect(() => {
    if (!isKnown) return;
    setActiveId(selectedId);
    const place = rows.findIndex((row) => row.step.id === selectedId);
    isRevealWanted.current = place < 0;
    if (place >= 0) reveal(place);
    else unfoldAbove(selectedId);
  }, [isKnown, selectedId]);
  useLayoutEffect(() => {
    if (!isRevealWanted.current || activePlace < 0) return;
    isRevealWanted.current = false;
    reveal(activePlace);
  }, [activePlace]);
  const unfoldAbove = (id: string): void => {
    setFolded((held) => {
      const next = new Set(held);
      let row = tree.rows[tree.indexById.get(id) ?? -1];
      for (; row !== undefined; row = tree.rows[row.parentIndex]) next.delete(row.step.id);
      return next;
    });
  };

  const shown = rows.slice(range.first, range.end);
  const isActiveShown = activePlace >= range.first && activePlace < range.end;
  const rowId = (index: number): string => `${idPrefix}-${index}`;
  return (
    <div class="step-scroll" ref={scroller} data-view={scale === undefined ? "tree" : "waterfall"}>
      <Head scale={scale} ticks={ticks} />
      <div
        class="step-rows"
        role="tree"
        aria-label="Steps of the trace"
        aria-activedescendant={isActiveShown ? rowId(rows[activePlace]?.index ?? 0) : undefined}
        tabIndex={0}
        ref={list}
        style={{ height: `${rows.length * rowHeight}px` }}
        data-testid="steps"
        onFocus={() => {
          if (activeId === null) setActiveId(rows[0]?.step.id ?? null);
        }}
      >
        {scale !== undefined && (
          <div class="step-grid" aria-hidden="true">
            {ticks.map((tick) => (
              <span key={tick.left} style={{ left: `${tick.left}%` }} />
            ))}
          </div>
        )}
        {shown.map((row, place) => (
          <StepRowView
            key={row.step.id}
            id={rowId(row.index)}
            row={row}
            top={(range.first + place) * rowHeight}
            scale={scale}
            isSelected={row.step.id === selectedId}
            isActive={row.step.id === activeId}
            isFolded={needle === "" && folded.has(row.step.id)}
            isAside={needle !== "" && !matchesFilter(row.step, needle)}
            onSelect={() => {
              list.current?.focus({ preventScroll: true });
              setActiveId(row.step.id);
              onSelect(row.step.id);
            }}
            onFold={() => {
              setActiveId(row.step.id);
              fold(row.step.id, !folded.has(row.step.id));
            }}
          />
        ))}
      </div>
      {rows.length === 0 && <p class="step-none">No step has “{filter.trim()}” in its name</p>}
    </div>
  );
}

function Head(props: { scale: TimeScale | undefined; ticks: readonly Tick[] }): JSX.Element {
  const { scale, ticks } = props;
  return (
    <div class="step-head" aria-hidden="true">
      <span>Step</span>
      {scale === undefined ? (
        <>
          <span>Tokens</span>
          <span>Cost</span>
          <span>Duration</span>
        </>
      ) : (
        <span class="step-axis" data-testid="time-axis">
          {ticks.map((tick) => (
            <span key={tick.left} style={{ left: `${tick.left}%` }}>
              {tick.label}
            </span>
          ))}
        </span>
      )}
    </div>
  );
}

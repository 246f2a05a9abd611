import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { type RowRange, rowsInSight } from "../../conversation/row-range";

/**
 * Follows the scrolling of `container`, whose rows are all of one height.
 * @param rowHeight - in CSS pixels
 */
export function useVisibleRange(
  container: RefObject<HTMLElement | null>,
  rowHeight: number,
  rowCount: number,
): RowRange {
  const [range, setRange] = useState<RowRange>({ first: 0, end: 60 });
  useLayoutEffect(() => {
    const element = container.current;
    if (element === null) return;
    const update = (): void => {
      const next = rowsInSight(element.scrollTop, element.clientHeight, rowHeight);
      setRange((held) => (held.first === next.first && held.end === next.end ? held : next));
    };
    update();
    element.addEventListener("scroll", update, { passive: true });
    const observer = new ResizeObserver(update);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", update);
      observer.disconnect();
    };
  }, [container, rowHeight]);
  const end = Math.min(range.end, rowCount);
  // A list that was just filtered is shorter than where it was scrolled to.
  return { first: Math.min(range.first, Math.max(0, end - 1)), end };
}

/** The rows from `first` up to and without `end`. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
}

/** Rows drawn beyond each edge of what is seen, so that scrolling and `j`/`k` find them there. */
export const OVERSCAN_ROWS = 12;

/**
 * Which rows of equal height to draw. Lengths in CSS pixels.
 * @param fromTop - what is seen begins this far below the top of the first row; may be negative
 */
export function rowWindow(list: {
  readonly count: number;
  readonly rowHeight: number;
  readonly fromTop: number;
  readonly viewHeight: number;
}): RowWindow {
  const { count, rowHeight, fromTop, viewHeight } = list;
  const first = Math.floor(fromTop / rowHeight) - OVERSCAN_ROWS;
  const end = Math.ceil((fromTop + viewHeight) / rowHeight) + OVERSCAN_ROWS;
  return { first: clamp(first, count), end: clamp(end, count) };
}

function clamp(index: number, count: number): number {
  return Math.min(count, Math.max(0, index));
}

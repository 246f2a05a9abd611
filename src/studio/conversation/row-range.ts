/** Rows of a long list that are to be in the page: from `first` up to but not with `end`. */
export interface RowRange {
  readonly first: number;
  readonly end: number;
}

/** Rows beyond the edges that are kept, so that scrolling shows no gap. */
const SPARE_ROWS = 12;
/** The range moves by whole steps, so that most scroll events change nothing. */
const STEP_ROWS = 6;

/**
 * The rows that a window over a list shows, and some around them; may go beyond the last row.
 * @param scrollTop - CSS pixels, like the other two
 */
export function rowsInSight(scrollTop: number, height: number, rowHeight: number): RowRange {
  const toStep = (row: number): number => Math.floor(row / STEP_ROWS) * STEP_ROWS;
  return {
    first: Math.max(0, toStep(scrollTop / rowHeight - SPARE_ROWS)),
    end: toStep((scrollTop + height) / rowHeight + SPARE_ROWS) + STEP_ROWS,
  };
}

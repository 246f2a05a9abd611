import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OVERSCAN_ROWS, rowWindow } from "../../../../src/studio/page/list/row-window";

const list = { count: 50_000, rowHeight: 50, viewHeight: 500 };

describe("rowWindow", () => {
  it("draws what is seen and a few rows on each side, of 50,000", () => {
    expect(rowWindow({ ...list, fromTop: 100_000 })).toEqual({
      first: 2_000 - OVERSCAN_ROWS,
      end: 2_010 + OVERSCAN_ROWS,
    });
  });

  it("begins with the first row where the list begins below the top of the window", () => {
    expect(rowWindow({ ...list, fromTop: -200 })).toEqual({ first: 0, end: 6 + OVERSCAN_ROWS });
  });

  it("ends with the last row", () => {
    expect(rowWindow({ ...list, count: 5, fromTop: 0 })).toEqual({ first: 0, end: 5 });
    expect(rowWindow({ ...list, fromTop: 9_999_999 })).toEqual({ first: 50_000, end: 50_000 });
  });

  it("covers every row that is seen, wherever the list is scrolled to", () => {
    fc.assert(
      fc.property(fc.nat(5_000), fc.integer({ min: -1_000, max: 300_000 }), (count, fromTop) => {
        const { first, end } = rowWindow({ ...list, count, fromTop });
        const firstSeen = Math.max(0, Math.floor(fromTop / list.rowHeight));
        const lastSeen = Math.ceil((fromTop + list.viewHeight) / list.rowHeight) - 1;
        for (let row = firstSeen; row <= Math.min(lastSeen, count - 1); row += 1) {
          expect(row).toBeGreaterThanOrEqual(first);
          expect(row).toBeLessThan(end);
        }
        expect(end - first).toBeLessThanOrEqual(11 + 2 * OVERSCAN_ROWS);
      }),
    );
  });
});

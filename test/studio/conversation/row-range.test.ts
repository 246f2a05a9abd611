import fc from "fast-check";
import { expect, it } from "vitest";
import { rowsInSight } from "../../../src/studio/conversation/row-range";

it("holds all rows in sight and few beyond them, wherever the list is scrolled to", () => {
  fc.assert(
    fc.property(fc.nat(3_000_000), fc.nat(2_000), (scrollTop, height) => {
      const { first, end } = rowsInSight(scrollTop, height, 28);
      expect(first * 28).toBeLessThanOrEqual(scrollTop);
      expect(end * 28).toBeGreaterThanOrEqual(scrollTop + height);
      expect(end - first).toBeLessThanOrEqual(height / 28 + 40);
    }),
  );
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { axisTicks } from "../../../src/studio/conversation/axis-ticks";

function labels(startMs: number, lengthMs: number, maxCount: number): readonly string[] {
  return axisTicks({ startMs, lengthMs }, maxCount).map((tick) => tick.label);
}

describe("axisTicks", () => {
  it("stands at round times", () => {
    expect(labels(0, 3_900, 4)).toEqual(["0 ms", "1 s", "2 s", "3 s"]);
    expect(labels(0, 730, 4)).toEqual(["0 ms", "200 ms", "400 ms", "600 ms"]);
    expect(labels(0, 0.9, 5)).toEqual(["0 ms", "0.2 ms", "0.4 ms", "0.6 ms", "0.8 ms"]);
    expect(labels(0, 100 * 60_000, 4)).toEqual(["0 ms", "30 min", "1 h", "1 h 30 min"]);
    expect(labels(0, 40 * 86_400_000, 4)).toEqual(["0 ms", "10 d", "20 d", "30 d", "40 d"]);
  });

  it("counts from the start of the trace where a step began before it", () => {
    expect(axisTicks({ startMs: -500, lengthMs: 2_000 }, 4)).toEqual([
      { left: 0, label: "−500 ms" },
      { left: 25, label: "0 ms" },
      { left: 50, label: "500 ms" },
      { left: 75, label: "1 s" },
      { left: 100, label: "1.5 s" },
    ]);
  });

  it("gives few ticks that stand on the axis for any scale", () => {
    const scale = fc.record({
      startMs: fc.double({ min: -1e15, max: 0, noNaN: true }),
      lengthMs: fc.double({ min: 0.001, max: 2e15, noNaN: true }),
    });
    fc.assert(
      fc.property(scale, fc.integer({ min: 1, max: 12 }), (given, maxCount) => {
        const ticks = axisTicks(given, maxCount);
        expect(ticks.length).toBeLessThanOrEqual(maxCount + 1);
        for (const { left } of ticks) {
          expect(left).toBeLessThanOrEqual(100);
        }
      }),
    );
  });
});

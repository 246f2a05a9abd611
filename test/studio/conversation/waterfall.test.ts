import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { barOf, timeScale } from "../../../src/studio/conversation/waterfall";

function timed(
  startOffsetMs: number,
  durationMs: number,
  timeToFirstTokenMs: number | null = null,
): { startOffsetMs: number; durationMs: number; timeToFirstTokenMs: number | null } {
  return { startOffsetMs, durationMs, timeToFirstTokenMs };
}

describe("timeScale", () => {
  it("is the turn's duration", () => {
    expect(timeScale([timed(10, 20)], 100)).toEqual({ startMs: 0, lengthMs: 100 });
  });

  it("has room for steps that start before the turn or end after it", () => {
    expect(timeScale([timed(-50, 20), timed(90, 60)], 100)).toEqual({
      startMs: -50,
      lengthMs: 200,
    });
  });
});

describe("barOf", () => {
  it("gives offset, width and first token in percent", () => {
    expect(barOf(timed(20, 40, 10), { startMs: 0, lengthMs: 100 })).toEqual({
      left: 20,
      width: 40,
      firstToken: 25,
    });
  });

  it("stays on the axis for any numbers", () => {
    const number = fc.double();
    const one = fc.tuple(number, number, fc.option(number));
    fc.assert(
      fc.property(fc.array(one, { minLength: 1 }), number, (values, durationMs) => {
        const steps = values.map(([start, length, first]) => timed(start, length, first));
        const scale = timeScale(steps, durationMs);
        for (const step of steps) {
          const { left, width, firstToken } = barOf(step, scale);
          expect(left).toBeGreaterThanOrEqual(0);
          expect(width).toBeGreaterThanOrEqual(0);
          expect(left + width).toBeLessThanOrEqual(100.000001);
          if (firstToken !== null) expect(firstToken).toBeLessThanOrEqual(100);
        }
      }),
    );
  });
});

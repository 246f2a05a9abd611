import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createClock } from "../../src/observation/clock";
import { useTraced } from "../support/traced";

describe("the clock", () => {
  it("gives more with each call, also where its source stands still or steps back", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e9, noNaN: true })), (readings) => {
        const left = [...readings];
        const clock = createClock(
          () => left.shift() ?? 0,
          () => 0,
        );
        const times = readings.map(() => clock.now());
        expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0))).toBe(
          true,
        );
      }),
    );
  });

  it("tells neighbours apart by ten nanoseconds, in the first hour and after three years", () => {
    for (const uptimeMs of [3_600_000, 3 * 365 * 86_400_000]) {
      const clock = createClock(
        () => uptimeMs,
        () => 1.8e12,
      );
      const [first, second] = [clock.now(), clock.now()];
      expect(Math.round((second - first) * 1e5)).toBeGreaterThanOrEqual(1);
      expect(second - first).toBeLessThan(1e-4);
    }
  });

  it("keeps its anchor through what a wall clock drifts, and takes a new one after a jump", () => {
    let wallMs = 1_000_000;
    const clock = createClock(
      () => 500,
      () => wallMs,
    );
    const anchored = (): number => {
      const nowMs = clock.anchor();
      expect(clock.now()).toBeGreaterThan(nowMs);
      return clock.epochMs;
    };
    expect(anchored()).toBe(999_500);
    wallMs += 40;
    expect(anchored()).toBe(999_500);
    wallMs -= 3_600_000;
    expect(anchored()).toBe(999_540 - 3_600_000);
  });
});

describe("the clock, after a jump", () => {
  it("gives the wall clock's own time, whatever part of a millisecond its source stands at", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (reading) => {
        let wallMs = 1e9;
        const clock = createClock(
          () => reading,
          () => wallMs,
        );
        wallMs = 1_893_456_000_000;
        const nowMs = clock.anchor();
        const { epochMs } = clock;
        expect(Number.isInteger(epochMs)).toBe(true);
        expect(Math.abs(epochMs + nowMs - wallMs)).toBeLessThan(1e-3);
        expect(Math.abs(epochMs + clock.now() - wallMs)).toBeLessThan(1e-3);
      }),
    );
  });
});

describe("times on the wire", () => {
  const traced = useTraced();
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it("of five siblings in a row are distinct nanoseconds in the order they started, whatever the clock's resolution", async () => {
    const { client } = traced;
    vi.spyOn(performance, "now").mockReturnValue(performance.now());
    client.startAsCurrentSpan("root", () => {
      for (let index = 1; index <= 5; index += 1) client.startSpan(`sibling ${index}`).end();
    });
    vi.restoreAllMocks();
    await client.flush();

    const starts = [1, 2, 3, 4, 5].map(
      (index) => traced.sink.span(`sibling ${index}`).startTimeUnixNano,
    );
    const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0n));
    expect(gaps.every((gap) => gap > 0n && gap < 1_000n)).toBe(true);
  });

  it("are those of one clock, though the wall clock jumps back and forth between start and end", async () => {
    const { client } = traced;
    const HOUR_MS = 3_600_000;
    const realNow = Date.now;
    let offsetMs = 0;
    vi.spyOn(Date, "now").mockImplementation(() => realNow() + offsetMs);
    const startedAt = Date.now();

    const root = client.startSpan("root");
    offsetMs = -HOUR_MS;
    const child = root.startSpan("child");
    const other = client.startSpan("another trace");
    offsetMs = HOUR_MS;
    child.end();
    other.end();
    root.end();
    vi.restoreAllMocks();
    const tookMs = Date.now() - startedAt;
    await client.flush();

    const [rootSpan, childSpan, otherSpan] = ["root", "child", "another trace"].map((name) =>
      traced.sink.span(name),
    );
    const order = [
      rootSpan?.startTimeUnixNano,
      childSpan?.startTimeUnixNano,
      childSpan?.endTimeUnixNano,
      rootSpan?.endTimeUnixNano,
    ].map((time) => time ?? 0n);
    expect([...order].sort((a, b) => Number(a - b))).toEqual(order);
    expect(new Set(order).size).toBe(4);
    const spreadNano = (order[3] ?? 0n) - (order[0] ?? 0n);
    expect(spreadNano).toBeLessThanOrEqual(BigInt(tookMs + 1) * 1_000_000n);
    // A trace that begins after a jump goes by the clock as it was set then, to its end.
    const behindMs = Number((order[0] ?? 0n) - (otherSpan?.startTimeUnixNano ?? 0n)) / 1e6;
    expect(Math.round(behindMs / HOUR_MS)).toBe(1);
    const otherNano = (otherSpan?.endTimeUnixNano ?? 0n) - (otherSpan?.startTimeUnixNano ?? 0n);
    expect(otherNano).toBeGreaterThan(0n);
    expect(otherNano).toBeLessThanOrEqual(spreadNano);
  });

  it("are those of fake timers while these run, and real ones again after, also of a client made before", async () => {
    const { client } = traced;
    const NEW_YEAR_MS = Date.UTC(2030, 0, 1);
    const open = client.startSpan("open across both");
    vi.useFakeTimers({ now: NEW_YEAR_MS });
    const root = client.startSpan("root");
    vi.advanceTimersByTime(1_000);
    const child = root.startSpan("child");
    vi.advanceTimersByTime(250);
    child.end();
    root.end();
    open.startSpan("inside").end();
    vi.useRealTimers();
    const realMs = Date.now();
    client.startSpan("real").end();
    open.end();
    await client.flush();

    /** In milliseconds: since the new year, and from start to end. */
    const timesOf = (name: string): { startMs: number; tookMs: number } => {
      const { startTimeUnixNano, endTimeUnixNano } = traced.sink.span(name);
      return {
        // Plus 0: a time some nanoseconds before the new year would round to -0.
        startMs: Math.round(Number(startTimeUnixNano - BigInt(NEW_YEAR_MS) * 1_000_000n) / 1e6) + 0,
        tookMs: Math.round(Number(endTimeUnixNano - startTimeUnixNano) / 1e6),
      };
    };
    expect(timesOf("root")).toEqual({ startMs: 0, tookMs: 1_250 });
    expect(timesOf("child")).toEqual({ startMs: 1_000, tookMs: 250 });
    expect(timesOf("inside").tookMs).toBe(0);
    expect(timesOf("open across both").tookMs).toBeGreaterThanOrEqual(0);
    const real = timesOf("real");
    expect(Math.abs(real.startMs + NEW_YEAR_MS - realMs)).toBeLessThan(1_000);
    expect(real.tookMs).toBeLessThan(1_000);
  });

  it("that the user gives are kept, with their fractions", async () => {
    const { client } = traced;
    client.startSpan({ name: "given", startTime: 1_767_323_045_678.5 }).end(1_767_323_045_679.25);
    client.startSpan({ name: "dated", startTime: new Date(1_000) }).end(new Date(2_000));
    await client.flush();

    const given = traced.sink.span("given");
    expect([given.startTimeUnixNano, given.endTimeUnixNano]).toEqual([
      1_767_323_045_678_500_000n,
      1_767_323_045_679_250_000n,
    ]);
    const dated = traced.sink.span("dated");
    expect([dated.startTimeUnixNano, dated.endTimeUnixNano]).toEqual([
      1_000_000_000n,
      2_000_000_000n,
    ]);
  });
});

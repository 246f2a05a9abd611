import { describe, expect, it } from "vitest";
import { createPlainClock, createSkippingClock } from "../../../src/studio/playback/idle-clock";
import { momentAt, turnIndexAt } from "../../../src/studio/playback/moment";
import {
  countMarks,
  scrubberGaps,
  scrubberMarks,
} from "../../../src/studio/playback/scrubber-marks";
import { createSessionTimeline } from "../../../src/studio/playback/session-timeline";
import { scoreAt, turnOutline } from "./outline";

describe("the timeline of a session", () => {
  it("starts at 0 with the earliest turn, whatever order turns came in, to the microsecond", () => {
    const late = { ...turnOutline("b", 5_000, 1_000), startedAt: "2025-11-22T10:20:05.000250Z" };
    const timeline = createSessionTimeline({ turns: [late, turnOutline("a", 1_000, 500)] });

    expect(timeline.turns.map(({ traceId, startMs }) => [traceId, startMs])).toEqual([
      ["a", 0],
      ["b", 4_000.25],
    ]);
    expect(timeline.durationMs).toBe(5_000.25);
  });

  it("marks turns, tools, first tokens, errors, scores and ends, in order of time", () => {
    const turn = turnOutline(
      "a",
      0,
      4_000,
      [
        { id: "search", type: "retriever", startOffsetMs: 200, durationMs: 300 },
        { id: "say", type: "generation", startOffsetMs: 600, timeToFirstTokenMs: 400 },
        { id: "book", type: "tool", startOffsetMs: 2_000, durationMs: 500, level: "ERROR" },
      ],
      [scoreAt("early", 1_500, "say"), scoreAt("a day later", 86_400_000, null)],
    );

    const { marks } = createSessionTimeline({ turns: [turn] });

    expect(marks.map(({ atMs, kind, label }) => [atMs, kind, label])).toEqual([
      [0, "turn", ""],
      [200, "tool", "search"],
      [1_000, "first-token", "say"],
      [1_500, "score", "early"],
      [2_000, "tool", "book"],
      [2_500, "error", "book"],
      [4_000, "score", "a day later"],
      [4_000, "end", ""],
    ]);
  });

  it("keeps steps whose clock was off within their turn", () => {
    const steps = [
      { id: "before", type: "tool" as const, startOffsetMs: -5_000 },
      { id: "after", type: "tool" as const, startOffsetMs: 9_000 },
      { id: "nowhere", type: "tool" as const, startOffsetMs: Number.NaN },
    ];
    const { marks } = createSessionTimeline({ turns: [turnOutline("a", 0, 1_000, steps)] });
    const tools = marks.filter(({ kind }) => kind === "tool");
    expect(tools.map(({ label, atMs }) => [label, atMs])).toEqual([
      ["before", 0],
      ["nowhere", 0],
      ["after", 1_000],
    ]);
  });

  it("finds silence of two seconds and more, and none while any turn runs", () => {
    const { idleGaps } = createSessionTimeline({
      turns: [
        turnOutline("a", 0, 10_000),
        turnOutline("b", 1_000, 1_000),
        turnOutline("c", 11_999, 1),
        turnOutline("d", 14_000, 500),
      ],
    });
    expect(idleGaps).toEqual([{ fromMs: 12_000, toMs: 14_000 }]);
  });

  it("is empty for a session without turns", () => {
    const timeline = createSessionTimeline({ turns: [] });
    expect(timeline).toMatchObject({ durationMs: 0, turns: [], marks: [], idleGaps: [] });
    expect(turnIndexAt(timeline, 0)).toBe(-1);
  });
});

describe("a moment", () => {
  const timeline = createSessionTimeline({
    turns: [
      turnOutline("a", 0, 1_000),
      turnOutline("b", 2_000, 8_000),
      turnOutline("c", 3_000, 1_000),
      turnOutline("d", 5_000, 1_000),
    ],
  });

  it.each([
    [0, 1, 0],
    [1_000, 1, 1],
    [2_000, 2, 1],
    [4_500, 3, 1],
    [5_000, 4, 1],
    [10_000, 4, 4],
  ])("at %d ms has %d turns started, the first %d of them ended", (atMs, started, ended) => {
    expect(momentAt(timeline, atMs)).toEqual({ startedCount: started, firstOpen: ended });
  });

  it("belongs to the turn that started last, before any to the first", () => {
    expect([-1, 1_500, 3_500, 99_999].map((atMs) => turnIndexAt(timeline, atMs))).toEqual([
      0, 0, 2, 3,
    ]);
  });
});

describe("played time", () => {
  const timeline = createSessionTimeline({
    turns: [
      turnOutline("a", 0, 1_000),
      turnOutline("b", 61_000, 1_000),
      turnOutline("c", 122_000, 1_000),
    ],
  });
  const clock = createSkippingClock(timeline);

  it("passes each idle gap in half a second and all else at its pace", () => {
    expect(clock.durationMs).toBe(4_000);
    expect([0, 500, 1_000, 31_000, 61_000, 61_500, 122_000, 123_000].map(clock.toPlayed)).toEqual([
      0, 500, 1_000, 1_250, 1_500, 2_000, 3_000, 4_000,
    ]);
  });

  it("translates back to where it came from", () => {
    for (let ms = 0; ms <= 123_000; ms += 61) {
      expect(clock.toSession(clock.toPlayed(ms))).toBeCloseTo(ms, 6);
    }
  });

  it("stays within the session", () => {
    expect([clock.toSession(-1), clock.toSession(1e9), clock.toPlayed(1e9)]).toEqual([
      0, 123_000, 4_000,
    ]);
    expect(createPlainClock(timeline).toSession(1e9)).toBe(123_000);
  });
});

describe("the marks of the scrubber", () => {
  it("stand at their share of the played time and count what falls together", () => {
    const timeline = createSessionTimeline({
      turns: [
        turnOutline(
          "a",
          0,
          1_000,
          [{ id: "x", level: "ERROR", durationMs: 500 }],
          [scoreAt("good", 800, null)],
        ),
        turnOutline("b", 1_000, 1_000, [
          { id: "y", level: "ERROR", durationMs: 500 },
          { id: "z", level: "ERROR", durationMs: 501 },
        ]),
      ],
    });
    expect(scrubberMarks(timeline, createPlainClock(timeline))).toEqual([
      { kind: "turn", percent: 0, count: 1 },
      { kind: "error", percent: 25, count: 1 },
      { kind: "score", percent: 40, count: 1 },
      { kind: "turn", percent: 50, count: 1 },
      { kind: "error", percent: 75, count: 2 },
    ]);
  });

  it("are counted by kind round a place, the starts of turns aside", () => {
    const marks = [
      { kind: "turn", percent: 10, count: 1 },
      { kind: "first-token", percent: 10, count: 1 },
      { kind: "error", percent: 10.2, count: 1 },
      { kind: "first-token", percent: 10.5, count: 2 },
      { kind: "first-token", percent: 11.5, count: 4 },
    ] as const;
    expect(countMarks(marks, { percent: 10.5, within: 0.5 })).toEqual([
      { kind: "first-token", count: 3 },
      { kind: "error", count: 1 },
    ]);
  });

  it("are few, however long the session", () => {
    const turns = Array.from({ length: 5_000 }, (_, index) =>
      turnOutline(`${index}`, index * 5_000, 1_000, [{ id: "x", level: "ERROR" }]),
    );
    const timeline = createSessionTimeline({ turns });
    const clock = createSkippingClock(timeline);
    expect(scrubberMarks(timeline, clock).length).toBeLessThanOrEqual(602);
    expect(scrubberGaps(timeline, clock).length).toBeLessThanOrEqual(300);
  });
});

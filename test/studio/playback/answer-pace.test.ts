import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerPace } from "../../../src/studio/playback/answer-pace";

const step = { startOffsetMs: 0, durationMs: 0, timeToFirstTokenMs: null };

describe("the pace of an answer", () => {
  it("is the recorded one, letter by letter", () => {
    const reply = { ...step, startOffsetMs: 1_000, streamTimeline: [200, 3, 250, 4, 900, 2] };
    const pace = answerPace({ durationMs: 3_000, observations: [reply] }, 9);

    expect([pace.firstMs, pace.lastMs]).toEqual([1_200, 1_900]);
    expect([0, 1_199, 1_200, 1_249, 1_250, 1_899, 1_900, 3_000].map(pace.lengthAt)).toEqual([
      0, 0, 3, 3, 7, 7, 9, 9,
    ]);
  });

  it("is in proportion where the answer is not letter by letter what was streamed", () => {
    const reply = { ...step, streamTimeline: [100, 10, 200, 10, 300, 20] };
    const pace = answerPace({ durationMs: 400, observations: [reply] }, 8);
    expect([100, 200, 300].map(pace.lengthAt)).toEqual([2, 4, 8]);
  });

  it("is that of the step that wrote as much as the answer has, though another ended later", () => {
    const observations = [
      { ...step, durationMs: 500, streamTimeline: [100, 6] },
      { ...step, startOffsetMs: 600, durationMs: 500, streamTimeline: [100, 2] },
    ];
    expect(answerPace({ durationMs: 2_000, observations }, 6).lastMs).toBe(100);
  });

  it("is that of the last recorded stream where none is as long as the answer", () => {
    const observations = [
      { ...step, durationMs: 500, streamTimeline: [100, 6] },
      { ...step, startOffsetMs: 600, durationMs: 500, streamTimeline: [100, 2] },
    ];
    expect(answerPace({ durationMs: 2_000, observations }, 5).lastMs).toBe(700);
  });

  it("is even between first token and end where only these are known", () => {
    const reply = { startOffsetMs: 100, durationMs: 1_000, timeToFirstTokenMs: 200 };
    const pace = answerPace({ durationMs: 2_000, observations: [reply] }, 80);
    expect([299, 300, 500, 1_099, 1_100].map(pace.lengthAt)).toEqual([0, 0, 20, 79, 80]);
  });

  it("is all at once at the end of the turn where nothing was streamed", () => {
    const pace = answerPace({ durationMs: 2_000, observations: [step] }, 80);
    expect([0, 1_999, 2_000].map(pace.lengthAt)).toEqual([0, 0, 80]);
  });

  it("never falls, ends with all of the answer, and never has more, for any timeline", () => {
    const point = fc.tuple(fc.nat(1_000), fc.nat(50));
    fc.assert(
      fc.property(fc.array(point, { minLength: 1 }), fc.nat(2_000), (points, length) => {
        const streamTimeline = points.sort((one, other) => one[0] - other[0]).flat();
        const turn = { durationMs: 2_000, observations: [{ ...step, streamTimeline }] };
        const pace = answerPace(turn, length);
        const lengths = Array.from({ length: 110 }, (_, index) => pace.lengthAt(index * 10));
        expect(lengths).toEqual([...lengths].sort((one, other) => one - other));
        expect(lengths.at(-1)).toBe(length);
      }),
    );
  });
});

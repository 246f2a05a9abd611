import { expect, it } from "vitest";
import { StreamTimeline } from "../../src/capture/stream-timeline";

it("keeps at most 2,000 points, in order of time, and every character", () => {
  const timeline = new StreamTimeline();
  for (let ms = 0; ms < 10_001; ms += 1) timeline.add(ms + 0.4, (ms % 3) + 1);
  const points = JSON.parse(timeline.toText() ?? "") as number[];
  const times = points.filter((_, index) => index % 2 === 0);
  const characters = points.filter((_, index) => index % 2 === 1);

  expect(times.length).toBeLessThanOrEqual(2_000);
  expect(times.length).toBeGreaterThan(900);
  expect(times).toEqual([...times].sort((one, other) => one - other));
  expect([times[0], times.at(-1)]).toEqual([7, 10_000]);
  expect(characters.reduce((sum, count) => sum + count, 0)).toBe(20_001);
});

it("is nothing where nothing came", () => {
  expect(new StreamTimeline().toText()).toBeUndefined();
});

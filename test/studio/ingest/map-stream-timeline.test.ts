import { expect, it } from "vitest";
import { mapStreamTimeline } from "../../../src/studio/ingest/map-stream-timeline";

const KEY = "playhead.stream.timeline";

it("reads pairs of milliseconds and characters", () => {
  expect(mapStreamTimeline(new Map([[KEY, "[120,5,120,0,340,12]"]]))).toEqual({
    streamTimeline: [120, 5, 120, 0, 340, 12],
  });
});

it.each([
  ["absent", undefined],
  ["not JSON", "[1,"],
  ["not a list", '{"1":2}'],
  ["empty", "[]"],
  ["half a pair", "[1,2,3]"],
  ["not numbers", '[1,"2"]'],
  ["negative", "[1,-2]"],
  ["running backwards", "[5,1,4,1]"],
  ["longer than any client sends", JSON.stringify(Array.from({ length: 8_002 }, (_, at) => at))],
])("takes none that is %s", (_, value) => {
  expect(mapStreamTimeline(new Map(value === undefined ? [] : [[KEY, value]]))).toEqual({});
});

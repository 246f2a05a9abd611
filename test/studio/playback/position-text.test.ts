import { expect, it } from "vitest";
import { positionText } from "../../../src/studio/playback/position-text";

it.each([
  [0, "0:00.0"],
  [-5, "0:00.0"],
  [7_390, "0:07.3"],
  [59_999, "0:59.9"],
  [725_000, "12:05.0"],
  [3_725_000, "1:02:05"],
  [93_784_000, "26:03:04"],
])("writes %d ms as %s", (timeMs, text) => {
  expect(positionText(timeMs)).toBe(text);
});

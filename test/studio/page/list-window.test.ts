import { expect, it } from "vitest";
import { listWindow, offsetOf } from "../../../src/studio/page/session/list-window";

const heightOf = (index: number): number => 100 + (index % 2) * 50;

it("holds the items that touch the stretch, and the room of the others", () => {
  expect(listWindow(10, heightOf, { top: 260, bottom: 500 })).toEqual({
    from: 2,
    to: 4,
    before: 250,
    after: 750,
  });
});

it.each([
  [
    { top: -500, bottom: -100 },
    { from: 0, to: 1, before: 0, after: 1_150 },
  ],
  [
    { top: 5_000, bottom: 6_000 },
    { from: 9, to: 10, before: 1_100, after: 0 },
  ],
  [
    { top: -1e6, bottom: 1e6 },
    { from: 0, to: 10, before: 0, after: 0 },
  ],
])("of the stretch %j has %j", (stretch, expected) => {
  expect(listWindow(10, heightOf, stretch)).toEqual(expected);
});

it("is empty for an empty list", () => {
  const nothing = { from: 0, to: 0, before: 0, after: 0 };
  expect(listWindow(0, heightOf, { top: 0, bottom: 900 })).toEqual(nothing);
});

it("knows where an item starts", () => {
  expect([0, 1, 4].map((index) => offsetOf(index, heightOf))).toEqual([0, 100, 500]);
});

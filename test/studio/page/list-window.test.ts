import { expect, it } from "vitest";
import { itemAt, listWindow, offsetOf } from "../../../src/studio/page/session/list-window";

const heightOf = (index: number): number => 100 + (index % 2) * 50;

it("holds the items that touch the stretch with their neighbours, and the room of the others", () => {
  expect(listWindow(10, heightOf, { top: 260, bottom: 500 })).toEqual({
    from: 1,
    to: 5,
    before: 100,
    after: 650,
  });
});

it("holds the neighbours of an item that is higher than the stretch", () => {
  const high = (index: number): number => (index === 4 ? 5_000 : 100);
  expect(listWindow(10, high, { top: 2_000, bottom: 3_000 })).toEqual({
    from: 3,
    to: 6,
    before: 300,
    after: 400,
  });
});

it.each([
  [
    { top: -500, bottom: -100 },
    { from: 0, to: 2, before: 0, after: 1_000 },
  ],
  [
    { top: 5_000, bottom: 6_000 },
    { from: 8, to: 10, before: 1_000, after: 0 },
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

it.each([
  [-1, { index: 0, offset: 0 }],
  [99, { index: 0, offset: 0 }],
  [100, { index: 1, offset: 100 }],
  [300, { index: 2, offset: 250 }],
  [5_000, { index: 9, offset: 1_100 }],
])("finds the item at %d", (place, expected) => {
  expect(itemAt(10, heightOf, place)).toEqual(expected);
});

it("knows where an item starts", () => {
  expect([0, 1, 4].map((index) => offsetOf(index, heightOf))).toEqual([0, 100, 500]);
});

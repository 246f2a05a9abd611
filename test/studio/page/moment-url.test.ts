import { expect, it } from "vitest";
import { readMoment, withMoment } from "../../../src/studio/page/session/moment-url";

it.each([
  ["?t=12.5", { timeMs: 12_500, observationId: null }],
  ["?id=..&t=0&observation=a%20b", { timeMs: 0, observationId: "a b" }],
  ["?t=&observation=", { timeMs: null, observationId: null }],
  ["?t=-1", { timeMs: null, observationId: null }],
  ["?t=Infinity", { timeMs: null, observationId: null }],
  ["", { timeMs: null, observationId: null }],
])("reads %j", (search, moment) => {
  expect(readMoment(search)).toEqual(moment);
});

it("writes seconds to the millisecond, and keeps the rest of the address", () => {
  const written = withMoment("http://studio/session?id=..", {
    timeMs: 64_000.4,
    observationId: "a b",
  });
  expect(written).toBe("http://studio/session?id=..&t=64&observation=a+b");
  expect(withMoment(written, { timeMs: null, observationId: null })).toBe(
    "http://studio/session?id=..",
  );
});

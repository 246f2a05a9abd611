import { expect, it } from "vitest";
import { readMoment, withMoment } from "../../../src/studio/page/session/moment-url";

it.each([
  ["?t=12.5", { timeMs: 12_500, observationId: null, traceId: null }],
  ["?id=..&t=0&observation=a%20b", { timeMs: 0, observationId: "a b", traceId: null }],
  ["?trace=a%2Fb", { timeMs: null, observationId: null, traceId: "a/b" }],
  ["?t=&observation=&trace=", { timeMs: null, observationId: null, traceId: null }],
  ["?t=-1", { timeMs: null, observationId: null, traceId: null }],
  ["?t=Infinity", { timeMs: null, observationId: null, traceId: null }],
  ["", { timeMs: null, observationId: null, traceId: null }],
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

it("names the turn to begin at until it names a moment or a step", () => {
  const arrived = "http://studio/sessions/chat?trace=t1";
  const nowhere = { timeMs: null, observationId: null };
  expect(withMoment(arrived, nowhere)).toBe(arrived);
  expect(withMoment(arrived, { ...nowhere, timeMs: 500 })).toBe(
    "http://studio/sessions/chat?t=0.5",
  );
  expect(withMoment(arrived, { ...nowhere, observationId: "a" })).toBe(
    "http://studio/sessions/chat?observation=a",
  );
});

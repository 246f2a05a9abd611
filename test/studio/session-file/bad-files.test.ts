import { describe, expect, it } from "vitest";
import {
  InvalidSessionFileError,
  readSessionFile,
} from "../../../src/studio/session-file/read-session-file";
import type { SessionFile } from "../../../src/studio/session-file/session-file-types";
import { mediaOf } from "../store/media";
import { observationOf, START_US, scoreOf } from "../store/records";

const { traceId: _, ...OBSERVATION } = observationOf({ sessionId: "s" });
const CONTENT = Buffer.from("a picture");
const MEDIA: SessionFile["media"][number] = {
  ...mediaOf(CONTENT),
  uploadedUs: START_US,
  places: [{ traceId: "t", observationId: null, field: "input" }],
  content: CONTENT.toString("base64"),
};
const FILE: SessionFile = {
  format: "playhead.session",
  version: 1,
  session: { id: "s", isBookmarked: false },
  traces: [{ id: "t", observations: [OBSERVATION] }],
  scores: [scoreOf({ traceId: "t" })],
  comments: [],
  media: [MEDIA],
};

const COMMENT = {
  id: "c",
  objectType: "TRACE",
  objectId: "elsewhere",
  content: "",
  authorUserId: null,
  createdUs: START_US,
} as const;

const traceWith = (change: object): object => ({
  traces: [{ id: "t", observations: [{ ...OBSERVATION, ...change }] }],
});
const traceWithMany = (count: number, observation: object): object => ({
  traces: [{ id: "t", observations: Array(count).fill(observation) }],
});

it("is read as it was written, with names that it does not know passed over", () => {
  expect(readSessionFile(JSON.stringify({ ...FILE, of: "a later version" }))).toEqual(FILE);
});

describe("a file is refused", () => {
  it.each([
    ["that is empty", "", "text that is not JSON, or breaks off"],
    ["that breaks off", JSON.stringify(FILE).slice(0, -10), "text that is not JSON, or breaks off"],
    ["that is something else", "[]", 'JSON without "format": "playhead.session"'],
    [
      "that is nested without end",
      "[".repeat(10_000) + "]".repeat(10_000),
      "text that is not JSON, or breaks off",
    ],
  ])("%s", (_, text, message) => {
    expect(() => readSessionFile(text)).toThrow(InvalidSessionFileError);
    expect(() => readSessionFile(text)).toThrow(
      `Expected a session as the studio exports it (JSON), got ${message}.`,
    );
  });

  it.each([
    ["of a later version", { version: 2 }, "version 2, which a newer playhead wrote"],
    ["of no version", { version: "x" }, "a file with mistakes: version: Invalid input"],
    ["without a trace", { traces: [] }, "traces: Too small"],
    [
      "with a trace without observations",
      { traces: [{ id: "t", observations: [] }] },
      "traces[0].observations: Too small",
    ],
    [
      "with an observation of an unknown type",
      traceWith({ type: "thought" }),
      "traces[0].observations[0].type: Invalid option",
    ],
    [
      "with a time that is no whole number",
      traceWith({ startUs: 0.5 }),
      "traces[0].observations[0].startUs: Invalid input: expected int",
    ],
    [
      "with metadata that are no object",
      traceWith({ metadata: [] }),
      "traces[0].observations[0].metadata: Invalid input: expected object",
    ],
    [
      "with usage that is no number",
      traceWith({ usageDetails: { input: "1" } }),
      "usageDetails: Invalid input: expected an object of numbers",
    ],
    [
      "with an observation that ends before it starts",
      traceWith({ endUs: OBSERVATION.startUs - 1 }),
      'the observation "o" of the trace "t" ends before it starts',
    ],
    [
      "with a trace of another session",
      traceWith({ sessionId: "other" }),
      'no observation of the trace "t" names the session "s"',
    ],
    [
      "with a trace whose last observation to name a session names another",
      {
        traces: [
          { id: "t", observations: [OBSERVATION, { ...OBSERVATION, id: "p", sessionId: "other" }] },
        ],
      },
      'the trace "t" is of another session',
    ],
    [
      "with a trace twice",
      { traces: [...FILE.traces, ...FILE.traces] },
      'the trace "t" stands in it twice',
    ],
    [
      "with a score of another trace",
      { scores: [scoreOf({ traceId: "elsewhere" })] },
      'the score "score" is of another session or trace',
    ],
    [
      "with a comment on another trace",
      { comments: [COMMENT] },
      'the comment "c" is on another session, trace or observation',
    ],
    [
      "with a picture of another content",
      { media: [{ ...MEDIA, content: Buffer.from("A picture").toString("base64") }] },
      "has a content of another hash",
    ],
    [
      "with a picture that breaks off",
      { media: [{ ...MEDIA, content: "YQ==" }] },
      "has a content of 1 bytes, in place of 9",
    ],
    [
      "with a picture under another name",
      { media: [{ ...MEDIA, id: "x".repeat(22) }] },
      "has an id that is not the beginning of its hash",
    ],
    [
      "with a picture in another trace",
      {
        media: [
          { ...MEDIA, places: [{ traceId: "elsewhere", observationId: null, field: "input" }] },
        ],
      },
      "stands in another trace",
    ],
    [
      "with a picture that was uploaded, and is not there",
      { media: [{ ...MEDIA, content: null }] },
      "has a content without the time of its upload, or the time without the content",
    ],
  ])("%s", (_, change, message) => {
    const text = JSON.stringify({ ...FILE, ...change });
    expect(() => readSessionFile(text)).toThrow(InvalidSessionFileError);
    expect(() => readSessionFile(text)).toThrow(message);
  });
});

it.each([
  ["scores", { scores: Array(200_000).fill({}) }, "scores[0].id: "],
  ["observations", traceWithMany(200_000, {}), "traces[0].observations[0].id: "],
  ["tags", traceWith({ tags: Array(200_000).fill(1) }), "traces[0].observations[0].tags: "],
  [
    "exceptions",
    traceWith({ exceptions: Array(200_000).fill(1) }),
    "traces[0].observations[0].exceptions[0]: ",
  ],
  [
    "times",
    traceWith({ streamTimeline: Array(200_000).fill("1") }),
    "traces[0].observations[0].streamTimeline: ",
  ],
  ["places", { media: [{ ...MEDIA, places: Array(200_000).fill({}) }] }, "media[0].places[0]."],
])("tells the first mistakes of a file with no end of wrong %s", (_, change, first) => {
  const text = JSON.stringify({ ...FILE, ...change });
  expect(() => readSessionFile(text)).toThrow(InvalidSessionFileError);
  expect(() => readSessionFile(text)).toThrow(`a file with mistakes: ${first}`);
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type IngestionAnswer,
  readIngestionAnswer,
} from "../../../src/export/ingestion/read-answer";

function read(status: number, answer: unknown): IngestionAnswer {
  return readIngestionAnswer(status, JSON.stringify(answer));
}

/** The outcome of one event that the server has this to say about. */
function outcomeOf(error: object): unknown {
  const answer = read(207, { successes: [], errors: [{ id: "e", ...error }] });
  return "outcomes" in answer ? answer.outcomes.get("e") : answer;
}

const ISSUES = JSON.stringify([
  { code: "invalid_type", path: ["body", "usage", "input"], message: "got 'secret content'" },
]);

describe("readIngestionAnswer", () => {
  it("tells delivered events from rejected ones and from those to send again", () => {
    const answer = read(207, {
      successes: [{ id: "a", status: 201 }],
      errors: [
        { id: "b", status: 400, message: "Invalid request data", error: ISSUES },
        { id: "c", status: 500, error: "Internal Server Error" },
      ],
    });
    expect(answer).toEqual({
      status: "answered",
      outcomes: new Map<string, unknown>([
        ["a", { status: "delivered" }],
        [
          "b",
          {
            status: "rejected",
            code: "HTTP 400",
            reason: "HTTP 400: Invalid request data (body.usage.input)",
          },
        ],
        ["c", { status: "retryable", code: "HTTP 500", reason: "HTTP 500" }],
      ]),
    });
  });

  it.each([
    [400, "rejected"],
    [401, "rejected"],
    [404, "rejected"],
    [413, "rejected"],
    [408, "retryable"],
    [425, "retryable"],
    [429, "retryable"],
    [500, "retryable"],
    [503, "retryable"],
    [undefined, "rejected"],
  ])("takes an event that failed with %s as %s", (status, expected) => {
    expect(outcomeOf({ status, message: "no" })).toMatchObject({ status: expected });
  });

  it("says what to do when the server takes no legacy events, and keeps those for another way", () => {
    const answer = read(207, {
      successes: [{ id: "score", status: 201 }],
      errors: [
        {
          id: "span",
          status: 400,
          message: "Event type not accepted",
          error: 'Event type "span-create" is not accepted by /api/public/ingestion.',
        },
      ],
    });
    expect(answer).toEqual({
      status: "unsupported",
      code: "HTTP 400",
      reason: "HTTP 400: Event type not accepted",
      advice:
        "This server takes only scores at /api/public/ingestion (Langfuse v4 does). " +
        'Set protocol to "otlp" or "auto" for traces.',
      outcomes: new Map<string, unknown>([
        ["score", { status: "delivered" }],
        [
          "span",
          { status: "retryable", code: "HTTP 400", reason: "HTTP 400: Event type not accepted" },
        ],
      ]),
    });
  });

  it("believes the error of an event that is named as a success, too", () => {
    const answer = read(207, { successes: [{ id: "e" }], errors: [{ id: "e", status: 503 }] });
    expect("outcomes" in answer && answer.outcomes.get("e")).toMatchObject({ status: "retryable" });
  });

  it("cuts a server's long message and puts it on one line", () => {
    const outcome = outcomeOf({ status: 400, message: `a\n\u0000b ${"x".repeat(5_000)}` });
    expect(outcome).toEqual({
      status: "rejected",
      code: "HTTP 400",
      reason: `HTTP 400: a b ${"x".repeat(196)}...`,
    });
  });

  it("looks at the beginning of a server's message only", () => {
    const outcome = outcomeOf({ status: 400, message: `told ${" ".repeat(500_000)}beyond` });
    expect(outcome).toEqual({ status: "rejected", code: "HTTP 400", reason: "HTTP 400: told" });
  });

  it.each([
    ["a list that is cut off", '{"successes":[{"id":"a","status":20'],
    ["HTML", "<html>"],
    ["nothing", ""],
    ["lists of another kind", '{"successes":{},"errors":[]}'],
  ])("asks to send again after a 207 with %s", (_, text) => {
    expect(readIngestionAnswer(207, text)).toEqual({
      status: "retryable",
      code: "HTTP 207",
      reason: "HTTP 207: its list of outcomes cannot be read",
    });
  });

  it.each([200, 201, 204])("takes a %s without a list as delivered", (status) => {
    expect(readIngestionAnswer(status, "{}")).toEqual({ status: "delivered" });
    expect(readIngestionAnswer(status, "")).toEqual({ status: "delivered" });
  });

  it.each([302, 400, 401, 404, 413, 500, 503])(
    "leaves a %s of the whole request to others",
    (status) => {
      expect(read(status, { message: "x" })).toEqual({ status: "failed" });
    },
  );

  it("never throws, whatever comes", () => {
    const item = fc.record(
      { id: fc.anything(), status: fc.anything(), message: fc.anything(), error: fc.json() },
      { requiredKeys: [] },
    );
    const list = fc.oneof(fc.array(fc.oneof(item, fc.jsonValue())), fc.jsonValue());
    const answer = fc.record({ successes: list, errors: list }, { requiredKeys: [] });
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      answer.map((each) =>
        JSON.stringify(each, (_, value) => (typeof value === "bigint" ? 1 : value)),
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(200, 207), text, (status, each) => {
        expect(readIngestionAnswer(status, each).status).toMatch(
          /^(delivered|answered|unsupported|retryable)$/,
        );
      }),
      { numRuns: 500 },
    );
  });
});

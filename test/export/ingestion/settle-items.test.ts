import { describe, expect, it } from "vitest";
import type { EventOutcome } from "../../../src/export/ingestion/read-answer";
import { settleItems } from "../../../src/export/ingestion/settle-items";

const DELIVERED: EventOutcome = { status: "delivered" };
const REJECTED: EventOutcome = { status: "rejected", code: "HTTP 400", reason: "HTTP 400: bad" };
const RETRYABLE: EventOutcome = { status: "retryable", code: "HTTP 503", reason: "HTTP 503" };

const outcomes = new Map<string, EventOutcome>([
  ["delivered", DELIVERED],
  ["also delivered", DELIVERED],
  ["rejected", REJECTED],
  ["retryable", RETRYABLE],
]);

describe("settleItems", () => {
  it.each<[string, readonly string[], EventOutcome]>([
    ["delivered when all its events are", ["delivered", "also delivered"], DELIVERED],
    ["rejected when one of its events is", ["delivered", "rejected"], REJECTED],
    ["to be sent again when one of its events is", ["delivered", "retryable"], RETRYABLE],
    ["to be sent again even where another is rejected", ["rejected", "retryable"], RETRYABLE],
    [
      "to be sent again when one of its events had no answer",
      ["delivered", "unknown"],
      { status: "retryable", code: "no answer", reason: "no answer for one of its events" },
    ],
  ])("counts an item as %s", (_, eventIds, expected) => {
    expect(settleItems([eventIds], outcomes)).toEqual([expected]);
  });

  it("rejects what could not be read, and keeps the order of the items", () => {
    expect(settleItems([["rejected"], undefined, ["delivered"]], outcomes)).toEqual([
      REJECTED,
      { status: "rejected", code: "unreadable", reason: "unreadable: its bytes are no span" },
      DELIVERED,
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { createScoreEvent } from "../../../src/export/ingestion/score-event";

const QUEUED_AT_MS = Date.UTC(2025, 10, 22, 10, 20, 0, 5);

describe("createScoreEvent", () => {
  it("puts the score as it is into an envelope of the time it was queued", () => {
    const score = {
      id: "score 1",
      name: "helpful",
      value: 0.1,
      dataType: "NUMERIC",
      traceId: "0af7651916cd43dd8448eb211c80319c",
      environment: "prod",
      metadata: { by: "12345678901234567890" },
    };
    expect(createScoreEvent(JSON.stringify(score), QUEUED_AT_MS)).toEqual({
      id: "score-e2e59667526488141eecca342db99b7ec96c724f24e8dd7bef80e868d64db9e0",
      timestamp: "2025-11-22T10:20:00.005Z",
      type: "score-create",
      body: score,
    });
  });

  it("has the same envelope id for the same score id, and another for another", () => {
    const idOf = (id: string): string | undefined =>
      createScoreEvent(JSON.stringify({ id, value: Math.random() }), QUEUED_AT_MS)?.id;
    expect(idOf("a")).toBe(idOf("a"));
    expect(idOf("a")).not.toBe(idOf("b"));
    expect(idOf("x".repeat(5_000))?.length).toBe(70);
  });

  it.each(["", "[]", "null", "{}", '{"id":1}', "{"])("makes no event of %j", (json) => {
    expect(createScoreEvent(json, QUEUED_AT_MS)).toBeUndefined();
  });
});

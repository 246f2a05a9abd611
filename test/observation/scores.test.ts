import { describe, expect, it } from "vitest";
import type { ScoreOptions } from "../../src/observation/types";
import { useTraced } from "../support/traced";

describe("a score", () => {
  const traced = useTraced();

  it.each<[field: string, given: object, sentence: string]>([
    ["id", { id: "" }, "expected id to be a text that is not empty"],
    ["id", { id: 7 }, "expected id to be a text, got a value of type number"],
    ["comment", { comment: {} }, "expected comment to be a text, got a value of type object"],
    ["configId", { configId: 1n }, "expected configId to be a text, got a value of type bigint"],
    [
      "environment",
      { environment: true },
      "expected environment to be a text, got a value of type boolean",
    ],
  ])("with an unusable %s (%o) is left out with a sentence", async (_field, given, sentence) => {
    const score = { name: "quality", value: 1, sessionId: "s", ...given };
    traced.client.createScore(score as ScoreOptions); // as untyped code calls it

    expect((await traced.client.flush()).scores.offered).toBe(0);
    expect(traced.logger.lines).toEqual([`[playhead] A score is left out: ${sentence}.`]);
  });

  it("takes null for a field that is not given", async () => {
    const score = { name: "quality", value: 1, sessionId: "s", id: null, comment: null };
    traced.client.createScore(score as unknown as ScoreOptions); // as untyped code calls it

    expect((await traced.client.flush()).scores).toMatchObject({ offered: 1, delivered: 1 });
    expect(traced.sink.scores()).toMatchObject([{ id: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
    expect(traced.logger.lines).toEqual([]);
  });
});

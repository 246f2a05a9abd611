import { describe, expect, it } from "vitest";
import { parseScore } from "../../../src/studio/ingest/score-body";

const NOW_MS = 1_763_806_800_000;
const parse = (body: unknown) => parseScore(JSON.stringify(body), NOW_MS);

function scoreOf(body: unknown) {
  const parsed = parse(body);
  if (!parsed.isValid) throw new Error(JSON.stringify(parsed.issues));
  return parsed.score;
}

describe("parseScore", () => {
  it("fills in what is not given", () => {
    expect(scoreOf({ id: "i", traceId: "t", name: "n", value: 0.5 })).toEqual({
      id: "i",
      name: "n",
      dataType: "NUMERIC",
      value: 0.5,
      stringValue: null,
      comment: null,
      metadata: null,
      source: "API",
      environment: "default",
      configId: null,
      queueId: null,
      timestampUs: NOW_MS * 1000,
      traceId: "t",
      observationId: null,
      sessionId: null,
      datasetRunId: null,
    });
  });

  it("makes up an id when none is given, another one each time", () => {
    const body = { traceId: "t", name: "n", value: 1 };
    expect(scoreOf(body).id).not.toBe(scoreOf(body).id);
  });

  it.each([
    [{ value: "good" }, { dataType: "CATEGORICAL", value: 0, stringValue: "good" }],
    [
      { value: 1, dataType: "BOOLEAN" },
      { dataType: "BOOLEAN", value: 1, stringValue: "True" },
    ],
    [
      { value: 0, dataType: "BOOLEAN" },
      { dataType: "BOOLEAN", value: 0, stringValue: "False" },
    ],
    [
      { value: "a b", dataType: "TEXT" },
      { dataType: "TEXT", value: 0, stringValue: "a b" },
    ],
    [
      { value: "better", dataType: "CORRECTION" },
      { name: "output", stringValue: "better" },
    ],
  ])("reads %o", (fields, expected) => {
    expect(scoreOf({ traceId: "t", name: "n", ...fields })).toMatchObject(expected);
  });

  it("takes a correction whose configId is empty, which names none", () => {
    const body = { traceId: "t", name: "n", value: "v", dataType: "CORRECTION", configId: "" };
    expect(scoreOf(body)).toMatchObject({ dataType: "CORRECTION", configId: null });
  });

  it("takes a session as the target, and an observation together with its trace", () => {
    expect(scoreOf({ sessionId: "s", name: "n", value: 1 }).sessionId).toBe("s");
    expect(scoreOf({ traceId: "t", observationId: "o", name: "n", value: 1 }).observationId).toBe(
      "o",
    );
  });

  it.each([
    ["no target", { name: "n", value: 1 }, "traceId"],
    ["two targets", { traceId: "t", sessionId: "s", name: "n", value: 1 }, "traceId"],
    [
      "an observation without its trace",
      { sessionId: "s", observationId: "o", name: "n", value: 1 },
      "observationId",
    ],
    ["an empty name", { traceId: "t", name: "", value: 1 }, "name"],
    ["no value", { traceId: "t", name: "n" }, "value"],
    ["a boolean that is 2", { traceId: "t", name: "n", value: 2, dataType: "BOOLEAN" }, "value"],
    [
      "a number that is text",
      { traceId: "t", name: "n", value: "1", dataType: "NUMERIC" },
      "value",
    ],
    [
      "a category that is a number",
      { traceId: "t", name: "n", value: 1, dataType: "CATEGORICAL" },
      "value",
    ],
    [
      "501 characters",
      { traceId: "t", name: "n", value: "x".repeat(501), dataType: "TEXT" },
      "value",
    ],
    [
      "an annotation without its config",
      { traceId: "t", name: "n", value: 1, source: "ANNOTATION" },
      "configId",
    ],
    [
      "an annotation with an empty configId",
      { traceId: "t", name: "n", value: 1, source: "ANNOTATION", configId: "" },
      "configId",
    ],
    ["another source", { traceId: "t", name: "n", value: 1, source: "EVAL" }, "source"],
    ["an id of 801 characters", { id: "x".repeat(801), traceId: "t", name: "n", value: 1 }, "id"],
  ])("rejects %s and names the field", (_case, body, field) => {
    const parsed = parse(body);
    expect(parsed.isValid).toBe(false);
    expect(parsed.isValid || parsed.issues).toEqual([expect.objectContaining({ path: [field] })]);
  });

  it.each(["", "null", "[]", "{"])("rejects the body %o", (body) => {
    expect(parseScore(body, NOW_MS).isValid).toBe(false);
  });
});

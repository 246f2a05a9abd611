import { describe, expect, it } from "vitest";
import { MOVED_SCORES } from "../../../src/studio/ingest/moved-scores";
import { useStudio } from "./annotated-studio";

const ask = useStudio();

const NUMBER = { name: "n", dataType: "NUMERIC", minValue: 0, maxValue: 1 };
const CATEGORY = {
  name: "n",
  dataType: "CATEGORICAL",
  categories: [
    { label: "good", value: 7 },
    { label: "bad", value: 0 },
  ],
};

async function makeConfig(config: object): Promise<string> {
  const { json } = await ask("/api/public/score-configs", config);
  return (json as { id: string }).id; // the contract of the route
}

const score = (
  configId: string,
  fields: { readonly id?: string; readonly [name: string]: unknown },
) => ({
  traceId: "t",
  name: "n",
  configId,
  ...fields,
});

const batchOf = (scores: readonly { readonly id?: string }[], metadata?: object): object => ({
  batch: scores.map((body) => ({
    id: body.id,
    type: "score-create",
    timestamp: "2025-11-22T10:20:00Z",
    body,
  })),
  metadata,
});

describe("a score of a configuration", () => {
  it.each([
    ["below the range", NUMBER, { value: -1 }, "value", "Expected a number from 0 to 1, got -1"],
    ["beyond the range", NUMBER, { value: 2 }, "value", "Expected a number from 0 to 1, got 2"],
    [
      "below an open range",
      { ...NUMBER, maxValue: null },
      { value: -1 },
      "value",
      "Expected a number from 0 on, got -1",
    ],
    [
      "of an unknown category",
      CATEGORY,
      { value: "so-so" },
      "value",
      'Expected a category of the score config: "good", "bad"',
    ],
    [
      "of another type",
      NUMBER,
      { value: "good", dataType: "CATEGORICAL" },
      "dataType",
      "Expected NUMERIC, as in the score config, got CATEGORICAL",
    ],
    [
      "of another name",
      NUMBER,
      { value: 1, name: "other" },
      "name",
      'Expected "n", the name that the score config gives',
    ],
    [
      "of the wrong kind of value",
      { name: "n", dataType: "BOOLEAN" },
      { value: 2 },
      "value",
      "Expected 0 or 1 for a BOOLEAN score",
    ],
  ])("is refused %s, in words, alone and in a batch", async (_, config, fields, field, message) => {
    const body = score(await makeConfig(config), fields);
    const issue = { code: "custom", path: [field], message };
    expect(await ask("/api/public/scores", body)).toMatchObject({
      status: 400,
      json: { message: "Invalid request data", error: [issue] },
    });
    const at = { id: "event", timestamp: "2025-11-22T10:20:00Z", type: "score-create" };
    const batch = await ask("/api/public/ingestion", {
      batch: [{ ...at, body: { ...body, id: "s" } }],
    });
    expect(batch).toMatchObject({
      status: 207,
      json: {
        successes: [],
        errors: [{ id: "event", status: 400, error: JSON.stringify([issue]) }],
      },
    });
    expect(await ask("/api/public/v2/scores")).toMatchObject({ json: { data: [] } });
  });

  it("has the type of its configuration where it names none, and a category its number", async () => {
    await ask(
      "/api/public/scores",
      score(await makeConfig({ name: "n", dataType: "BOOLEAN" }), { value: 1 }),
    );
    await ask("/api/public/scores", score(await makeConfig(CATEGORY), { value: "good" }));
    const { json } = await ask("/api/public/v2/scores");
    expect(
      (json as { data: { dataType: string }[] }).data.toSorted((a, b) =>
        a.dataType.localeCompare(b.dataType),
      ),
    ).toMatchObject([
      { dataType: "BOOLEAN", value: 1, stringValue: "True" },
      { dataType: "CATEGORICAL", value: 7, stringValue: "good" },
    ]);
  });

  it("that is archived is refused, unless it was there before", async () => {
    const id = await makeConfig(NUMBER);
    expect((await ask("/api/public/scores", score(id, { id: "s", value: 1 }))).status).toBe(200);
    await ask(`/api/public/score-configs/${id}`, { isArchived: true }, "PATCH");
    expect(await ask("/api/public/scores", score(id, { value: 1 }))).toMatchObject({
      status: 400,
      json: { error: [{ path: ["configId"] }] },
    });
    expect((await ask("/api/public/scores", score(id, { id: "s", value: 0 }))).status).toBe(200);
  });

  it("that the studio does not have is refused, in a batch for itself alone", async () => {
    const unknown = score("of-another-place", { id: "unknown", value: 99, source: "ANNOTATION" });
    const refusal = [
      {
        code: "custom",
        path: ["configId"],
        message: "Expected the id of a score config, got one that no score config has",
      },
    ];
    expect(await ask("/api/public/scores", unknown)).toEqual({
      status: 400,
      json: { message: "Invalid request data", error: refusal },
    });
    const free = { id: "free", traceId: "t", name: "n", value: 1 };
    const { status, json } = await ask("/api/public/ingestion", batchOf([unknown, free]));
    expect(status).toBe(207);
    expect(json).toEqual({
      successes: [{ id: "free", status: 201 }],
      errors: [
        {
          id: "unknown",
          status: 400,
          message: "Invalid request data",
          error: JSON.stringify(refusal),
        },
      ],
    });
    expect(await ask("/api/public/v2/scores")).toMatchObject({
      json: { data: [{ id: "free" }], meta: { totalItems: 1 } },
    });
  });

  it("that is named by an empty text is none", async () => {
    expect((await ask("/api/public/scores", score("", { id: "free", value: 1 }))).status).toBe(200);
    expect((await ask("/api/public/v2/scores/free")).json).toMatchObject({ configId: null });
  });

  it("of another place comes with a batch that says so, and may be sent again", async () => {
    const moved = score("of-another-place", { id: "moved", value: 99, source: "ANNOTATION" });
    const answer = await ask("/api/public/ingestion", batchOf([moved], MOVED_SCORES));
    expect(answer.json).toMatchObject({ successes: [{ id: "moved" }], errors: [] });
    expect((await ask("/api/public/scores", { ...moved, value: 5 })).status).toBe(200);
    expect((await ask("/api/public/scores", { ...moved, configId: "other" })).status).toBe(400);
    expect((await ask("/api/public/v2/scores/moved")).json).toMatchObject({
      value: 5,
      source: "ANNOTATION",
      configId: "of-another-place",
    });
  });

  it("of here is not held to its configuration in a batch of moved scores", async () => {
    const id = await makeConfig(NUMBER);
    await ask(`/api/public/score-configs/${id}`, { isArchived: true }, "PATCH");
    const beyond = score(id, { id: "beyond", value: 2, name: "before" });
    expect((await ask("/api/public/scores", beyond)).status).toBe(400);
    const { json } = await ask("/api/public/ingestion", batchOf([beyond], MOVED_SCORES));
    expect(json).toMatchObject({ successes: [{ id: "beyond" }], errors: [] });
    expect((await ask("/api/public/v2/scores/beyond")).json).toMatchObject({
      name: "before",
      dataType: "NUMERIC",
      value: 2,
      configId: id,
    });
  });

  it("of here gets the number of its category also in a batch of moved scores", async () => {
    const id = await makeConfig(CATEGORY);
    const good = score(id, { id: "good", value: "good" });
    const former = score(id, { id: "former", value: "so-so" });
    await ask("/api/public/ingestion", batchOf([good, former], MOVED_SCORES));
    const kept = { dataType: "CATEGORICAL", configId: id };
    expect((await ask("/api/public/v2/scores/good")).json).toMatchObject({
      ...kept,
      value: 7,
      stringValue: "good",
    });
    expect((await ask("/api/public/v2/scores/former")).json).toMatchObject({
      ...kept,
      value: 0,
      stringValue: "so-so",
    });
  });

  it("that is moved has a value of its own type all the same", async () => {
    const bad = score(await makeConfig(NUMBER), { id: "bad", value: "1", dataType: "NUMERIC" });
    const { json } = await ask("/api/public/ingestion", batchOf([bad], MOVED_SCORES));
    expect(json).toMatchObject({ successes: [], errors: [{ id: "bad", status: 400 }] });
  });
});

describe("a correction", () => {
  it.each([
    ["of a session", { sessionId: "s" }, "traceId"],
    ["with a configuration", { traceId: "t", configId: "c" }, "configId"],
  ])("%s is refused", async (_, fields, field) => {
    const body = { name: "output", value: "better", dataType: "CORRECTION", ...fields };
    expect(await ask("/api/public/scores", body)).toMatchObject({
      status: 400,
      json: { error: [{ path: [field] }] },
    });
  });
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ModelList, ModelView } from "../../../src/studio/api/model-types";
import type { SessionList, Turn } from "../../../src/studio/api/types";
import type { Studio } from "../../../src/studio/server";
import { get, OTLP_PATH, openStudio, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";

const BODY = {
  modelName: "tiny",
  matchPattern: "^tiny$",
  unit: "TOKENS",
  prices: { input: 0.5, output: 1 },
};
const LATER = "1763806900000000000";

const spanOf = (attributes: Record<string, string> = {}) => ({
  attributes: {
    "session.id": "s",
    "langfuse.observation.type": "generation",
    "langfuse.observation.model.name": "tiny",
    "langfuse.observation.usage_details": '{"input":4,"output":1}',
    ...attributes,
  },
});

async function addModel(studio: Studio, overrides: object = {}): Promise<ModelView> {
  const answer = await post(
    studio,
    "/api/studio/models",
    JSON.stringify({ ...BODY, ...overrides }),
  );
  expect(answer.status, answer.text).toBe(200);
  return answer.json as ModelView;
}

async function costOf(studio: Studio, traceId = "t") {
  const turn = (await get(studio, `/api/studio/traces/${traceId}`)).json as Turn;
  const list = (await get(studio, "/api/studio/sessions")).json as SessionList;
  const step = turn.observations[0];
  return {
    details: step?.costDetails,
    step: step?.totalCost,
    turn: turn.totalCost,
    session: list.data[0]?.totalCost,
  };
}

async function changeModel(studio: Studio, model: ModelView, overrides: object): Promise<number> {
  const path = `${studio.url}/api/studio/models/${model.id}`;
  const body = JSON.stringify({ ...BODY, ...overrides });
  const headers = { "content-type": "application/json" };
  return (await fetch(path, { method: "PUT", body, headers })).status;
}

async function apply(studio: Studio, query = ""): Promise<void> {
  expect((await post(studio, `/api/studio/models/apply${query}`, "")).status).toBe(202);
  await expect
    .poll(async () => ((await get(studio, "/api/studio/models")).json as ModelList).update, {
      timeout: 10_000,
    })
    .toBeNull();
}

describe("the cost of an observation", () => {
  it("is calculated when it comes, and adds up in its turn and its session", async () => {
    const studio = await openStudio();
    const { id } = await addModel(studio);
    await post(studio, OTLP_PATH, otlpJson(spanOf()));
    const details = { input: 2, output: 1, total: 3 };
    expect(await costOf(studio)).toEqual({ details, step: 3, turn: 3, session: 3 });
    const shown = await get(studio, "/api/public/v2/observations?fields=model,usage");
    expect(shown.json).toMatchObject({
      data: [{ modelId: id, internalModelId: id, totalCost: 3 }],
    });
  });

  it("stays as it was sent", async () => {
    const studio = await openStudio();
    const model = await addModel(studio);
    const sent = { "langfuse.observation.cost_details": '{"total":0.25}' };
    await post(studio, OTLP_PATH, otlpJson(spanOf(sent)));
    expect(await costOf(studio)).toMatchObject({ details: { total: 0.25 }, step: 0.25 });
    await apply(studio, `?id=${model.id}`);
    expect(await costOf(studio)).toMatchObject({ details: { total: 0.25 }, session: 0.25 });
  });

  it("stays zero where that was sent", async () => {
    const studio = await openStudio();
    await addModel(studio);
    const sent = { "langfuse.observation.cost_details": '{"total":0}' };
    await post(studio, OTLP_PATH, otlpJson(spanOf(sent)));
    expect(await costOf(studio)).toMatchObject({ step: 0, session: 0 });
  });

  it("is calculated for what comes by the legacy batch, from all of its events", async () => {
    const studio = await openStudio();
    await addModel(studio);
    const event = (id: string, type: string, body: object) => ({
      id,
      type,
      timestamp: "2025-11-22T10:20:00Z",
      body: { id: "g", traceId: "t", ...body },
    });
    const batch = [
      event("1", "generation-create", { model: "tiny" }),
      event("2", "generation-update", { usageDetails: { input: 4, output: 1 } }),
    ];
    await post(studio, "/api/public/ingestion", JSON.stringify({ batch }));
    expect(await costOf(studio)).toMatchObject({ step: 3, turn: 3 });
  });

  it("is that of the day of the observation", async () => {
    const studio = await openStudio();
    await addModel(studio, { endDate: "2025-11-22T10:21:00Z" });
    await addModel(studio, { startDate: "2025-11-22T10:21:00Z", prices: { input: 5 } });
    await post(studio, OTLP_PATH, otlpJson(spanOf()));
    const later = {
      ...spanOf(),
      traceId: "later",
      startTimeUnixNano: LATER,
      endTimeUnixNano: LATER,
    };
    await post(studio, OTLP_PATH, otlpJson(later));
    expect((await costOf(studio)).turn).toBe(3);
    expect((await costOf(studio, "later")).turn).toBe(20);
  });

  it("is the stored one after a price changed, also where the same observation comes again", async () => {
    const studio = await openStudio();
    const model = await addModel(studio);
    await post(studio, OTLP_PATH, otlpJson(spanOf()));
    expect(await changeModel(studio, model, { prices: { input: 50 } })).toBe(200);
    await post(studio, OTLP_PATH, otlpJson(spanOf()));
    expect(await costOf(studio)).toMatchObject({ step: 3, session: 3 });
  });
});

describe("of two versions of an observation that ended together", () => {
  it.each([
    ["one", "two"],
    ["two", "one"],
  ])(
    "the content decides which stays, not the calculated cost: %s, then %s",
    async (...outputs) => {
      const studio = await openStudio();
      await addModel(studio);
      for (const output of outputs) {
        await post(studio, OTLP_PATH, otlpJson(spanOf({ "langfuse.observation.output": output })));
      }
      const turn = (await get(studio, "/api/studio/traces/t")).json as Turn;
      expect(turn.output).toBe("two");
      expect(turn.totalCost).toBe(3);
    },
  );
});

describe("applying prices to what is stored", () => {
  it("calculates the costs of a model anew, with turn and session", async () => {
    const studio = await openStudio();
    const model = await addModel(studio);
    await post(studio, OTLP_PATH, otlpJson(spanOf()));
    await changeModel(studio, model, { prices: { input: 0.25 } });
    await apply(studio, `?id=${model.id}`);
    expect(await costOf(studio)).toEqual({
      details: { input: 1, total: 1 },
      step: 1,
      turn: 1,
      session: 1,
    });
  });

  it("leaves the costs of other models", async () => {
    const studio = await openStudio();
    const model = await addModel(studio);
    const other = await addModel(studio, { modelName: "other", matchPattern: "^other$" });
    await post(studio, OTLP_PATH, otlpJson(spanOf()));
    await changeModel(studio, model, { prices: { input: 0.25 } });
    await apply(studio, `?id=${other.id}`);
    expect((await costOf(studio)).session).toBe(3);
    await apply(studio);
    expect((await costOf(studio)).session).toBe(1);
  });

  it("gives a cost to what came before the price, and takes that of a deleted model away", async () => {
    const studio = await openStudio();
    await post(studio, OTLP_PATH, otlpJson(spanOf()));
    expect((await costOf(studio)).session).toBeNull();
    const { id } = await addModel(studio);
    await apply(studio, `?id=${id}`);
    expect((await costOf(studio)).session).toBe(3);
    await fetch(`${studio.url}/api/studio/models/${id}`, { method: "DELETE" });
    await apply(studio, `?id=${id}`);
    expect(await costOf(studio)).toEqual({ details: {}, step: null, turn: null, session: null });
  });

  it("goes on for all models where another is asked for meanwhile, and leaves neither out", async () => {
    const studio = await openStudio();
    const model = await addModel(studio);
    const other = await addModel(studio, { modelName: "other", matchPattern: "^other$" });
    const spans = Array.from({ length: 1_500 }, (_, index) => ({
      ...spanOf(),
      spanId: `o${index}`,
    }));
    await post(studio, OTLP_PATH, otlpJson(...spans));
    await changeModel(studio, model, { prices: { input: 0.25 } });
    await post(studio, `/api/studio/models/apply?id=${model.id}`, "");
    const begun = await post(studio, `/api/studio/models/apply?id=${other.id}`, "");
    expect(begun.json).toMatchObject({ modelId: null });
    await expect.poll(async () => (await costOf(studio)).session, { timeout: 20_000 }).toBe(1_500);
  });

  it("goes through all that is stored, and goes on after a restart", async () => {
    const folder = await mkdtemp(join(tmpdir(), "playhead-prices-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const db = join(folder, "studio.db");
    const first = await openStudio({ db });
    const spans = Array.from({ length: 1_500 }, (_, index) => ({
      ...spanOf(),
      spanId: `o${index}`,
    }));
    await post(first, OTLP_PATH, otlpJson(...spans));
    const { id } = await addModel(first);
    await post(first, `/api/studio/models/apply?id=${id}`, "");
    await first.close();
    const second = await openStudio({ db });
    await expect
      .poll(async () => (await costOf(second)).session, { timeout: 20_000 })
      .toBe(1_500 * 3);
    expect(((await get(second, "/api/studio/models")).json as ModelList).update).toBeNull();
  });
});

describe("a model of the studio", () => {
  it("cannot be changed or deleted, and gives way to one's own", async () => {
    const studio = await openStudio();
    const path = `${studio.url}/api/studio/models/default-gpt-4o`;
    const headers = { "content-type": "application/json" };
    const changed = await fetch(path, { method: "PUT", body: JSON.stringify(BODY), headers });
    expect(changed.status).toBe(409);
    expect((await fetch(path, { method: "DELETE" })).status).toBe(409);
    await addModel(studio, { matchPattern: "gpt-4o" });
    await post(
      studio,
      OTLP_PATH,
      otlpJson(spanOf({ "langfuse.observation.model.name": "gpt-4o" })),
    );
    expect((await costOf(studio)).session).toBe(3);
  });

  it.each([
    ["prices", { prices: {} }],
    ["prices", { prices: { input: -1 } }],
    ["matchPattern", { matchPattern: "(" }],
    ["modelName", { modelName: "" }],
    ["startDate", { startDate: "soon" }],
    ["endDate", { startDate: "2026-01-02", endDate: "2026-01-02" }],
    ["unit", { unit: "PAGES" }],
  ])("is refused with a reason for a bad field: %s %j", async (field, bad) => {
    const studio = await openStudio();
    const answer = await post(studio, "/api/studio/models", JSON.stringify({ ...BODY, ...bad }));
    expect(answer.status).toBe(400);
    const { error } = answer.json as { error: { path: string[] }[] };
    expect(error.map(({ path }) => path[0])).toEqual([field]);
  });
});

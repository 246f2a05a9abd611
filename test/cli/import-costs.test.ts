import { expect, it } from "vitest";
import type { Studio } from "../../src/studio/server";
import { deadUrl } from "../e2e/support/ports";
import { get, OTLP_PATH, openStudio, post } from "../studio/server/running-studio";
import { otlpJson } from "../studio/server/spans";
import { LANGFUSE_3, openFront, type Refusal } from "../support/langfuse-front";
import { runHere } from "./run-here";

async function addModel(studio: Studio, input: number): Promise<void> {
  const model = {
    modelName: "tiny",
    matchPattern: "^tiny$",
    unit: "TOKENS",
    prices: { input },
  };
  const added = await post(studio, "/api/studio/models", JSON.stringify(model));
  expect(added.status, added.text).toBe(200);
}

/** Two model calls of one trace: no cost came with `calculated`, one of 0.25 with `sent`. */
async function openSource(): Promise<Studio> {
  const source = await openStudio();
  await addModel(source, 1);
  const span = (spanId: string, attributes: Record<string, string>) => ({
    traceId: "t",
    spanId,
    attributes: {
      "session.id": "s",
      "langfuse.observation.type": "generation",
      "langfuse.observation.model.name": "tiny",
      "langfuse.observation.usage_details": '{"input":4}',
      ...attributes,
    },
  });
  const sent = { "langfuse.observation.cost_details": '{"total":0.25}' };
  await post(source, OTLP_PATH, otlpJson(span("calculated", {}), span("sent", sent)));
  return source;
}

/** @param isPriced - whether the studio that it comes to has a price for the model, and another one */
async function costsAfterImport(
  from: string,
  { isPriced = true } = {},
): Promise<Readonly<Record<string, number | null>>> {
  const target = await openStudio();
  if (isPriced) await addModel(target, 100);
  const { code, errors } = await runHere("import", "--from", from, "--to", target.url, "--json");
  expect(errors).toBe("");
  expect(code).toBe(0);
  const rows = await get(target, "/api/public/v2/observations?fields=usage");
  const { data } = rows.json as { data: { id: string; totalCost: number | null }[] };
  return Object.fromEntries(data.map(({ id, totalCost }) => [id, totalCost]));
}

/** A Langfuse 3 whose one trace has these observations besides what each of them has. */
function langfuse3(observations: readonly object[]): Refusal {
  const answers: Readonly<Record<string, unknown>> = {
    "/api/public/sessions": { data: [{ id: "s" }], meta: { totalPages: 1 } },
    "/api/public/sessions/s": { id: "s", traces: [{ id: "t" }] },
    "/api/public/traces": { data: [{ id: "t", sessionId: "s" }], meta: { totalPages: 1 } },
    "/api/public/v2/scores": { data: [], meta: { totalPages: 1 } },
    "/api/public/traces/t": {
      id: "t",
      sessionId: "s",
      timestamp: "2026-05-01T10:00:00.000Z",
      observations: observations.map((observation) => ({
        type: "GENERATION",
        startTime: "2026-05-01T10:00:00.000Z",
        model: "tiny",
        usageDetails: { input: 4, total: 4 },
        costDetails: { input: 4, total: 4 },
        calculatedTotalCost: 4,
        ...observation,
      })),
      scores: [],
    },
  };
  return (path) => {
    const { pathname } = new URL(path, "http://x");
    const body = answers[pathname];
    return body === undefined ? LANGFUSE_3(path) : { status: 200, body: JSON.stringify(body) };
  };
}

it("calculates anew what a studio calculated, and keeps a cost that was sent", async () => {
  const source = await openSource();
  expect(await costsAfterImport(source.url)).toEqual({ calculated: 400, sent: 0.25 });
});

it("leaves no cost where a studio calculated it and no price is known here", async () => {
  const source = await openSource();
  const target = await openStudio();
  await runHere("import", "--from", source.url, "--to", target.url, "--json");
  const rows = await get(target, "/api/public/v2/observations?fields=usage");
  expect(rows.json).toMatchObject({
    data: expect.arrayContaining([
      expect.objectContaining({ id: "calculated", totalCost: null, costDetails: {} }),
      expect.objectContaining({ id: "sent", totalCost: 0.25 }),
    ]),
  });
});

it("keeps the cost of a Langfuse that does not tell whether it was sent", async () => {
  const front = await openFront(
    await deadUrl(),
    langfuse3([
      { id: "priced", modelId: "m" },
      { id: "unpriced", modelId: null },
    ]),
  );
  expect(await costsAfterImport(front.url)).toEqual({ priced: 4, unpriced: 4 });
});

it.each([
  ["another price", true],
  ["no price", false],
])("keeps what a Langfuse says it calculated itself, with %s here", async (_case, isPriced) => {
  const front = await openFront(
    await deadUrl(),
    langfuse3([
      { id: "calculated", internalModelId: "m", providedCostDetails: {} },
      { id: "sent", internalModelId: "m", providedCostDetails: { total: 4 } },
    ]),
  );
  expect(await costsAfterImport(front.url, { isPriced })).toEqual({ calculated: 4, sent: 4 });
});

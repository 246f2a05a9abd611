import { LangfuseClient } from "@langfuse/client";
import { Langfuse } from "langfuse";
import { expect, it, onTestFinished } from "vitest";
import { KEYS } from "./seed";
import { openSeededStudio } from "./seeded-studio";

/** A client as its users make it, for a studio that asks for keys. */
async function openLangfuseClient(): Promise<LangfuseClient> {
  const { studio } = await openSeededStudio("with_keys");
  onTestFinished(() => studio.close());
  return new LangfuseClient({ baseUrl: studio.url, ...KEYS });
}

const idsOf = ({ data }: { data: readonly { id: string }[] }): string[] => data.map(({ id }) => id);

it("shows its project to @langfuse/client", async () => {
  const { api } = await openLangfuseClient();
  expect((await api.projects.get()).data.map(({ id }) => id)).toEqual(["playhead"]);
  expect((await api.health.health()).status).toBe("OK");
});

it("lists and gives sessions to @langfuse/client", async () => {
  const { api } = await openLangfuseClient();
  const page = await api.sessions.list({
    page: 1,
    limit: 10,
    environment: ["prod", "dev"],
    fromTimestamp: "2025-11-22T10:00:00.000Z",
  });
  expect(idsOf(page)).toEqual(["s"]);
  expect(page.meta).toEqual({ page: 1, limit: 10, totalItems: 1, totalPages: 1 });
  const session = await api.sessions.get("s");
  expect(session.traces.map(({ id }) => id)).toEqual(["t1", "t2"]);
  await expect(api.sessions.get("nope")).rejects.toMatchObject({
    statusCode: 404,
    body: { message: "Session not found within authorized project" },
  });
});

it("lists and gives traces to @langfuse/client", async () => {
  const client = await openLangfuseClient();
  const page = await client.fetchTraces({
    sessionId: "s",
    tags: ["a", "b"],
    orderBy: "timestamp.asc",
    fields: "core,observations",
  });
  expect(page.data).toMatchObject([{ id: "t1", observations: ["root", "call"], scores: [] }]);
  const trace = await client.fetchTrace("t1");
  expect(trace.input).toEqual({ question: "why?" });
  expect(trace.observations.map(({ id, type }) => [id, type])).toEqual([
    ["root", "SPAN"],
    ["call", "GENERATION"],
  ]);
  expect(trace.scores.map(({ id, dataType }) => [id, dataType])).toEqual([
    ["number", "NUMERIC"],
    ["boolean", "BOOLEAN"],
  ]);
});

it("gives observations to @langfuse/client, by cursor and by pages", async () => {
  const { api } = await openLangfuseClient();
  const first = await api.observations.getMany({ limit: 3, fields: "core,io" });
  expect(idsOf(first)).toEqual(["ping", "search", "call"]);
  const cursor = first.meta.cursor ?? expect.fail("a page of three of four has a cursor");
  const second = await api.observations.getMany({ limit: 3, cursor });
  expect(idsOf(second)).toEqual(["root"]);
  expect(second.meta.cursor).toBeUndefined();
  const filter = JSON.stringify([
    { type: "string", column: "sessionId", operator: "=", value: "s" },
    { type: "number", column: "latency", operator: ">=", value: 1 },
  ]);
  expect(idsOf(await api.observations.getMany({ filter }))).toEqual(["search", "root"]);

  const page = await api.legacy.observationsV1.getMany({ type: "GENERATION", userId: "u" });
  expect(page.data).toMatchObject([{ id: "call", model: "gpt-4o", latency: 0.8 }]);
  expect((await api.legacy.observationsV1.get("call")).usageDetails).toEqual({
    input: 10,
    output: 5,
    total: 15,
  });
});

it("takes scores from @langfuse/client and gives them in all versions", async () => {
  const client = await openLangfuseClient();
  const { api } = client;
  client.score.create({
    id: "queued",
    traceId: "t3",
    name: "liked",
    value: 1,
    dataType: "BOOLEAN",
  });
  await client.flush();
  const created = await api.scores.create({ sessionId: "s", name: "mood", value: "calm" });

  const third = await api.scoresV3.getManyV3({ traceId: "t3", fields: "details,subject" });
  expect(third.data).toMatchObject([
    { id: "queued", value: true, subject: { kind: "trace", id: "t3" } },
  ]);
  expect(idsOf(await api.scores.getMany({ sessionId: "s" }))).toEqual([created.id, "text"]);
  expect(await api.scores.getById(created.id)).toMatchObject({
    dataType: "CATEGORICAL",
    stringValue: "calm",
  });
  await expect(api.scores.create({ name: "n", value: 1 })).rejects.toMatchObject({
    statusCode: 400,
  });
});

it("goes on by cursor through all scores for @langfuse/client", async () => {
  const { api } = await openLangfuseClient();
  const seen: string[] = [];
  for (let cursor: string | undefined, pages = 0; pages < 10; pages++) {
    const page = await api.scoresV3.getManyV3({ limit: 4, ...(cursor ? { cursor } : {}) });
    seen.push(...idsOf(page));
    cursor = page.meta.cursor;
    if (cursor === undefined) break;
  }
  expect(seen).toEqual(["run", "correction", "text", "category", "boolean", "number"]);
});

it("takes comments and score configs from @langfuse/client and gives them back", async () => {
  const { api } = await openLangfuseClient();
  const { id } = await api.comments.create({
    projectId: "playhead",
    objectType: "SESSION",
    objectId: "s",
    content: "Watch the second turn",
  });
  expect(await api.comments.getById(id)).toMatchObject({ objectId: "s", authorUserId: null });
  expect(idsOf(await api.comments.get({ objectType: "SESSION", objectId: "s" }))).toEqual([id]);

  const config = await api.scoreConfigs.create({ name: "ok", dataType: "BOOLEAN" });
  await api.scoreConfigs.update(config.id, { isArchived: true });
  expect(await api.scoreConfigs.getById(config.id)).toMatchObject({ name: "ok", isArchived: true });
  expect((await api.scoreConfigs.get()).meta.totalItems).toBe(2);
});

it("lets @langfuse/client take its fallback where a prompt is not there", async () => {
  const client = await openLangfuseClient();
  const prompt = await client.prompt.get("support", { fallback: "Help {{name}}" });
  expect([prompt.isFallback, prompt.compile({ name: "Ann" })]).toEqual([true, "Help Ann"]);
  await expect(client.dataset.get("d")).rejects.toMatchObject({ statusCode: 404 });
});

it("gives traces, observations and sessions to langfuse 3", async () => {
  const { studio } = await openSeededStudio("with_keys");
  onTestFinished(() => studio.close());
  const client = new Langfuse({ baseUrl: studio.url, ...KEYS });
  onTestFinished(() => client.shutdownAsync());

  const traces = await client.fetchTraces({ userId: "u", orderBy: "timestamp.asc" });
  expect(idsOf(traces)).toEqual(["t1"]);
  expect((await client.fetchTrace("t2")).data).toMatchObject({ id: "t2", output: "Nothing found" });
  const observations = await client.fetchObservations({ traceId: "t1", limit: 1 });
  expect(observations).toMatchObject({ data: [{ id: "call" }], meta: { totalItems: 2 } });
  expect((await client.fetchObservation("root")).data.name).toBe("chat");
  expect(idsOf(await client.fetchSessions({ limit: 5 }))).toEqual(["s"]);
});

it("takes scores from langfuse 3", async () => {
  const { studio, ask } = await openSeededStudio("with_keys");
  onTestFinished(() => studio.close());
  const client = new Langfuse({ baseUrl: studio.url, ...KEYS });
  client.score({ id: "from-3", traceId: "t3", name: "liked", value: 0.5 });
  await client.shutdownAsync();
  const authorization = `Basic ${Buffer.from(`${KEYS.publicKey}:${KEYS.secretKey}`).toString("base64")}`;
  const { text } = await ask({
    request: "GET /api/public/v3/scores?traceId=t3",
    headers: { authorization },
  });
  expect(JSON.parse(text)).toMatchObject({ data: [{ id: "from-3", value: 0.5 }] });
});

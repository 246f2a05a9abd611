import { PassThrough } from "node:stream";
import { expect, it, onTestFinished } from "vitest";
import { createAdmitted } from "../../../src/studio/server/back-pressure";
import { createIntake } from "../../../src/studio/server/intake";
import { createScoreConfigRoutes } from "../../../src/studio/server/score-config-routes";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import { get, openStudio, post } from "./running-studio";

const PATH = "/api/public/score-configs";

it("keeps what somebody else changes while the body of a change is still coming", async () => {
  const store = await openSqliteStore(":memory:");
  onTestFinished(() => store.close());
  const now = () => 2;
  const admitted = createAdmitted({ intake: createIntake(1_000), writes: { rowCount: 0 }, now });
  const routes = createScoreConfigRoutes({ store, admitted, now });
  const config = {
    id: "c",
    name: "quality",
    dataType: "NUMERIC",
    isArchived: false,
    minValue: null,
    maxValue: null,
    categories: null,
    description: null,
    createdUs: 0,
    updatedUs: 0,
  } as const;
  store.scoreConfigs.put(config);
  const incoming = new PassThrough();
  const answered = routes.request("/c", { method: "PATCH" }, { incoming });
  await expect.poll(() => incoming.listenerCount("data")).toBe(1);
  store.scoreConfigs.put({ ...config, description: "by somebody else" });
  incoming.end('{"isArchived":true}');
  expect((await answered).status).toBe(200);
  expect(store.scoreConfigs.get("c")).toEqual({
    ...config,
    description: "by somebody else",
    isArchived: true,
    updatedUs: 2_000,
  });
});

it("keeps the categories of a BOOLEAN config, which has always the same, when they are set to null", async () => {
  const studio = await openStudio();
  const made = await post(studio, PATH, '{"name":"liked","dataType":"BOOLEAN"}');
  const { id } = made.json as { id: string }; // what the route answers
  const body = '{"categories":null,"description":"changed"}';
  const answer = await fetch(`${studio.url}${PATH}/${id}`, { method: "PATCH", body });
  const expected = {
    description: "changed",
    categories: [
      { label: "True", value: 1 },
      { label: "False", value: 0 },
    ],
  };
  expect(await answer.json()).toMatchObject(expected);
  expect((await get(studio, `${PATH}/${id}`)).json).toMatchObject(expected);
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { ModelRecord } from "../../../src/studio/prices/model-record";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import { observationOf } from "../store/records";

const MODEL: ModelRecord = {
  id: "m",
  name: "tiny",
  matchPattern: "^tiny$",
  startUs: null,
  endUs: null,
  unit: "TOKENS",
  prices: { input: 0.5 },
  createdUs: 0,
};
/** All in one session, ten to a trace, without a cost. */
const OBSERVATIONS = Array.from({ length: 50 }, (_, index) =>
  observationOf({
    id: `o${index}`,
    traceId: `t${Math.floor(index / 10)}`,
    sessionId: "s",
    model: "tiny",
    usageDetails: { input: 4 },
  }),
);

it("goes on in the middle after a restart, and looks at each observation once", async () => {
  const folder = await mkdtemp(join(tmpdir(), "playhead-prices-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "studio.db");
  const first = await openSqliteStore(file);
  first.putObservations(OBSERVATIONS);
  first.models.put(MODEL);
  first.priceUpdate.start(null);
  const changes = [first.priceUpdate.step(15), first.priceUpdate.step(15)];
  expect(changes.map((change) => change?.traceIds)).toEqual([
    ["t0", "t1"],
    ["t1", "t2"],
  ]);
  const before = { modelId: null, changedCount: 30, share: 0.6 };
  expect(first.priceUpdate.state()).toEqual(before);
  expect(first.getSession("s")?.totalCost).toBe(60);
  first.close();

  const second = await openSqliteStore(file);
  onTestFinished(() => second.close());
  expect(second.priceUpdate.state()).toEqual(before);
  expect(second.priceUpdate.step(15)?.traceIds).toEqual(["t3", "t4"]);
  expect(second.priceUpdate.state()).toMatchObject({ changedCount: 45 });
  expect(second.priceUpdate.step(15)?.traceIds).toEqual(["t4"]);
  expect(second.priceUpdate.state()).toBeUndefined();
  expect(second.priceUpdate.step(15)).toBeUndefined();
  expect(second.getSession("s")?.totalCost).toBe(100);
});

it("begins anew where it is asked for again, and changes nothing twice", async () => {
  const store = await openSqliteStore(":memory:");
  onTestFinished(() => store.close());
  store.putObservations(OBSERVATIONS);
  store.models.put(MODEL);
  store.priceUpdate.start(null);
  store.priceUpdate.step(20);
  store.priceUpdate.start(null);
  expect(store.priceUpdate.step(20)?.traceIds).toEqual([]);
  expect(store.priceUpdate.state()).toEqual({ modelId: null, changedCount: 0, share: 0.4 });
});

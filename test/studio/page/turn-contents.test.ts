import { expect, it } from "vitest";
import type { Turn, TurnList } from "../../../src/studio/api/types";
import { createTurnContents } from "../../../src/studio/page/session/turn-contents";

function turnOf(traceId: string): Turn {
  return {
    traceId,
    sessionId: "s",
    name: null,
    userId: null,
    tags: [],
    environment: "default",
    version: null,
    release: null,
    metadata: {},
    startedAt: "2025-11-22T10:20:00.000000Z",
    endedAt: "2025-11-22T10:20:00.000000Z",
    durationMs: 0,
    input: null,
    output: null,
    level: "DEFAULT",
    statusMessage: null,
    tokens: { input: 0, output: 0, total: 0 },
    totalCost: null,
    errorCount: 0,
    observations: [],
    scores: [],
  };
}

/** A server that has every turn and answers with the first of those asked for, up to a number. */
function scripted(perAnswer: number) {
  const asked: (readonly string[])[] = [];
  const read = async (ids: readonly string[]): Promise<TurnList> => {
    asked.push(ids);
    return { data: ids.slice(0, perAnswer).map(turnOf), left: ids.slice(perAnswer) };
  };
  return { asked, read };
}

/** Lets answers that are there already be taken in. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

it("reads what is needed, and asks again for what did not fit", async () => {
  const { asked, read } = scripted(2);
  let changes = 0;
  const contents = createTurnContents(read, () => {
    changes += 1;
  });
  contents.need(["a", "b", "c"]);
  await settled();
  expect(asked).toEqual([["a", "b", "c"], ["c"]]);
  expect(["a", "b", "c"].map((id) => contents.get(id)?.traceId)).toEqual(["a", "b", "c"]);
  expect(changes).toBe(2);
});

it("reads nothing twice, and again only what has changed and is needed", async () => {
  const { asked, read } = scripted(10);
  const contents = createTurnContents(read, () => {});
  contents.need(["a", "b"]);
  await settled();
  contents.need(["b", "a"]);
  contents.markStale(["b", "z"]);
  await settled();
  contents.need(["a"]);
  contents.markStale(null);
  await settled();
  expect(asked).toEqual([["a", "b"], ["b"], ["a"]]);
});

it("asks for few turns at a time, and for those needed by then", async () => {
  const { asked, read } = scripted(100);
  const contents = createTurnContents(read, () => {});
  const ids = Array.from({ length: 60 }, (_, index) => `t${index}`);
  contents.need(ids);
  contents.need(ids.slice(50));
  await settled();
  expect(asked.map((batch) => batch.length)).toEqual([24, 10]);
});

it("forgets the oldest of many, never one that is needed", async () => {
  const { read } = scripted(100);
  const contents = createTurnContents(read, () => {});
  const ids = Array.from({ length: 300 }, (_, index) => `t${index}`);
  for (let from = 0; from < 300; from += 20) {
    contents.need(["t0", ...ids.slice(from, from + 20)]);
    await settled();
  }
  expect(contents.get("t0")).toBeDefined();
  expect(contents.get("t1")).toBeUndefined();
  expect(contents.get("t299")).toBeDefined();
});

it("keeps what it has while the studio does not answer", async () => {
  let isDown = false;
  const { read } = scripted(10);
  const contents = createTurnContents(
    (ids) => (isDown ? Promise.reject(new Error("down")) : read(ids)),
    () => {},
  );
  contents.need(["a"]);
  await settled();
  isDown = true;
  contents.markStale(["a"]);
  await settled();
  expect(contents.get("a")?.traceId).toBe("a");
  contents.close();
});

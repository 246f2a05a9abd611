import { beforeEach, expect, it, vi } from "vitest";
import type { Turn, TurnList } from "../../../src/studio/api/types";
import { createTurnContents } from "../../../src/studio/page/session/turn-contents";

/** Changes that come closer together than this are read together, in milliseconds. */
const GATHER_MS = 150;
const RETRY_MS = 2_000;

beforeEach(() => {
  vi.useFakeTimers();
  return () => void vi.useRealTimers();
});

function turnOf(traceId: string, output: string | null = null): Turn {
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
    output,
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
    return { data: ids.slice(0, perAnswer).map((id) => turnOf(id)), left: ids.slice(perAnswer) };
  };
  return { asked, read };
}

/** A server that answers when the test says so. */
function manual() {
  const requests: {
    readonly ids: readonly string[];
    readonly answer: (...data: readonly Turn[]) => Promise<void>;
    readonly fail: () => Promise<void>;
  }[] = [];
  const read = (ids: readonly string[]): Promise<TurnList> =>
    new Promise((resolve, reject) => {
      requests.push({
        ids,
        answer(...data) {
          resolve({ data, left: [] });
          return settled();
        },
        fail() {
          reject(new Error("down"));
          return settled();
        },
      });
    });
  return { requests, read };
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
  await vi.advanceTimersByTimeAsync(GATHER_MS);
  contents.need(["a"]);
  contents.markStale(null);
  await vi.advanceTimersByTimeAsync(GATHER_MS);
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

it("forgets the oldest of large ones, never one that is needed", async () => {
  const read = async (ids: readonly string[]): Promise<TurnList> => ({
    data: ids.map((id) => turnOf(id, "x".repeat(5_000_000))),
    left: [],
  });
  const contents = createTurnContents(read, () => {});
  const ids = Array.from({ length: 16 }, (_, index) => `t${index}`);
  for (const id of ids) {
    contents.need(["t0", id]);
    await settled();
  }
  const held = ids.filter((id) => contents.get(id) !== undefined);
  expect(held).toEqual(["t0", ...ids.slice(8)]);
});

it.each([
  ["by its id", ["a"]],
  ["with all others", null],
])(
  "reads a turn again that changed %s while it was read for the first time",
  async (_case, changed) => {
    const { requests, read } = manual();
    const contents = createTurnContents(read, () => {});
    contents.need(["a"]);
    contents.markStale(changed);
    await requests[0]?.answer(turnOf("a", "half"));
    expect(contents.get("a")?.output).toBe("half");
    await vi.advanceTimersByTimeAsync(GATHER_MS);
    expect(requests.map(({ ids }) => ids)).toEqual([["a"], ["a"]]);
    await requests[1]?.answer(turnOf("a", "whole"));
    expect(contents.get("a")?.output).toBe("whole");
    await vi.advanceTimersByTimeAsync(RETRY_MS);
    expect(requests).toHaveLength(2);
  },
);

it("reads a turn again that changed while it was read again, once for all changes", async () => {
  const { requests, read } = manual();
  const contents = createTurnContents(read, () => {});
  contents.need(["a"]);
  await requests[0]?.answer(turnOf("a"));
  contents.markStale(["a"]);
  await vi.advanceTimersByTimeAsync(GATHER_MS);
  contents.markStale(["a"]);
  await vi.advanceTimersByTimeAsync(GATHER_MS);
  contents.markStale(["a"]);
  expect(requests).toHaveLength(2);
  await requests[1]?.answer(turnOf("a", "half"));
  expect(requests).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(GATHER_MS);
  expect(requests.map(({ ids }) => ids)).toEqual([["a"], ["a"], ["a"]]);
  await requests[2]?.answer(turnOf("a", "whole"));
  await vi.advanceTimersByTimeAsync(RETRY_MS);
  expect(requests).toHaveLength(3);
  expect(contents.get("a")?.output).toBe("whole");
});

it("gathers changes that come close together, and does not wait for them with a new turn", async () => {
  const { requests, read } = manual();
  const contents = createTurnContents(read, () => {});
  contents.need(["a"]);
  await requests[0]?.answer(turnOf("a"));
  contents.markStale(["a"]);
  await vi.advanceTimersByTimeAsync(GATHER_MS - 1);
  contents.markStale(["a"]);
  expect(requests).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(requests).toHaveLength(2);
  await requests[1]?.answer(turnOf("a"));
  contents.markStale(["a"]);
  contents.need(["a"]);
  expect(requests).toHaveLength(2);
  contents.need(["a", "b"]);
  expect(requests[2]?.ids).toContain("b");
});

it("keeps what it has while the studio does not answer, and asks again after two seconds", async () => {
  const { requests, read } = manual();
  const contents = createTurnContents(read, () => {});
  contents.need(["a"]);
  await requests[0]?.fail();
  await vi.advanceTimersByTimeAsync(RETRY_MS - 1);
  expect(requests).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  await requests[1]?.answer(turnOf("a", "half"));
  contents.markStale(["a"]);
  await vi.advanceTimersByTimeAsync(GATHER_MS);
  await requests[2]?.fail();
  expect(contents.get("a")?.output).toBe("half");
  await vi.advanceTimersByTimeAsync(RETRY_MS);
  await requests[3]?.answer(turnOf("a", "whole"));
  expect(contents.get("a")?.output).toBe("whole");
  expect(requests).toHaveLength(4);
});

it("asks no more once it is closed", async () => {
  const { requests, read } = manual();
  const contents = createTurnContents(read, () => {});
  contents.need(["a"]);
  contents.markStale(["a"]);
  contents.close();
  await requests[0]?.fail();
  await vi.advanceTimersByTimeAsync(RETRY_MS);
  expect(requests).toHaveLength(1);
});

import { describe, expect, it } from "vitest";
import type { ChangeEvent } from "../../../src/studio/api/types";
import { createWriteQueue } from "../../../src/studio/server/write-queue";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import { observationOf } from "../store/records";

async function openQueue() {
  const store = await openSqliteStore(":memory:");
  const changes: ChangeEvent[] = [];
  const queue = createWriteQueue({ store, onChange: (change) => changes.push(change) });
  const put = (traceId: string, rows = 1): Promise<void> =>
    queue.write(() => void store.putObservations([observationOf({ traceId })]), { rows, bytes: 1 });
  return { store, changes, queue, put };
}

describe("the write queue", () => {
  it("commits together what came in one turn of the event loop", async () => {
    const { changes, put } = await openQueue();
    await Promise.all([put("a"), put("b"), put("c")]);
    await put("d");
    expect(changes.map(({ traceIds }) => traceIds)).toEqual([["a", "b", "c"], ["d"]]);
  });

  it("resolves only when the commit is done", async () => {
    const { store, put } = await openQueue();
    let isDone = false;
    const done = put("a").then(() => {
      isDone = true;
    });
    await Promise.resolve();
    expect([isDone, store.getTrace("a")]).toEqual([false, undefined]);
    await done;
    expect(store.getTrace("a")).toBeDefined();
  });

  it("takes no more into one transaction than keeps the event loop free", async () => {
    const { changes, put } = await openQueue();
    await Promise.all([put("a", 1_500), put("b", 600), put("c", 1_400), put("d", 5_000)]);
    expect(changes.map(({ traceIds }) => traceIds)).toEqual([["a"], ["b", "c"], ["d"]]);
  });

  it("rejects a write that throws, and no other", async () => {
    const { changes, queue, put } = await openQueue();
    const fail = queue.write(
      () => {
        throw new Error("broken");
      },
      { rows: 1, bytes: 1 },
    );
    const results = await Promise.allSettled([put("a"), fail, put("b")]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(changes).toHaveLength(1);
  });

  it("rejects all when nothing can be written", async () => {
    const { store, put } = await openQueue();
    store.close();
    const results = await Promise.allSettled([put("a"), put("b")]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });

  it("counts what waits, and commits it at once when it is told to", async () => {
    const { store, changes, queue, put } = await openQueue();
    const all = Promise.all([put("a", 1_500), put("b", 1_500)]);
    expect(queue.rowCount).toBe(3_000);
    queue.flush();
    expect(queue.rowCount).toBe(0);
    expect(store.getTrace("b")).toBeDefined();
    await all;
    expect(changes).toHaveLength(2);
  });
});

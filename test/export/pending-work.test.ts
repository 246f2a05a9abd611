import { describe, expect, it } from "vitest";
import { createDiagnostics } from "../../src/diagnostics/logger";
import { PendingWork } from "../../src/export/pending-work";
import { createRecordingLogger } from "../support/recording-logger";

const logger = createRecordingLogger();

function createWork(maxBytes: number): PendingWork {
  return new PendingWork(maxBytes, createDiagnostics(logger, "warn"));
}

/** A wait that ends when told to. */
function openWait<T>() {
  let resolve: (value: T) => void = () => undefined;
  const wait = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { wait, resolve };
}

describe("PendingWork", () => {
  it("lets a job go on once, with what it waited for", async () => {
    const work = createWork(100);
    const { wait, resolve } = openWait<string>();
    const seen: unknown[] = [];
    work.add(wait, 10, (value) => seen.push(value));
    expect(work.isEmpty).toBe(false);
    resolve("answer");
    await work.idle();
    work.expireAll();
    expect(seen).toEqual(["answer"]);
    expect(work.isEmpty).toBe(true);
  });

  it("lets a job go on at once when there is no more time, and not again when its wait ends", async () => {
    const work = createWork(100);
    const { wait, resolve } = openWait<string>();
    const seen: unknown[] = [];
    work.add(wait, 10, (value) => seen.push(value));
    work.expireAll();
    expect(seen).toEqual([undefined]);
    resolve("late");
    await wait;
    expect(seen).toEqual([undefined]);
  });

  it("waits in idle for what waits now, not for what comes later", async () => {
    const work = createWork(100);
    const first = openWait<true>();
    work.add(first.wait, 0, () => undefined);
    const idle = work.idle();
    work.add(new Promise(() => undefined), 0, () => undefined);
    first.resolve(true);
    await idle;
    expect(work.isEmpty).toBe(false);
  });

  it("lets what passes its bound go on at once, until there is room again", async () => {
    const work = createWork(100);
    const first = openWait<string>();
    const seen: unknown[] = [];
    work.add(first.wait, 80, (value) => seen.push(value));
    work.add(Promise.resolve("too much"), 30, (value) => seen.push(value));
    expect(seen).toEqual([undefined]);
    first.resolve("first");
    await work.idle();
    work.add(Promise.resolve("third"), 100, (value) => seen.push(value));
    await work.idle();
    expect(seen).toEqual([undefined, "first", "third"]);
  });

  it("takes jobs that finished jobs add", async () => {
    const work = createWork(100);
    const seen: string[] = [];
    work.add(Promise.resolve("outer"), 0, () => {
      seen.push("outer");
      work.add(Promise.resolve("inner"), 0, () => seen.push("inner"));
    });
    await work.idle();
    await work.idle();
    expect(seen).toEqual(["outer", "inner"]);
  });

  it("keeps what a job throws, and a wait that fails, from the program", async () => {
    const work = createWork(100);
    const seen: unknown[] = [];
    work.add(Promise.resolve(1), 60, () => {
      throw new Error("defect");
    });
    await work.idle();
    work.add(Promise.reject(new Error("defect")), 60, (value) => seen.push(value));
    await work.idle();
    expect(seen).toEqual([undefined]);
    expect(work.isEmpty).toBe(true);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DrainWait } from "../../src/export/delivery-options";
import {
  BLOCKED,
  createScriptedDelivery,
  DELIVERED,
  microtasks,
  PATIENT,
  REJECTED,
  RETRYABLE,
} from "../support/scripted-delivery";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

const within = (ms: number): DrainWait => ({
  deadlineAt: performance.now() + ms,
  leavesOnFailure: false,
});

/** Whether a promise has resolved by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  await microtasks();
  return settled;
}

describe("a batch leaves", () => {
  it("when its first item has waited for the interval, and not before", async () => {
    const { offer, attempts } = createScriptedDelivery();
    offer(10);
    await pass(600);
    offer(10);
    await pass(399);
    expect(attempts).toHaveLength(0);
    await pass(2);
    expect(attempts.map(({ ids }) => ids)).toEqual([[1, 2]]);
  });

  it("as soon as it is full by count, outside the caller's own work", async () => {
    const { offer, attempts } = createScriptedDelivery({ maxBatchItems: 3 });
    offer(10, 10, 10, 10);
    expect(attempts).toHaveLength(0);
    await pass(0);
    expect(attempts.map(({ ids }) => ids)).toEqual([[1, 2, 3]]);
  });

  it("as soon as it is full by bytes, and never larger than the bound", async () => {
    const { offer, attempts } = createScriptedDelivery({ maxBatchBytes: 100, concurrency: 9 });
    offer(60, 60, 30);
    await pass(0);
    expect(attempts.map(({ ids }) => ids)).toEqual([[1]]);
    await pass(1_001);
    expect(attempts.map(({ ids }) => ids)).toEqual([[1], [2, 3]]);
  });

  it("with a single item that is larger than the bound", async () => {
    const { offer, attempts } = createScriptedDelivery({ maxBatchBytes: 100 });
    offer(500, 10);
    await pass(1_001);
    expect(attempts.map(({ ids }) => ids)).toEqual([[1], [2]]);
  });

  it("only while fewer are on their way than may be", async () => {
    const { offer, attempts } = createScriptedDelivery({ maxBatchItems: 1, concurrency: 2 });
    offer(1, 1, 1, 1);
    await pass(5_000);
    expect(attempts.map(({ ids }) => ids)).toEqual([[1], [2]]);
    await attempts[1]?.answer(DELIVERED);
    expect(attempts.map(({ ids }) => ids)).toEqual([[1], [2], [3]]);
  });
});

describe("an attempt that fails for now", () => {
  it("is repeated with the same items after the pause, until it succeeds", async () => {
    const { offer, attempts, account, delivery } = createScriptedDelivery();
    offer(10, 10);
    await pass(1_000);
    await attempts[0]?.answer(RETRYABLE);
    expect(account.counts).toMatchObject({ pending: 2 });
    await pass(499);
    expect(attempts).toHaveLength(1);
    await pass(2);
    await attempts[1]?.answer(RETRYABLE);
    await pass(1_002);
    await attempts[2]?.answer(DELIVERED);
    expect(attempts.map(({ ids }) => ids)).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(account.counts).toMatchObject({ delivered: 2, pending: 0 });
    expect(delivery.pendingCount).toBe(0);
  });

  it("doubles the pause each time, up to thirty seconds", async () => {
    const { offer, attempts } = createScriptedDelivery();
    offer(10);
    await pass(1_000);
    const pauses: number[] = [];
    for (let time = 0; time < 10; time += 1) {
      const failedAt = performance.now();
      await attempts.at(-1)?.answer(RETRYABLE);
      await pass(31_000);
      pauses.push(Math.round((attempts.at(-1)?.at ?? 0) - failedAt));
    }
    expect(pauses).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000,
    ]);
  });

  it("starts again at the shortest pause after a success", async () => {
    const { offer, attempts } = createScriptedDelivery();
    offer(10);
    await pass(1_000);
    for (let time = 0; time < 5; time += 1) {
      await attempts.at(-1)?.answer(RETRYABLE);
      await pass(31_000);
    }
    await attempts.at(-1)?.answer(DELIVERED);
    offer(10);
    await pass(1_000);
    const failedAt = performance.now();
    await attempts.at(-1)?.answer(RETRYABLE);
    await pass(10_000);
    expect(Math.round((attempts.at(-1)?.at ?? 0) - failedAt)).toBe(500);
  });

  it("counts attempts that fail at the same time as one failure", async () => {
    const { offer, attempts, open } = createScriptedDelivery({ maxBatchItems: 1, concurrency: 4 });
    offer(1, 1, 1, 1);
    await pass(0);
    expect(attempts).toHaveLength(4);
    for (const attempt of attempts.slice()) await attempt.answer(RETRYABLE);
    expect(open).toHaveLength(0);
    await pass(501);
    expect(attempts).toHaveLength(5);
  });

  it("waits as long as the endpoint asks, also when another attempt asks for less", async () => {
    const { offer, attempts } = createScriptedDelivery({ maxBatchItems: 1, concurrency: 2 });
    offer(1, 1);
    await pass(0);
    await attempts[0]?.answer({ ...RETRYABLE, retryAfterMs: 60_000 });
    await attempts[1]?.answer(RETRYABLE);
    await pass(59_000);
    expect(attempts).toHaveLength(2);
    await pass(1_001);
    expect(attempts).toHaveLength(3);
  });

  it("waits as long as the endpoint asks, also where its own pause would be longer", async () => {
    const { offer, attempts } = createScriptedDelivery();
    offer(1);
    await pass(1_000);
    await attempts[0]?.answer({ ...RETRYABLE, retryAfterMs: 5 });
    await pass(4);
    expect(attempts).toHaveLength(1);
    await pass(1);
    expect(attempts).toHaveLength(2);
  });

  it("goes one at a time, oldest first, until one succeeds", async () => {
    const { offer, attempts, open } = createScriptedDelivery({ maxBatchItems: 1, concurrency: 3 });
    offer(1, 1, 1, 1);
    await pass(0);
    await attempts[1]?.answer(RETRYABLE);
    await attempts[2]?.answer(RETRYABLE);
    await attempts[0]?.answer(RETRYABLE);
    await pass(600);
    expect(attempts.slice(3).map(({ ids }) => ids)).toEqual([[1]]);
    await pass(60_000);
    expect(attempts).toHaveLength(4);
    await attempts[3]?.answer(DELIVERED);
    expect(attempts.slice(4).map(({ ids }) => ids)).toEqual([[2], [3], [4]]);
    for (const attempt of attempts.slice(4)) await attempt.answer(DELIVERED);
    expect(open).toEqual([]);
  });

  it("keeps what comes meanwhile waiting for the same pause", async () => {
    const { offer, attempts } = createScriptedDelivery({ maxBatchItems: 2 });
    offer(1, 1);
    await pass(0);
    await attempts[0]?.answer({ ...RETRYABLE, retryAfterMs: 20_000 });
    offer(1, 1, 1, 1);
    await pass(19_000);
    expect(attempts).toHaveLength(1);
  });

  it("pauses thirty seconds where only a change of keys or address can help", async () => {
    const { offer, attempts, lines } = createScriptedDelivery();
    offer(1);
    await pass(1_000);
    await attempts[0]?.answer(BLOCKED);
    await pass(29_900);
    expect(attempts).toHaveLength(1);
    await pass(101);
    expect(attempts).toHaveLength(2);
    expect(lines).toEqual([
      "warn: [playhead] Cannot deliver spans: HTTP 401. Check the keys. They are kept and tried again.",
    ]);
  });

  it("does not spin when asked to wait longer than a timer can", async () => {
    const { offer, attempts } = createScriptedDelivery();
    offer(1);
    await pass(1_000);
    const timers = vi.spyOn(globalThis, "setTimeout");
    await attempts[0]?.answer({ ...RETRYABLE, retryAfterMs: 2 ** 40 });
    await pass(60_000);
    expect(attempts).toHaveLength(1);
    expect(timers.mock.calls.length).toBeLessThanOrEqual(2);
    for (const [, delayMs] of timers.mock.calls) expect(delayMs).toBeLessThan(2 ** 31);
    timers.mockRestore();
  });
});

describe("items that are refused for good", () => {
  it("are counted by reason, told by name, and not tried again", async () => {
    const { offer, attempts, account, events, lines } = createScriptedDelivery();
    offer(10, 20);
    await pass(1_000);
    for (let index = 0; index < 3; index += 1) await attempts[index]?.answer(REJECTED);
    await pass(60_000);
    expect(attempts.map(({ ids }) => ids)).toEqual([[1, 2], [1], [2]]);
    expect(account.counts).toMatchObject({ rejected: 2, pending: 0 });
    expect(account.bytes).toMatchObject({ rejected: 30, pending: 0 });
    expect(account.reasons).toEqual({ "HTTP 400": 2 });
    expect(events).toEqual([
      { kind: "rejected", signal: "spans", count: 1, reason: "item 1: HTTP 400: no" },
      { kind: "rejected", signal: "spans", count: 1, reason: "item 2: HTTP 400: no" },
    ]);
    expect(lines).toEqual([
      "warn: [playhead] The endpoint refused item 1: HTTP 400: no. See stats() for how many in all.",
    ]);
  });

  it("are warned about once per episode, which the next acceptance ends", async () => {
    const { offer, attempts, lines } = createScriptedDelivery({
      maxBatchItems: 1,
      concurrency: 1,
    });
    offer(1, 1, 1, 1);
    await pass(0);
    for (const answer of [REJECTED, REJECTED, DELIVERED, REJECTED]) {
      await attempts.at(-1)?.answer(answer);
    }
    expect(lines).toEqual([
      "warn: [playhead] The endpoint refused item 1: HTTP 400: no. See stats() for how many in all.",
      "warn: [playhead] The endpoint refused item 4: HTTP 400: no. See stats() for how many in all.",
    ]);
  });

  it("include those whose attempt throws or rejects, and the next batch goes on", async () => {
    const { offer, attempts, account, delivery } = createScriptedDelivery({ maxBatchItems: 1 });
    offer(10, 10, 10);
    await pass(0);
    await attempts[0]?.fail(new RangeError("content"));
    await attempts[1]?.fail(undefined);
    await attempts[2]?.answer(DELIVERED);
    expect(account.counts).toMatchObject({ rejected: 2, delivered: 1, pending: 0 });
    expect(account.reasons).toEqual({
      "cannot be sent (RangeError)": 1,
      "cannot be sent (undefined)": 1,
    });
    expect(delivery.pendingCount).toBe(0);
  });
});

describe("lastError", () => {
  it("is what went wrong last, until something goes right", async () => {
    const { offer, attempts, delivery } = createScriptedDelivery({ maxBatchItems: 1 });
    offer(1, 1, 1);
    await pass(0);
    await attempts[0]?.answer(REJECTED);
    expect(delivery.lastError).toBe("HTTP 400: no");
    await attempts[1]?.answer(DELIVERED);
    expect(delivery.lastError).toBeUndefined();
    await attempts[2]?.answer(RETRYABLE);
    expect(delivery.lastError).toBe("HTTP 503");
    await pass(600);
    await attempts[3]?.answer(DELIVERED);
    expect(delivery.lastError).toBeUndefined();
  });
});

describe("an endpoint that cannot be reached", () => {
  it("is told once per episode, and again after it was back", async () => {
    const { offer, attempts, events, lines } = createScriptedDelivery();
    offer(1);
    await pass(1_000);
    for (let time = 0; time < 3; time += 1) {
      await attempts.at(-1)?.answer(RETRYABLE);
      await pass(31_000);
    }
    const unreachable = { kind: "unreachable", signal: "spans", count: 1, reason: "HTTP 503" };
    expect(events).toEqual([unreachable]);
    await attempts.at(-1)?.answer(DELIVERED);
    offer(1);
    await pass(1_000);
    await attempts.at(-1)?.answer(RETRYABLE);
    expect(events).toEqual([unreachable, unreachable]);
    expect(lines).toEqual([
      "warn: [playhead] Cannot deliver spans: HTTP 503. They are kept and tried again.",
      "info: [playhead] Delivery of spans works again.",
      "warn: [playhead] Cannot deliver spans: HTTP 503. They are kept and tried again.",
    ]);
  });

  it("is told again when it fails in another way", async () => {
    const { offer, attempts, events } = createScriptedDelivery();
    offer(1);
    await pass(1_000);
    await attempts[0]?.answer(RETRYABLE);
    await pass(1_000);
    await attempts[1]?.answer(BLOCKED);
    expect(events.map(({ reason }) => reason)).toEqual(["HTTP 503", "HTTP 401"]);
  });

  it("counts as reached when it refuses items", async () => {
    const { offer, attempts, lines } = createScriptedDelivery();
    offer(1);
    await pass(1_000);
    await attempts[0]?.answer(RETRYABLE);
    await pass(1_000);
    await attempts[1]?.answer(REJECTED);
    expect(lines).toContain("info: [playhead] Delivery of spans works again.");
  });
});

describe("a full queue", () => {
  it("drops what comes, counts it, and tells once per turn of the loop", async () => {
    const { offer, account, events, lines } = createScriptedDelivery({ maxQueueBytes: 25 });
    offer(10, 10, 10, 10, 10);
    expect(account.counts).toMatchObject({ offered: 5, dropped: 3, pending: 2 });
    expect(events).toEqual([]);
    await pass(0);
    offer(10);
    await pass(0);
    expect(events).toEqual([
      { kind: "dropped", signal: "spans", count: 3, reason: "queue full" },
      { kind: "dropped", signal: "spans", count: 1, reason: "queue full" },
    ]);
    expect(lines).toEqual([
      "warn: [playhead] Dropping spans: queue full. See stats() for how many.",
    ]);
    expect(account.reasons).toEqual({ "queue full": 4 });
  });

  it("counts batches on their way and those that wait for another try", async () => {
    const { offer, account, attempts } = createScriptedDelivery({ maxQueueBytes: 25 });
    offer(10, 10);
    await pass(1_000);
    offer(10);
    expect(account.counts.dropped).toBe(1);
    await attempts[0]?.answer(RETRYABLE);
    offer(10);
    expect(account.counts.dropped).toBe(2);
    await pass(1_000);
    await attempts[1]?.answer(DELIVERED);
    offer(10);
    expect(account.counts).toMatchObject({ dropped: 2, delivered: 2, pending: 1 });
  });

  it("is warned about again after something was accepted in between", async () => {
    const { offer, attempts, lines } = createScriptedDelivery({ maxQueueBytes: 15 });
    offer(10, 10);
    await pass(1_000);
    offer(10);
    expect(lines).toHaveLength(1);
    await attempts[0]?.answer(DELIVERED);
    offer(10, 10);
    expect(lines).toEqual([
      "warn: [playhead] Dropping spans: queue full. See stats() for how many.",
      "warn: [playhead] Dropping spans: queue full. See stats() for how many.",
    ]);
  });

  it("lets a root take the place of children", () => {
    const { offer, offerRoot, account } = createScriptedDelivery({ maxQueueBytes: 25 });
    offer(10, 10);
    offerRoot(10);
    expect(account.counts).toMatchObject({ offered: 3, dropped: 1, pending: 2 });
  });
});

describe("drain", () => {
  it("resolves at once when nothing is pending", async () => {
    const { delivery } = createScriptedDelivery();
    expect(await isSettled(delivery.drain(PATIENT))).toBe(true);
  });

  it("sends at once, and resolves when all is settled, in flight included", async () => {
    const { offer, delivery, attempts } = createScriptedDelivery({ maxBatchItems: 2 });
    offer(1, 1);
    await pass(0);
    offer(1);
    const drained = delivery.drain(PATIENT);
    expect(attempts.map(({ ids }) => ids)).toEqual([[1, 2], [3]]);
    await attempts[1]?.answer(DELIVERED);
    expect(await isSettled(drained)).toBe(false);
    await attempts[0]?.answer(REJECTED);
    expect(attempts.slice(2).map(({ ids }) => ids)).toEqual([[1], [2]]);
    await attempts[2]?.answer(REJECTED);
    expect(await isSettled(drained)).toBe(false);
    await attempts[3]?.answer(REJECTED);
    expect(await isSettled(drained)).toBe(true);
  });

  it("does not wait for what is offered later", async () => {
    const { offer, delivery, attempts } = createScriptedDelivery({ concurrency: 1 });
    offer(1);
    const drained = delivery.drain(PATIENT);
    offer(1, 1);
    await attempts[0]?.answer(DELIVERED);
    expect(await isSettled(drained)).toBe(true);
    expect(delivery.pendingCount).toBe(2);
  });

  it("tries at once during a pause of our own", async () => {
    const { offer, delivery, attempts } = createScriptedDelivery();
    offer(1);
    await pass(1_000);
    await attempts[0]?.answer(RETRYABLE);
    const drained = delivery.drain(PATIENT);
    expect(attempts.map(({ ids }) => ids)).toEqual([[1], [1]]);
    await attempts[1]?.answer(DELIVERED);
    expect(await isSettled(drained)).toBe(true);
  });

  it("tries at once where only a change of keys or address can help, which may have come", async () => {
    const { offer, delivery, attempts } = createScriptedDelivery();
    offer(1);
    await pass(1_000);
    await attempts[0]?.answer(BLOCKED);
    const drained = delivery.drain(PATIENT);
    expect(attempts.map(({ ids }) => ids)).toEqual([[1], [1]]);
    await attempts[1]?.answer(DELIVERED);
    expect(await drained).toBe(true);
  });

  it("waits out a pause that the endpoint asked for", async () => {
    const { offer, delivery, attempts } = createScriptedDelivery();
    offer(1);
    await pass(1_000);
    await attempts[0]?.answer({ ...RETRYABLE, retryAfterMs: 60_000 });
    const drained = delivery.drain(PATIENT);
    await pass(59_999);
    expect(attempts).toHaveLength(1);
    expect(await isSettled(drained)).toBe(false);
    await pass(1);
    await attempts[1]?.answer(DELIVERED);
    expect(await drained).toBe(true);
  });

  it.each([
    ["asked for before it", 1],
    ["asked for while it waits", 0],
  ])("gives up early when a pause outlasts its deadline: %s", async (_, attemptsBefore) => {
    const { offer, delivery, attempts } = createScriptedDelivery();
    offer(1);
    if (attemptsBefore === 1) {
      await pass(1_000);
      await attempts[0]?.answer({ ...RETRYABLE, retryAfterMs: 60_000 });
    }
    const drained = delivery.drain(within(5_000));
    if (attemptsBefore === 0) {
      expect(await isSettled(drained)).toBe(false);
      await attempts[0]?.answer({ ...RETRYABLE, retryAfterMs: 60_000 });
    }
    expect(await isSettled(drained)).toBe(true);
    expect(await drained).toBe(false);
    expect(attempts).toHaveLength(1);
    expect(delivery.pendingCount).toBe(1);
  });

  it("gives up early when keys or address are wrong, after one attempt", async () => {
    const { offer, delivery, attempts } = createScriptedDelivery();
    offer(1);
    const drained = delivery.drain(within(10_000));
    await attempts[0]?.answer(BLOCKED);
    expect(await isSettled(drained)).toBe(true);
    expect(await drained).toBe(false);
  });

  it("does not give up for a pause of our own", async () => {
    const { offer, delivery, attempts } = createScriptedDelivery();
    offer(1);
    const drained = delivery.drain(within(100));
    await attempts[0]?.answer(RETRYABLE);
    expect(await isSettled(drained)).toBe(false);
  });

  it("keeps pauses of our own below a second while it waits", async () => {
    const { offer, delivery, attempts } = createScriptedDelivery();
    offer(1);
    void delivery.drain(PATIENT);
    const pauses: number[] = [];
    for (let time = 0; time < 5; time += 1) {
      const failedAt = performance.now();
      await attempts.at(-1)?.answer(RETRYABLE);
      await pass(1_001);
      pauses.push(Math.round((attempts.at(-1)?.at ?? 0) - failedAt));
    }
    expect(pauses).toEqual([500, 1_000, 1_000, 1_000, 1_000]);
  });

  it("goes on through failures, one attempt after the other", async () => {
    const { offer, delivery, attempts } = createScriptedDelivery();
    offer(1);
    const drained = delivery.drain(PATIENT);
    await attempts[0]?.answer(RETRYABLE);
    expect(await isSettled(drained)).toBe(false);
    await pass(501);
    await attempts[1]?.answer(DELIVERED);
    expect(await isSettled(drained)).toBe(true);
  });

  it("counts an item that is dropped meanwhile as settled", async () => {
    const { offer, offerRoot, delivery, attempts } = createScriptedDelivery({
      maxQueueBytes: 20,
      maxBatchItems: 1,
      concurrency: 1,
    });
    offer(10, 10);
    const drained = delivery.drain(PATIENT);
    offerRoot(10); // takes the place of the second
    await attempts[0]?.answer(DELIVERED);
    expect(await isSettled(drained)).toBe(true);
  });

  it("keeps nothing of those who stopped waiting, and batches fill up again", async () => {
    const { offer, delivery, attempts } = createScriptedDelivery({ concurrency: 1 });
    offer(1);
    const drained = delivery.drain(within(0));
    delivery.expireDrains();
    expect(await drained).toBe(false);
    await attempts[0]?.answer(DELIVERED);
    offer(1);
    await pass(900);
    expect(attempts).toHaveLength(1);
  });

  it("resolves for each of many who wait at the same time", async () => {
    const { offer, delivery, attempts } = createScriptedDelivery({ concurrency: 1 });
    offer(1);
    const first = delivery.drain(PATIENT);
    offer(1);
    const second = Promise.all([delivery.drain(PATIENT), delivery.drain(PATIENT)]);
    await attempts[0]?.answer(DELIVERED);
    expect(await isSettled(first)).toBe(true);
    expect(await isSettled(second)).toBe(false);
    await attempts[1]?.answer(DELIVERED);
    expect(await isSettled(second)).toBe(true);
  });
});

describe("halt", () => {
  it("starts nothing more, and resolves when what is on its way is counted", async () => {
    const { offer, delivery, account, attempts } = createScriptedDelivery({ maxBatchItems: 1 });
    offer(1, 1, 1);
    await pass(0);
    const halted = delivery.halt();
    expect(await isSettled(halted)).toBe(false);
    await attempts[0]?.answer(DELIVERED);
    expect(await isSettled(halted)).toBe(false);
    await attempts[1]?.answer(RETRYABLE);
    expect(await isSettled(halted)).toBe(true);
    await pass(120_000);
    expect(attempts).toHaveLength(2);
    expect(account.counts).toMatchObject({ delivered: 1, pending: 2 });
    expect(delivery.pendingCount).toBe(2);
  });

  it("tells nobody of the attempts that it ended, but keeps why they failed", async () => {
    const { offer, delivery, attempts, events, lines } = createScriptedDelivery();
    offer(1);
    await pass(1_000);
    void delivery.halt();
    await attempts[0]?.answer(RETRYABLE);
    expect(events).toEqual([]);
    expect(lines).toEqual([]);
    expect(delivery.lastError).toBe("HTTP 503");
  });
});

describe("abandon", () => {
  it("gives back what is in flight, waits for another try and is queued, once, oldest first", async () => {
    const { offer, delivery, attempts } = createScriptedDelivery({
      maxBatchItems: 1,
      concurrency: 2,
    });
    offer(1, 1, 1);
    await pass(0);
    await attempts[1]?.answer(RETRYABLE);
    expect(delivery.abandon().map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(delivery.abandon()).toEqual([]);
    expect(delivery.pendingCount).toBe(0);
    await pass(120_000);
    expect(attempts).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("during an attempt leaves its answer uncounted: the items are somebody else's", async () => {
    const { offer, delivery, account, attempts, settled, events } = createScriptedDelivery();
    offer(10, 10);
    await pass(1_000);
    expect(delivery.abandon().map(({ id }) => id)).toEqual([1, 2]);
    await attempts[0]?.answer(DELIVERED);
    await pass(1_000);
    expect(account.counts).toMatchObject({ offered: 2, delivered: 0, pending: 2 });
    expect(settled).toEqual([]);
    expect(events).toEqual([]);
  });
});

describe("drop", () => {
  it("gives up what was abandoned, and tells it at once when asked", async () => {
    const { offer, delivery, account, attempts, events, settled } = createScriptedDelivery({
      maxBatchItems: 2,
    });
    offer(1, 1);
    await pass(0);
    await attempts[0]?.answer(RETRYABLE);
    offer(1);
    const drained = delivery.drain(PATIENT); // sends the first two again
    await attempts[1]?.answer(RETRYABLE);
    await delivery.halt();
    for (const item of delivery.abandon()) delivery.drop(item, "shut down");
    delivery.tellDrops();
    expect(account.counts).toMatchObject({ offered: 3, dropped: 3, pending: 0 });
    expect(account.reasons).toEqual({ "shut down": 3 });
    expect(settled).toEqual([1, 2, 3]);
    expect(events.at(-1)).toEqual({
      kind: "dropped",
      signal: "spans",
      count: 3,
      reason: "shut down",
    });
    expect(await isSettled(drained)).toBe(true);
    await pass(120_000);
    expect(attempts).toHaveLength(2);
    expect(events.filter(({ kind }) => kind === "dropped")).toHaveLength(1);
  });

  it("after a halt counts what was in flight by its answer, and drops only the rest", async () => {
    const { offer, delivery, account, attempts, events } = createScriptedDelivery({
      maxBatchItems: 1,
    });
    offer(1, 1);
    await pass(0);
    const halted = delivery.halt();
    expect(account.counts).toMatchObject({ dropped: 0, pending: 2 });
    await attempts[0]?.answer(DELIVERED);
    await attempts[1]?.answer(RETRYABLE);
    await halted;
    for (const item of delivery.abandon()) delivery.drop(item, "shut down");
    await pass(120_000);
    expect(account.counts).toMatchObject({ delivered: 1, dropped: 1, pending: 0 });
    expect(attempts).toHaveLength(2);
    expect(events).toEqual([{ kind: "dropped", signal: "spans", count: 1, reason: "shut down" }]);
  });
});

describe("timers", () => {
  it("are none while nothing is pending", async () => {
    const { offer, attempts } = createScriptedDelivery();
    expect(vi.getTimerCount()).toBe(0);
    offer(1);
    await pass(1_000);
    await attempts[0]?.answer(DELIVERED);
    await pass(1_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("do not fire while all connections are busy, however long", async () => {
    const { offer, delivery } = createScriptedDelivery({ maxBatchItems: 1, concurrency: 2 });
    offer(1, 1, 1, 1);
    void delivery.drain(PATIENT);
    await pass(2_000);
    const timers = vi.spyOn(globalThis, "setTimeout");
    await pass(3_600_000);
    expect(timers).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
    timers.mockRestore();
  });

  it("fire a few times, not thousands, during a long pause", async () => {
    const { offer, attempts } = createScriptedDelivery();
    offer(1);
    await pass(1_000);
    const timers = vi.spyOn(globalThis, "setTimeout");
    await attempts[0]?.answer({ ...RETRYABLE, retryAfterMs: 600_000 });
    for (let second = 0; second < 500; second += 1) {
      offer(1);
      await pass(1_000);
    }
    expect(timers.mock.calls.length).toBeLessThan(5);
    timers.mockRestore();
  });

  it("never keep the process alive", async () => {
    const { offer, attempts } = createScriptedDelivery();
    const unref: boolean[] = [];
    const real = globalThis.setTimeout;
    const spy = vi.spyOn(globalThis, "setTimeout").mockImplementation(((
      ...args: Parameters<typeof setTimeout>
    ) => {
      const timer = real(...args);
      queueMicrotask(() => unref.push(!timer.hasRef()));
      return timer;
    }) as typeof setTimeout); // the overloads cannot be met by one function
    offer(1);
    await pass(1_000);
    await attempts[0]?.answer(RETRYABLE);
    await pass(1_000);
    spy.mockRestore();
    expect(unref.length).toBeGreaterThanOrEqual(2);
    expect(unref).not.toContain(false);
  });
});

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SendResult } from "../../src/export/send";
import {
  BLOCKED,
  createScriptedDelivery,
  DELIVERED,
  MIN_ITEM_BYTES,
  microtasks,
  PARTIAL_SUCCESS,
  PATIENT,
  REJECTED,
  RETRYABLE,
  type ScriptedDelivery,
  type TestItem,
  TOO_LARGE,
} from "../support/scripted-delivery";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

type Rule = (items: readonly TestItem[]) => SendResult<TestItem>;

/** Answers by a rule until nothing is on its way. @returns the items delivered, in that order */
async function answerAll(scripted: ScriptedDelivery, rule: Rule): Promise<TestItem[]> {
  const delivered: TestItem[] = [];
  for (let [attempt] = scripted.open; attempt !== undefined; [attempt] = scripted.open) {
    const result = rule(attempt.items);
    if (result.status === "delivered") delivered.push(...attempt.items);
    await attempt.answer(result);
  }
  return delivered;
}

/** Refuses each batch in which one of these stands. */
function refusing(bad: ReadonlySet<number>): Rule {
  return (items) => (items.some(({ id }) => bad.has(id)) ? REJECTED : DELIVERED);
}

const idsOf = (items: readonly TestItem[]): number[] =>
  items.map(({ id }) => id).sort((left, right) => left - right);

function namesOf({ events }: ScriptedDelivery): number[] {
  return events
    .filter(({ kind }) => kind === "rejected")
    .map(({ reason }) => Number(/^item (\d+): /.exec(reason)?.[1]))
    .sort((left, right) => left - right);
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("a batch that is refused", () => {
  it("is halved until the bad item stands alone, in few requests", async () => {
    const scripted = createScriptedDelivery({ maxBatchItems: 512, maxBatchBytes: 10_000 });
    const { account, attempts, offer } = scripted;
    offer(...Array.from({ length: 512 }, () => 10));
    await pass(0);
    const delivered = await answerAll(scripted, refusing(new Set([300])));
    expect(idsOf(delivered)).toEqual(range(1, 512).filter((id) => id !== 300));
    expect(namesOf(scripted)).toEqual([300]);
    expect(account.counts).toMatchObject({ delivered: 511, rejected: 1, pending: 0 });
    expect(account.bytes).toMatchObject({ delivered: 5_110, rejected: 10, pending: 0 });
    expect(attempts).toHaveLength(19); // nine halvings, two requests each, and the first
  });

  it("loses exactly the bad items, however many and wherever, in a bounded number of requests", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .integer({ min: 1, max: 16 })
          .chain((size) => fc.tuple(fc.constant(size), fc.subarray(range(1, size)))),
        fc.integer({ min: 1, max: 4 }),
        async ([size, bad], concurrency) => {
          const scripted = createScriptedDelivery({ maxBatchItems: size, concurrency });
          scripted.offer(...Array.from({ length: size }, (_, index) => index + 1));
          await pass(0);
          const delivered = await answerAll(scripted, refusing(new Set(bad)));
          const good = range(1, size).filter((id) => !bad.includes(id));
          expect(idsOf(delivered)).toEqual(good);
          expect(namesOf(scripted)).toEqual(bad);
          const sum = (ids: number[]): number => ids.reduce((total, id) => total + id, 0);
          expect(scripted.account.bytes).toEqual({
            offered: sum(range(1, size)),
            delivered: sum(good),
            rejected: sum(bad),
            dropped: 0,
            pending: 0,
          });
          const depth = Math.ceil(Math.log2(size));
          expect(scripted.attempts.length).toBeLessThanOrEqual(1 + 2 * depth * bad.length);
          expect(scripted.attempts.length).toBeLessThanOrEqual(2 * size - 1);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("keeps nothing else waiting, however many neighbours are bad", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 512 }),
        fc.integer({ min: 1, max: 512 }),
        async (one, other) => {
          const [first, last] = [Math.min(one, other), Math.max(one, other)];
          const bad = range(first, last);
          const scripted = createScriptedDelivery({ maxBatchItems: 512, maxBatchBytes: 10_000 });
          scripted.offer(...Array.from({ length: 512 }, () => 10));
          await pass(0);
          const delivered = await answerAll(scripted, refusing(new Set(bad)));
          expect(idsOf(delivered)).toEqual(range(1, 512).filter((id) => id < first || id > last));
          // Where all were bad, the endpoint may as well want nothing at all.
          if (bad.length < 512) expect(namesOf(scripted)).toEqual(bad);
          expect(scripted.attempts.length).toBeLessThanOrEqual(2 * 512 + 64);
          scripted.delivery.abandon();
        },
      ),
      {
        numRuns: 100,
        examples: [
          [1, 25],
          [1, 511],
          [2, 512],
          [1, 512],
        ],
      },
    );
  });

  it("that holds many bad items is settled while good ones come", async () => {
    const scripted = createScriptedDelivery({ maxBatchItems: 64, maxBatchBytes: 10_000 });
    const { account, offer } = scripted;
    offer(...Array.from({ length: 64 }, () => 1));
    await pass(0);
    const rule = refusing(new Set(range(1, 64)));
    await answerAll(scripted, rule);
    for (let round = 0; round < 20 && account.counts.rejected < 64; round += 1) {
      offer(1);
      await pass(31_000);
      await answerAll(scripted, rule);
    }
    expect(namesOf(scripted)).toEqual(range(1, 64));
    expect(account.counts).toMatchObject({ rejected: 64, dropped: 0, pending: 0 });
  });
});

describe("an endpoint that refuses everything", () => {
  it("is blocked instead of losing everything, and says what to check", async () => {
    const scripted = createScriptedDelivery({ maxBatchItems: 512, maxBatchBytes: 10_000 });
    const { account, attempts, offer, lines } = scripted;
    offer(...Array.from({ length: 512 }, () => 1));
    await pass(0);
    await answerAll(scripted, () => REJECTED);
    expect(attempts.length).toBeLessThanOrEqual(66);
    expect(account.counts.rejected).toBeLessThanOrEqual(32);
    expect(account.counts.pending).toBeGreaterThanOrEqual(480);
    expect(lines.at(-1)).toBe(
      "warn: [playhead] Cannot deliver spans: HTTP 400: no. The endpoint refuses everything. Check that baseUrl (LANGFUSE_BASE_URL) or endpoint takes OTLP traces. They are kept and tried again.",
    );
  });

  it("gets one attempt per pause from then on, and loses no more", async () => {
    const scripted = createScriptedDelivery({ maxBatchItems: 8, concurrency: 4 });
    const { account, attempts, offer } = scripted;
    offer(...Array.from({ length: 400 }, () => 1));
    await pass(0);
    await answerAll(scripted, () => REJECTED);
    const { rejected } = account.counts;
    const attemptCount = attempts.length;
    for (let round = 1; round <= 10; round += 1) {
      offer(1);
      await pass(30_001);
      await answerAll(scripted, () => REJECTED);
      expect(attempts.length).toBe(attemptCount + round);
    }
    expect(account.counts.rejected).toBe(rejected);
  });

  it("delivers all that is left once it takes something again", async () => {
    const scripted = createScriptedDelivery({ maxBatchItems: 512, maxBatchBytes: 10_000 });
    const { account, offer } = scripted;
    offer(...Array.from({ length: 512 }, () => 1));
    await pass(0);
    await answerAll(scripted, () => REJECTED);
    const { pending, rejected } = account.counts;
    await pass(30_001);
    const delivered = await answerAll(scripted, () => DELIVERED);
    expect(delivered).toHaveLength(pending);
    expect(account.counts).toMatchObject({ delivered: pending, rejected, pending: 0 });
  });

  it("ends a flush early", async () => {
    const scripted = createScriptedDelivery({ maxBatchItems: 512, maxBatchBytes: 10_000 });
    scripted.offer(...Array.from({ length: 512 }, () => 1));
    const drained = scripted.delivery.drain({
      deadlineAt: performance.now() + 10_000,
      leavesOnFailure: false,
    });
    await answerAll(scripted, () => REJECTED);
    expect(await drained).toBe(false);
  });
});

describe("a batch that is too large", () => {
  it("is halved, and later batches are no larger than half of it", async () => {
    const scripted = createScriptedDelivery({
      maxBatchItems: 1_000,
      maxBatchBytes: 2_000_000,
      maxQueueBytes: 10_000_000,
      concurrency: 1,
    });
    const { attempts, offer, account } = scripted;
    offer(...Array.from({ length: 20 }, () => 100_000));
    await pass(0);
    const limited: Rule = (items) =>
      items.reduce((sum, item) => sum + item.byteLength, 0) > 1_000_000 ? TOO_LARGE : DELIVERED;
    const delivered = await answerAll(scripted, limited);
    expect(idsOf(delivered)).toEqual(range(1, 20));
    expect(attempts.map(({ byteLength }) => byteLength)).toEqual([2_000_000, 1_000_000, 1_000_000]);
    offer(...Array.from({ length: 20 }, () => 100_000));
    await pass(1_000);
    await answerAll(scripted, limited);
    expect(attempts.slice(3).map(({ byteLength }) => byteLength)).toEqual([1_000_000, 1_000_000]);
    expect(account.counts).toMatchObject({ delivered: 40, rejected: 0, pending: 0 });
  });

  it("leaves batches of 64 KiB at the least", async () => {
    const scripted = createScriptedDelivery({ maxBatchBytes: 100_000, maxQueueBytes: 1_000_000 });
    scripted.offer(60_000, 30_000);
    await pass(1_000);
    await answerAll(scripted, (items) => (items.length > 1 ? TOO_LARGE : DELIVERED));
    scripted.offer(30_000, 30_000, 5_000, 1_000);
    await pass(1_000);
    expect(scripted.attempts.slice(3).map(({ byteLength }) => byteLength)).toEqual([65_000, 1_000]);
  });

  it("though it is a single item goes on cut, with its bytes counted as they are then", async () => {
    const scripted = createScriptedDelivery({ maxQueueBytes: 1_000 });
    const { account, attempts, offer, settled } = scripted;
    offer(800);
    await pass(1_000);
    await answerAll(scripted, (items) =>
      (items[0]?.byteLength ?? 0) > 300 ? TOO_LARGE : DELIVERED,
    );
    expect(attempts.map(({ byteLength }) => byteLength)).toEqual([800, 400, 200]);
    expect(account.counts).toMatchObject({ offered: 1, delivered: 1, pending: 0 });
    expect(account.bytes).toEqual({
      offered: 200,
      delivered: 200,
      rejected: 0,
      dropped: 0,
      pending: 0,
    });
    expect(settled).toEqual([1]);
    offer(1_000); // nothing of it is still counted against the bound
    expect(account.counts.dropped).toBe(0);
  });

  it("though its only item cannot be cut any more is rejected by name", async () => {
    const scripted = createScriptedDelivery();
    scripted.offer(40, 10);
    await pass(1_000);
    await answerAll(scripted, (items) =>
      items.some(({ id }) => id === 1) ? TOO_LARGE : DELIVERED,
    );
    expect(scripted.account.counts).toMatchObject({ delivered: 1, rejected: 1, pending: 0 });
    expect(scripted.account.bytes).toMatchObject({ delivered: 10, rejected: 10, pending: 0 });
    expect(scripted.account.reasons).toEqual({ "HTTP 413": 1 });
    expect(scripted.events.map(({ reason }) => reason)).toEqual(["item 1: HTTP 413"]);
  });

  it("arrives whole or cut, with exact books, whatever the sizes and the limit", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: MIN_ITEM_BYTES * 2, max: 600 }),
        async (sizes, maxBytes) => {
          const scripted = createScriptedDelivery({ maxBatchItems: 30, maxQueueBytes: 20_000 });
          scripted.offer(...sizes);
          void scripted.delivery.drain(PATIENT);
          await microtasks();
          const delivered = await answerAll(scripted, (items) =>
            items.reduce((sum, item) => sum + item.byteLength, 0) > maxBytes
              ? TOO_LARGE
              : DELIVERED,
          );
          expect(idsOf(delivered)).toEqual(range(1, sizes.length));
          const bytes = delivered.reduce((sum, { byteLength }) => sum + byteLength, 0);
          expect(scripted.account.bytes).toMatchObject({ offered: bytes, delivered: bytes });
          expect(scripted.delivery.pendingCount).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("an answer per item", () => {
  const failure = { code: "HTTP 400", reason: "HTTP 400: bad field" };
  const later = { code: "HTTP 503", reason: "HTTP 503: busy" };

  it("settles each by its own, and sends only those again that may be taken later", async () => {
    const { account, attempts, offer, events } = createScriptedDelivery();
    offer(1, 2, 4, 8);
    await pass(1_000);
    const [first] = attempts;
    const [, bad, busy] = first?.items ?? [];
    if (bad === undefined || busy === undefined) throw new Error("Expected four items");
    await first?.answer({
      status: "per-item",
      rejected: [{ item: bad, failure }],
      retryable: { items: [busy], failure: later },
    });
    expect(account.bytes).toMatchObject({ delivered: 9, rejected: 2, pending: 4 });
    expect(events).toEqual([
      { kind: "rejected", signal: "spans", count: 1, reason: "item 2: HTTP 400: bad field" },
      { kind: "unreachable", signal: "spans", count: 1, reason: "HTTP 503: busy" },
    ]);
    await pass(501);
    expect(attempts.slice(1).map(({ ids }) => ids)).toEqual([[3]]);
    await attempts[1]?.answer(DELIVERED);
    expect(account.bytes).toMatchObject({ delivered: 13, rejected: 2, pending: 0 });
  });

  it("in another order than the items came lets nobody go before theirs are settled", async () => {
    const scripted = createScriptedDelivery({ concurrency: 1 });
    const { attempts, offer, delivery, settled } = scripted;
    const goneAt: number[][] = [];
    const drain = (): void => {
      void delivery.drain(PATIENT).then(() => goneAt.push([...settled]));
    };
    offer(1);
    drain();
    offer(1, 1);
    drain();
    offer(1);
    await attempts[0]?.answer(DELIVERED);
    const waiting = attempts[1]?.items ?? [];
    await attempts[1]?.answer({
      status: "per-item",
      rejected: [],
      retryable: { items: [...waiting].reverse(), failure: later },
    });
    await pass(501);
    await attempts[2]?.answer(TOO_LARGE);
    await answerAll(scripted, () => DELIVERED);
    expect(attempts.map(({ ids }) => ids)).toEqual([[1], [2, 3, 4], [2, 3, 4], [2, 3], [4]]);
    expect(goneAt).toEqual([[1], [1, 2, 3]]);
  });

  it("that takes nothing does not end an episode: one warning, one event, growing pauses", async () => {
    const { attempts, offer, events, lines } = createScriptedDelivery();
    offer(1);
    await pass(1_000);
    const pauses: number[] = [];
    for (let time = 0; time < 4; time += 1) {
      const failedAt = performance.now();
      const attempt = attempts.at(-1);
      await attempt?.answer({
        status: "per-item",
        rejected: [],
        retryable: { items: attempt.items, failure: later },
      });
      await pass(31_000);
      pauses.push(Math.round((attempts.at(-1)?.at ?? 0) - failedAt));
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000]);
    expect(events).toHaveLength(1);
    expect(lines).toHaveLength(1);
  });

  it("that refuses some each time is one warning, until a batch is taken whole", async () => {
    const { attempts, offer, lines, account } = createScriptedDelivery({ maxBatchItems: 2 });
    const refuseOne = async (): Promise<void> => {
      offer(1, 1);
      await pass(0);
      const attempt = attempts.at(-1);
      const rejected = (attempt?.items ?? []).slice(1).map((item) => ({ item, failure }));
      await attempt?.answer({ status: "per-item", rejected, retryable: undefined });
    };
    await refuseOne();
    await refuseOne();
    expect(lines).toHaveLength(1);
    offer(1, 1);
    await pass(0);
    await attempts.at(-1)?.answer(DELIVERED);
    await refuseOne();
    expect(lines).toHaveLength(2);
    expect(account.counts).toMatchObject({ delivered: 5, rejected: 3, pending: 0 });
  });

  it("that refuses every item is one warning, not one per batch", async () => {
    const { attempts, offer, lines, account } = createScriptedDelivery({ maxBatchItems: 2 });
    offer(1, 1, 1, 1);
    await pass(0);
    for (const attempt of attempts.slice()) {
      const rejected = attempt.items.map((item) => ({ item, failure }));
      await attempt.answer({ status: "per-item", rejected, retryable: undefined });
    }
    expect(account.counts).toMatchObject({ rejected: 4, pending: 0 });
    expect(lines).toHaveLength(1);
  });
});

describe("an answer that says how many were not taken, and not which", () => {
  const refused = (rejectedCount: number): SendResult => ({ ...PARTIAL_SUCCESS, rejectedCount });

  it("settles as many as rejected and the others as delivered, and sends nothing again", async () => {
    const { account, attempts, offer, events, lines, settled, delivery } = createScriptedDelivery();
    offer(1, 2, 4);
    const drained = delivery.drain(PATIENT);
    await attempts[0]?.answer(refused(2));
    expect(await drained).toBe(true);
    await pass(120_000);
    expect(attempts).toHaveLength(1);
    expect(account.counts).toMatchObject({ offered: 3, delivered: 1, rejected: 2, pending: 0 });
    expect(account.bytes).toMatchObject({ offered: 7, pending: 0 });
    expect(account.reasons).toEqual({ "partial success": 2 });
    expect(settled.toSorted()).toEqual([1, 2, 3]);
    expect(events).toEqual([
      {
        kind: "rejected",
        signal: "spans",
        count: 2,
        reason: "2 of 3 spans: no room",
      },
    ]);
    expect(lines).toEqual([
      "warn: [playhead] The endpoint refused 2 of 3 spans: no room. See stats() for how many in all.",
    ]);
    expect(delivery.lastError).toBe("no room");
  });

  it("with all of them does not look like an endpoint that takes something", async () => {
    const { account, attempts, offer } = createScriptedDelivery({ maxBatchItems: 1 });
    const answerNext = async (result: SendResult): Promise<void> => {
      offer(1);
      await pass(0);
      await attempts.at(-1)?.answer(result);
    };
    for (let time = 0; time < 32; time += 1) await answerNext(REJECTED);
    await answerNext(refused(1));
    expect(account.counts).toMatchObject({ rejected: 33, pending: 0 });
    await answerNext(REJECTED);
    expect(account.counts).toMatchObject({ rejected: 33, pending: 1 });
  });

  it("counts no more than there were", async () => {
    const { account, attempts, offer, lines } = createScriptedDelivery({ maxBatchItems: 2 });
    for (let time = 0; time < 3; time += 1) {
      offer(1, 1);
      await pass(0);
      await attempts.at(-1)?.answer(refused(Number.POSITIVE_INFINITY));
    }
    expect(account.counts).toMatchObject({ delivered: 0, rejected: 6, pending: 0 });
    expect(lines).toHaveLength(1);
  });

  it("is one warning until a batch is taken whole, and ends an episode of failures", async () => {
    const { account, attempts, offer, lines, delivery } = createScriptedDelivery({
      maxBatchItems: 2,
    });
    const answerNext = async (result: SendResult): Promise<void> => {
      offer(1, 1);
      await pass(0);
      await attempts.at(-1)?.answer(result);
    };
    await answerNext(refused(1));
    await answerNext(refused(1));
    expect(lines).toHaveLength(1);
    await answerNext(DELIVERED);
    expect(delivery.lastError).toBeUndefined();
    await answerNext(RETRYABLE);
    await pass(501);
    await attempts.at(-1)?.answer(refused(1));
    expect(lines.slice(1)).toEqual([
      expect.stringContaining("Cannot deliver spans"),
      expect.stringContaining("works again"),
      expect.stringContaining("refused 1 of 2 spans"),
    ]);
    expect(account.counts).toMatchObject({ offered: 8, delivered: 5, rejected: 3, pending: 0 });
  });

  it("leaves the warning that items were dropped its own: told again when it happens again", async () => {
    const { attempts, offer, lines } = createScriptedDelivery({
      maxBatchItems: 2,
      maxQueueBytes: 2,
    });
    for (let time = 1; time <= 2; time += 1) {
      offer(1, 1, 1);
      await pass(0);
      expect(lines.filter((line) => line.includes("Dropping spans"))).toHaveLength(time);
      await attempts.at(-1)?.answer(refused(1));
    }
    expect(lines.filter((line) => line.includes("refused 1 of 2"))).toHaveLength(1);
  });

  it("that takes all and has advice is delivered, and told once", async () => {
    const { account, attempts, offer, lines, events } = createScriptedDelivery({
      maxBatchItems: 1,
    });
    offer(1, 1);
    await pass(0);
    for (const attempt of attempts.slice()) {
      await attempt.answer({ status: "delivered", warning: "use fewer attributes" });
    }
    expect(account.counts).toMatchObject({ delivered: 2, pending: 0 });
    expect(lines).toEqual([
      "warn: [playhead] The endpoint took the spans, and says: use fewer attributes.",
    ]);
    expect(events).toEqual([]);
  });
});

describe("a pause that was asked for", () => {
  it("is forgotten when it is over: a later pause of our own is cut short by a flush", async () => {
    const { attempts, offer, delivery } = createScriptedDelivery();
    offer(1);
    await pass(1_000);
    await attempts[0]?.answer({ ...RETRYABLE, retryAfterMs: 1_000 });
    for (let time = 1; time < 8; time += 1) {
      await pass(31_000);
      await attempts[time]?.answer(RETRYABLE);
    }
    const drained = delivery.drain({
      deadlineAt: performance.now() + 5_000,
      leavesOnFailure: false,
    });
    expect(attempts).toHaveLength(9);
    await attempts[8]?.answer(DELIVERED);
    expect(await drained).toBe(true);
  });

  it("is forgotten, too, where keys were wrong and are right now", async () => {
    const { attempts, offer, delivery } = createScriptedDelivery();
    offer(1);
    await pass(1_000);
    await attempts[0]?.answer(BLOCKED);
    await pass(30_001);
    await attempts[1]?.answer(RETRYABLE);
    void delivery.drain({ deadlineAt: performance.now() + 100, leavesOnFailure: false });
    await attempts[2]?.answer(RETRYABLE);
    let isOver = false;
    void delivery
      .drain({ deadlineAt: performance.now() + 100, leavesOnFailure: false })
      .then(() => {
        isOver = true;
      });
    await microtasks();
    expect(isOver).toBe(false);
  });
});

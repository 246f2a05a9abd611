import fc from "fast-check";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { SendResult } from "../../src/export/send";
import {
  BLOCKED,
  createScriptedDelivery,
  DELIVERED,
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

const ANSWERS = [
  DELIVERED,
  DELIVERED,
  REJECTED,
  RETRYABLE,
  { ...RETRYABLE, retryAfterMs: 7_000 },
  { ...RETRYABLE, retryAfterMs: 0 },
  BLOCKED,
  TOO_LARGE,
  "partial",
  PARTIAL_SUCCESS,
  "throw",
] as const;

type Step =
  | { readonly kind: "offer"; readonly byteLength: number; readonly isRoot: boolean }
  | { readonly kind: "answer"; readonly which: number; readonly answer: (typeof ANSWERS)[number] }
  | { readonly kind: "pass"; readonly ms: number }
  | { readonly kind: "drain"; readonly isAbandoned: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("offer" as const),
      byteLength: fc.integer({ min: 1, max: 60 }),
      isRoot: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      which: fc.nat({ max: 5 }),
      answer: fc.constantFrom(...ANSWERS),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("pass" as const),
      ms: fc.constantFrom(0, 1, 100, 1_000, 31_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("drain" as const), isAbandoned: fc.boolean() }),
  },
);

/** One run of a delivery, with what must hold after each step. */
class Run {
  readonly #scripted: ScriptedDelivery;
  readonly #delivered = new Set<number>();
  #deliveredBytes = 0;
  #drains = 0;
  #drainsDone = 0;

  constructor(scripted: ScriptedDelivery) {
    this.#scripted = scripted;
  }

  async take(step: Step): Promise<void> {
    const { delivery, open, offer, offerRoot } = this.#scripted;
    switch (step.kind) {
      case "offer":
        (step.isRoot ? offerRoot : offer)(step.byteLength);
        break;
      case "answer": {
        const attempt = open[step.which % Math.max(1, open.length)];
        if (attempt === undefined) break;
        if (step.answer === "throw") {
          await attempt.fail(new Error("x"));
          break;
        }
        if (step.answer === "partial") {
          const { result, delivered } = answerInPart(attempt.items);
          this.#note(delivered);
          await attempt.answer(result);
          break;
        }
        if (step.answer.status === "delivered") this.#note(attempt.items);
        // Nobody knows which were refused: the first ones are taken for them.
        if (step.answer === PARTIAL_SUCCESS)
          this.#note(attempt.items.slice(step.answer.rejectedCount));
        await attempt.answer(step.answer);
        break;
      }
      case "pass":
        await vi.advanceTimersByTimeAsync(step.ms);
        break;
      case "drain": {
        const deadlineAt = step.isAbandoned ? performance.now() : PATIENT.deadlineAt;
        const drained = delivery.drain({ ...PATIENT, deadlineAt });
        this.#drains += 1;
        void drained.then((isSettled) => {
          this.#drainsDone += 1;
          if (!step.isAbandoned) expect(isSettled).toBe(true);
        });
        delivery.expireDrains();
      }
    }
    this.#check();
  }

  #note(items: readonly TestItem[]): void {
    for (const { id, byteLength } of items) {
      expect(this.#delivered.has(id)).toBe(false);
      this.#delivered.add(id);
      this.#deliveredBytes += byteLength;
    }
  }

  #check(): void {
    const { delivery, account, open, settled } = this.#scripted;
    const { offered, delivered, rejected, dropped, pending } = account.counts;
    expect(pending).toBe(delivery.pendingCount);
    expect(offered).toBe(delivered + rejected + dropped + pending);
    expect(delivered).toBe(this.#delivered.size);
    expect(account.bytes.delivered).toBe(this.#deliveredBytes);
    expect(settled).toHaveLength(offered - pending);
    expect(new Set(settled).size).toBe(settled.length);
    expect(account.bytes.pending).toBeLessThanOrEqual(MAX_QUEUE_BYTES);
    expect(open.length).toBeLessThanOrEqual(CONCURRENCY);
    const inFlight = open.flatMap(({ ids }) => ids);
    expect(new Set(inFlight).size).toBe(inFlight.length);
  }

  /** Lets the endpoint take everything from here on. */
  async finish(): Promise<void> {
    const { delivery, account } = this.#scripted;
    for (let round = 0; round < 2_000 && delivery.pendingCount > 0; round += 1) {
      await this.take({ kind: "answer", which: 0, answer: DELIVERED });
      await this.take({ kind: "pass", ms: 31_000 });
    }
    await microtasks();
    expect(account.counts.pending).toBe(0);
    expect(account.bytes.pending).toBe(0);
    expect(this.#drainsDone).toBe(this.#drains);
    await vi.advanceTimersByTimeAsync(31_000);
    expect(vi.getTimerCount()).toBe(0);
  }
}

const MAX_QUEUE_BYTES = 400;
const CONCURRENCY = 3;

it("keeps its books, delivers nothing twice and ends every wait, whatever comes in whatever order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 80 }),
      fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
      async (steps, randoms) => {
        const scripted = createScriptedDelivery(
          {
            maxBatchItems: 4,
            maxBatchBytes: 100,
            maxQueueBytes: MAX_QUEUE_BYTES,
            concurrency: CONCURRENCY,
          },
          () => Number(randoms.next().value),
        );
        const run = new Run(scripted);
        for (const next of steps) await run.take(next);
        await run.finish();
      },
    ),
    { numRuns: 300 },
  );
});

it("gives back or settles each item once when it is abandoned at any moment", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const scripted = createScriptedDelivery({
        maxBatchItems: 4,
        maxQueueBytes: MAX_QUEUE_BYTES,
        concurrency: CONCURRENCY,
      });
      const run = new Run(scripted);
      for (const next of steps) await run.take(next);
      const { delivery, account, open, attempts, settled } = scripted;
      const { offered, pending } = account.counts;
      const items = delivery.abandon();
      expect(items).toHaveLength(pending);
      for (const item of items) delivery.drop(item, "shut down");
      expect(account.counts.pending).toBe(0);
      expect(account.bytes.pending).toBe(0);
      expect(delivery.pendingCount).toBe(0);
      const countsBefore = account.counts;
      const attemptCount = attempts.length;
      for (const attempt of open) await attempt.answer(DELIVERED);
      await vi.advanceTimersByTimeAsync(120_000);
      expect(account.counts).toEqual(countsBefore);
      expect(new Set(settled).size).toBe(offered);
      expect(settled).toHaveLength(offered);
      expect(attempts).toHaveLength(attemptCount);
      expect(vi.getTimerCount()).toBe(0);
    }),
    { numRuns: 200 },
  );
});

/** An answer per item: by id, a third each delivered, refused and to be tried again. */
function answerInPart(items: readonly TestItem[]): {
  result: SendResult<TestItem>;
  delivered: TestItem[];
} {
  const third = (rest: number): TestItem[] => items.filter(({ id }) => id % 3 === rest);
  const later = third(2);
  return {
    delivered: third(0),
    result: {
      status: "per-item",
      rejected: third(1).map((item) => ({ item, failure: REJECTED })),
      retryable: later.length === 0 ? undefined : { items: later, failure: RETRYABLE },
    },
  };
}

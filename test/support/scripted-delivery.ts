import { createDiagnostics } from "../../src/diagnostics/logger";
import type { DeliveryEvent } from "../../src/diagnostics/stats";
import { Account } from "../../src/export/account";
import { Delivery } from "../../src/export/delivery";
import type { DeliveryItem, DeliveryLimits, DrainWait } from "../../src/export/delivery-options";
import type { SendResult } from "../../src/export/send";
import { createLevelLog } from "./level-log";

export interface TestItem extends DeliveryItem {
  readonly id: number;
}

/** An attempt that waits for the test to say what came of it. */
export interface Attempt {
  readonly ids: readonly number[];
  readonly items: readonly TestItem[];
  readonly byteLength: number;
  readonly at: number;
  answer(result: SendResult<TestItem>): Promise<void>;
  fail(error: unknown): Promise<void>;
}

export interface ScriptedDelivery {
  readonly delivery: Delivery<TestItem>;
  readonly account: Account;
  /** Every attempt so far. */
  readonly attempts: readonly Attempt[];
  /** Attempts not answered yet. */
  readonly open: readonly Attempt[];
  readonly events: readonly DeliveryEvent[];
  readonly lines: readonly string[];
  /** Ids of the items that were settled, in that order. */
  readonly settled: readonly number[];
  /** Offers one item per length, numbered on from the last. */
  offer(...byteLengths: number[]): void;
  offerRoot(byteLength: number): void;
}

export const DELIVERED = { status: "delivered" } as const satisfies SendResult;
export const REJECTED = {
  status: "rejected",
  code: "HTTP 400",
  reason: "HTTP 400: no",
} as const satisfies SendResult;
export const BLOCKED = {
  status: "blocked",
  code: "HTTP 401",
  reason: "HTTP 401",
  advice: "Check the keys.",
} as const satisfies SendResult;
export const RETRYABLE = {
  status: "retryable",
  code: "HTTP 503",
  reason: "HTTP 503",
} as const satisfies SendResult;

export const PARTIAL_SUCCESS = {
  status: "partial-success",
  rejectedCount: 2,
  code: "partial success",
  reason: "no room",
} as const satisfies SendResult;

export const TOO_LARGE = {
  status: "too-large",
  code: "HTTP 413",
  reason: "HTTP 413",
} as const satisfies SendResult;

/** A wait without a deadline. */
export const PATIENT: DrainWait = {
  deadlineAt: Number.POSITIVE_INFINITY,
  leavesOnFailure: false,
};

/** An item is cut to half of its length, but not below this. */
export const MIN_ITEM_BYTES = 8;

const LIMITS: DeliveryLimits = {
  flushIntervalMs: 1_000,
  maxBatchItems: 10,
  maxBatchBytes: 1_000,
  maxQueueBytes: 10_000,
  concurrency: 2,
};

/**
 * A delivery whose attempts a test answers one by one. Backoff is at its longest unless `random`
 * says otherwise.
 */
export function createScriptedDelivery(
  limits: Partial<DeliveryLimits> = {},
  random: () => number = () => 0.999_999,
  onAttempt: () => void = () => undefined,
): ScriptedDelivery {
  const { logger, lines } = createLevelLog();
  const account = new Account();
  const attempts: Attempt[] = [];
  const open = new Set<Attempt>();
  const events: DeliveryEvent[] = [];
  const settled: number[] = [];
  let lastId = 0;

  const delivery = new Delivery<TestItem>({
    signal: "spans",
    endpoint: { name: "test", isOnly: true },
    limits: { ...LIMITS, ...limits },
    account,
    diagnostics: createDiagnostics(logger, "info"),
    random,
    onEvent: (event) => events.push(event),
    onSettled: ({ id }) => settled.push(id),
    describe: ({ id }) => `item ${id}`,
    shrink: (item) => {
      const byteLength = Math.floor(item.byteLength / 2);
      return byteLength < MIN_ITEM_BYTES ? undefined : { ...item, byteLength };
    },
    overflow: undefined,
    send: (items) =>
      new Promise((resolve, reject) => {
        const attempt: Attempt = {
          ids: items.map(({ id }) => id),
          items,
          byteLength: items.reduce((sum, { byteLength }) => sum + byteLength, 0),
          at: performance.now(),
          async answer(result) {
            open.delete(attempt);
            resolve(result);
            await microtasks();
          },
          async fail(error) {
            open.delete(attempt);
            reject(error);
            await microtasks();
          },
        };
        onAttempt();
        attempts.push(attempt);
        open.add(attempt);
      }),
  });

  const offerItem = (byteLength: number, isRoot: boolean): void => {
    lastId += 1;
    account.offer(byteLength);
    delivery.offer({ id: lastId, byteLength, isRoot, sequence: 0 });
  };
  return {
    delivery,
    account,
    attempts,
    events,
    lines,
    settled,
    get open() {
      return [...open];
    },
    offer: (...byteLengths) => {
      for (const byteLength of byteLengths) offerItem(byteLength, false);
    },
    offerRoot: (byteLength) => offerItem(byteLength, true),
  };
}

/** Lets everything run that waits for a promise, without moving a fake clock. */
export async function microtasks(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

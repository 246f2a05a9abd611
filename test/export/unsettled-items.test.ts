import { describe, expect, it } from "vitest";
import { Account } from "../../src/export/account";
import type { DeliveryItem } from "../../src/export/delivery-options";
import { DrainWaiters } from "../../src/export/drain-waiters";
import { UnsettledItems } from "../../src/export/unsettled-items";

const LIMITS = { maxItems: 10, maxBytes: 1_000 };

/** Three items that the account knows and somebody waits for, with the books of who is told of them. */
function createThree() {
  const items: DeliveryItem[] = [1, 2, 3].map((sequence) => ({
    sequence,
    byteLength: 10,
    isRoot: false,
  }));
  const account = new Account();
  for (const { byteLength } of items) account.offer(byteLength);
  const settled: DeliveryItem[] = [];
  const onSettled = (item: DeliveryItem): void => void settled.push(item);
  const waiters = new DrainWaiters();
  void waiters.add({
    upToSequence: 3,
    remaining: 3,
    needsDisk: false,
    deadlineAt: Number.POSITIVE_INFINITY,
    leavesOnFailure: false,
  });
  const onDisk = [...items];
  const overflow = {
    get backlogCount() {
      return onDisk.length;
    },
    spill: () => false,
    take: async () => onDisk.splice(0),
  };
  const unsettled = new UnsettledItems({ account, onSettled, overflow }, { size: 0 }, waiters);
  const books = () => ({
    counts: account.counts,
    bytes: account.bytes,
    pendingCount: unsettled.pendingCount,
    batchedBytes: unsettled.batchedBytes,
    sequences: settled.map(({ sequence }) => sequence),
    isWaitedFor: !waiters.isEmpty,
  });
  return { unsettled, items, books };
}

describe("items in a batch", () => {
  it("are booked alike when it is delivered as a whole and when they are one by one", () => {
    const whole = createThree();
    const single = createThree();
    const batch = whole.unsettled.batch(whole.items);
    single.unsettled.batch(single.items);
    expect(whole.books()).toMatchObject({ pendingCount: 3, batchedBytes: 30, isWaitedFor: true });

    whole.unsettled.delivered(batch);
    for (const item of single.items) single.unsettled.settleBatched(item, "delivered");

    expect(whole.books()).toEqual(single.books());
    expect(whole.books()).toMatchObject({
      counts: { delivered: 3, pending: 0 },
      bytes: { delivered: 30, pending: 0 },
      pendingCount: 0,
      batchedBytes: 0,
      sequences: [1, 2, 3],
      isWaitedFor: false,
    });
  });

  it("count with the bytes they have once they were made smaller", () => {
    const { unsettled, books } = createThree();
    const item = { sequence: 1, byteLength: 10, isRoot: false };
    const smaller = { ...item, byteLength: 4 };
    unsettled.batch([item]);
    unsettled.replace(item, smaller);
    expect(books()).toMatchObject({ bytes: { offered: 24, pending: 24 }, batchedBytes: 4 });
    unsettled.settleBatched(smaller, "rejected", "HTTP 413");
    expect(books()).toMatchObject({ bytes: { rejected: 4, pending: 20 }, batchedBytes: 0 });
  });
});

describe("what is on disk", () => {
  it("is settled when all that came back from there is, and not before", async () => {
    const { unsettled } = createThree();
    expect(unsettled.isDiskSettled).toBe(false);

    const taken = unsettled.take(LIMITS);
    expect([unsettled.isTaking, unsettled.isDiskSettled]).toEqual([true, false]);
    const batch = unsettled.batchReturned(await taken);
    expect([unsettled.isTaking, unsettled.isDiskSettled]).toEqual([false, false]);
    expect([unsettled.returnedCount, unsettled.pendingCount]).toEqual([3, 3]);

    for (const item of batch.items) {
      expect(unsettled.isDiskSettled).toBe(false);
      unsettled.settleBatched(item, "delivered");
    }
    expect([unsettled.returnedCount, unsettled.isDiskSettled]).toEqual([0, true]);
  });

  it("is settled also when it came back and was delivered in one", async () => {
    const { unsettled } = createThree();
    unsettled.delivered(unsettled.batchReturned(await unsettled.take(LIMITS)));
    expect([unsettled.returnedCount, unsettled.isDiskSettled]).toEqual([0, true]);
  });
});

import { expect, it } from "vitest";
import { Account } from "../../src/export/account";

it("counts what is pending as what was offered and has not left, in items and bytes", () => {
  const account = new Account();
  for (const byteLength of [10, 20, 30, 40]) account.offer(byteLength);
  account.grow(5);
  account.settle("delivered", 15);
  account.settle("rejected", 20, "HTTP 400");
  account.settle("dropped", 30, "queue full");
  expect(account.counts).toEqual({ offered: 4, delivered: 1, rejected: 1, dropped: 1, pending: 1 });
  expect(account.bytes).toEqual({
    offered: 105,
    delivered: 15,
    rejected: 20,
    dropped: 30,
    pending: 40,
  });
  expect(account.reasons).toEqual({ "HTTP 400": 1, "queue full": 1 });
});

it("gives copies that later changes do not reach", () => {
  const account = new Account();
  const { counts, reasons } = account;
  account.offer(1);
  account.settle("dropped", 1, "queue full");
  expect(counts.offered).toBe(0);
  expect(reasons).toEqual({});
});

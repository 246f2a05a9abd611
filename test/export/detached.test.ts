import { AsyncLocalStorage } from "node:async_hooks";
import { expect, it } from "vitest";
import { NO_TRACE_ATTRIBUTES } from "../../src/attributes/trace-attributes";
import { detached } from "../../src/export/detached";
import { encodeSpan } from "../../src/export/encode-span";
import type { EncodedSpan } from "../../src/export/encoded-span";
import { Hold } from "../../src/export/hold";
import { createScriptedDelivery, DELIVERED, PATIENT } from "../support/scripted-delivery";
import { createRecord, createTrace } from "../support/span-records";

const storage = new AsyncLocalStorage<string>();

it("runs its work outside of the caller's async context, and gives its result", () => {
  storage.run("request", () => {
    expect(detached(() => [storage.getStore()])).toEqual([undefined]);
    expect(storage.getStore()).toBe("request");
  });
});

it("lets no attempt belong to the request whose span caused it", async () => {
  const seen: unknown[] = [];
  const scripted = createScriptedDelivery({ flushIntervalMs: 1, maxBatchItems: 2 }, undefined, () =>
    seen.push(storage.getStore()),
  );
  const { delivery, offer } = scripted;
  const answered = async (): Promise<void> => {
    await expect.poll(() => scripted.open).toHaveLength(1);
    await scripted.open[0]?.answer(DELIVERED);
  };
  storage.run("by interval", () => offer(1));
  await answered();
  storage.run("by count", () => offer(1, 1));
  await answered();
  storage.run("by drain", () => {
    offer(1);
    void delivery.drain(PATIENT);
  });
  await answered();
  expect(seen).toEqual([undefined, undefined, undefined]);
});

it("lets no release belong to the request whose span was held first", async () => {
  const seen: unknown[] = [];
  const look = (): void => {
    seen.push(storage.getStore());
  };
  const hold = new Hold<EncodedSpan>({ maxHoldBytes: 1_000_000, holdMs: 1 }, look);
  storage.run("request", () => {
    hold.add(createTrace(), encodeSpan(createRecord(), NO_TRACE_ATTRIBUTES));
  });
  await expect.poll(() => seen).toEqual([undefined]);
});

import type { Diagnostics } from "../diagnostics/logger";
import type { DeliveryEvent } from "../diagnostics/stats";
import type { Account } from "./account";
import type { QueueItem } from "./bounded-queue";
import type { DrainWaiter } from "./drain-waiters";
import type { EndpointName } from "./endpoint-health";
import type { SendResult } from "./send";

/** An item on its way. It belongs to its delivery from `offer` to the end. */
export interface DeliveryItem extends QueueItem {
  /** Order of arrival, given by the delivery; infinite for one that was on disk. */
  sequence: number;
}

export type DrainWait = Pick<DrainWaiter, "deadlineAt" | "leavesOnFailure">;

/** Where items go that do not fit into memory, and come back from. */
export interface Overflow<Item> {
  /** Items that can come back. */
  readonly backlogCount: number;
  /** @returns whether the item is kept there */
  spill(item: Item): boolean;
  /** Oldest first. Never rejects. */
  take(limits: BatchLimits): Promise<Item[]>;
}

export interface BatchLimits {
  readonly maxItems: number;
  readonly maxBytes: number;
}

export interface DeliveryLimits {
  readonly flushIntervalMs: number;
  readonly maxBatchItems: number;
  readonly maxBatchBytes: number;
  /** For queued items and those in batches together. */
  readonly maxQueueBytes: number;
  /** Batches on their way at the same time. */
  readonly concurrency: number;
}

export interface DeliveryOptions<Item> {
  readonly signal: DeliveryEvent["signal"];
  readonly endpoint: EndpointName;
  readonly limits: DeliveryLimits;
  /** One attempt; never rejects. */
  readonly send: (items: readonly Item[]) => Promise<SendResult<Item>>;
  /** The same item made to fit where it is too large alone; undefined when it cannot be. */
  readonly shrink: (item: Item) => Item | undefined;
  /** Names an item in messages, without its content. */
  readonly describe: (item: Item) => string;
  /** Told once per item that is delivered, rejected or dropped; undefined where nobody wants to know. */
  readonly onSettled: ((item: Item) => void) | undefined;
  readonly overflow: Overflow<Item> | undefined;
  readonly account: Account;
  readonly diagnostics: Diagnostics;
  /** Never throws. */
  readonly onEvent: (event: DeliveryEvent) => void;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

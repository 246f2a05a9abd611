import type { QueueItem } from "./bounded-queue";

/** Items that leave together. The bytes of each were fixed before the first attempt, so a repeat is harmless. */
export interface Batch<Item> {
  readonly items: readonly Item[];
  readonly byteLength: number;
  /**
   * Part of a batch that was refused; or itself refused when everything was, and therefore not
   * halved: what is not such a suspect goes first.
   */
  readonly refusal?: "part" | "suspect";
}

export function createBatch<Item extends QueueItem>(
  items: readonly Item[],
  refusal?: "part",
): Batch<Item> {
  let byteLength = 0;
  for (const item of items) byteLength += item.byteLength;
  return { items, byteLength, ...(refusal && { refusal }) };
}

/**
 * Batches that wait for another attempt.
 *
 *     oldest first                    suspects, as they came
 *     [ fresh or part, fresh, … ]     [ suspect, suspect ]
 *       ▲ taken here       ▲ or here, from behind
 *
 * "From behind" is where to look while many are refused: bad items are often neighbours.
 */
export class RetryList<Item extends QueueItem & { readonly sequence: number }> {
  readonly #batches: Batch<Item>[] = [];

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  /** There are none but suspects, if any. */
  get isWithoutFresh(): boolean {
    return this.#lastFresh < 0;
  }

  get startsWithSuspect(): boolean {
    return this.#batches[0]?.refusal === "suspect";
  }

  /** Items in batches that were refused or are parts of such. */
  get refusedCount(): number {
    return countRefused(this.#batches);
  }

  append(batch: Batch<Item>): void {
    this.#batches.push(batch);
  }

  prepend(batch: Batch<Item>): void {
    this.#batches.unshift(batch);
  }

  /** Oldest first, whatever the order in which attempts at the same time fail; suspects last. */
  putBack(batch: Batch<Item>): void {
    const age = ({ items }: Batch<Item>): number => items[0]?.sequence ?? 0;
    const next = this.#batches.findIndex(
      (other) =>
        batch.refusal !== "suspect" && (other.refusal === "suspect" || age(other) > age(batch)),
    );
    this.#batches.splice(next === -1 ? this.#batches.length : next, 0, batch);
  }

  /**
   * Puts two halves where the next attempt takes them.
   * @param refusal - of both
   * @returns false for a batch that cannot be split
   */
  putHalves({ items }: Batch<Item>, refusal: "part" | undefined, isFromBehind: boolean): boolean {
    if (items.length < 2) return false;
    const middle = Math.ceil(items.length / 2);
    const halves = [items.slice(0, middle), items.slice(middle)];
    const at = isFromBehind ? this.#lastFresh + 1 : 0;
    this.#batches.splice(at, 0, ...halves.map((half) => createBatch(half, refusal)));
    return true;
  }

  take(isFromBehind: boolean): Batch<Item> | undefined {
    const at = isFromBehind && !this.startsWithSuspect ? this.#lastFresh : 0;
    return this.#batches.splice(at, 1)[0];
  }

  takeAll(): Batch<Item>[] {
    return this.#batches.splice(0);
  }

  /** The endpoint takes something after all: suspects are looked at item by item again. */
  trust(): void {
    for (const [index, batch] of this.#batches.entries()) {
      if (batch.refusal === "suspect") this.#batches[index] = { ...batch, refusal: "part" };
    }
  }

  /** The last one that is no suspect; -1 where there is none. */
  get #lastFresh(): number {
    return this.#batches.findLastIndex(({ refusal }) => refusal !== "suspect");
  }
}

/** Items in those of the batches that were refused or are parts of such. */
export function countRefused(batches: Iterable<Batch<unknown>>): number {
  let count = 0;
  for (const { items, refusal } of batches) if (refusal !== undefined) count += items.length;
  return count;
}

import fc from "fast-check";
import { expect, it } from "vitest";
import { BoundedQueue } from "../../src/export/bounded-queue";

interface Item {
  readonly id: number;
  readonly byteLength: number;
  readonly isRoot: boolean;
}

const MAX_BYTES = 200;

const operation = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ byteLength: fc.integer({ min: 1, max: 90 }), isRoot: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      maxItems: fc.integer({ min: 1, max: 6 }),
      maxBytes: fc.nat({ max: 150 }),
    }),
  },
);

it("loses no item unaccounted for, stays within its bytes and in order, whatever is done", () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
      const dropped: Item[] = [];
      const taken: Item[] = [];
      const queue = new BoundedQueue<Item>({ maxBytes: MAX_BYTES }, (item) => dropped.push(item));
      const waiting = new Map<number, Item>(); // the model, in order
      let offered = 0;
      for (const step of operations) {
        if ("isRoot" in step) {
          const item = { id: offered, ...step };
          offered += 1;
          const droppedBefore = dropped.length;
          waiting.set(item.id, item);
          queue.enqueue(item);
          const lost = dropped.slice(droppedBefore);
          for (const { id } of lost) waiting.delete(id);
          // Roots never make room; one is dropped only as the item that came.
          expect(lost.filter((other) => other.isRoot && other !== item)).toEqual([]);
          if (item.isRoot && lost.includes(item)) expect(lost).toEqual([item]);
        } else {
          const batch = queue.take(step);
          const first = [...waiting.values()].slice(0, batch.length);
          expect(batch).toEqual(first);
          expect(batch.length > 0).toBe(waiting.size > 0);
          const bytes = batch.reduce((sum, { byteLength }) => sum + byteLength, 0);
          if (batch.length > 1) expect(bytes).toBeLessThanOrEqual(step.maxBytes);
          expect(batch.length).toBeLessThanOrEqual(step.maxItems);
          for (const { id } of batch) waiting.delete(id);
          taken.push(...batch);
        }
        const bytes = [...waiting.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
        expect(queue.byteLength).toBe(bytes);
        expect(queue.byteLength).toBeLessThanOrEqual(MAX_BYTES);
        expect(queue.size).toBe(waiting.size);
        expect(taken.length + dropped.length + queue.size).toBe(offered);
      }
    }),
    { numRuns: 500 },
  );
});

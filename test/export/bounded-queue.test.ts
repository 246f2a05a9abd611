import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { BoundedQueue } from "../../src/export/bounded-queue";

interface Item {
  readonly name: string;
  readonly byteLength: number;
  readonly isRoot: boolean;
}

const child = (name: string, byteLength = 10): Item => ({ name, byteLength, isRoot: false });
const root = (name: string, byteLength = 10): Item => ({ name, byteLength, isRoot: true });

function createQueue(maxBytes: number): { queue: BoundedQueue<Item>; dropped: string[] } {
  const dropped: string[] = [];
  const queue = new BoundedQueue<Item>({ maxBytes }, ({ name }) => dropped.push(name));
  return { queue, dropped };
}

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc()");
}

const ALL = { maxItems: 1_000, maxBytes: 1_000_000 };
const names = (items: readonly Item[]): string[] => items.map(({ name }) => name);

describe("take", () => {
  it("gives items in the order they came", () => {
    const { queue } = createQueue(1_000);
    for (const name of ["a", "b", "c"]) queue.enqueue(child(name));
    expect(names(queue.take({ maxItems: 2, maxBytes: 1_000 }))).toEqual(["a", "b"]);
    queue.enqueue(child("d"));
    expect(names(queue.take(ALL))).toEqual(["c", "d"]);
    expect(queue.size).toBe(0);
    expect(queue.byteLength).toBe(0);
  });

  it("stops before the bytes go past the bound, and gives one item at least", () => {
    const { queue } = createQueue(1_000);
    for (const item of [child("big", 90), child("b", 50), child("c", 50), child("d", 1)]) {
      queue.enqueue(item);
    }
    expect(names(queue.take({ maxItems: 9, maxBytes: 50 }))).toEqual(["big"]);
    expect(names(queue.take({ maxItems: 9, maxBytes: 100 }))).toEqual(["b", "c"]);
  });

  it("begins anew when all was given: what comes after is bounded, and not in what was given", () => {
    const { queue, dropped } = createQueue(30);
    for (const name of ["a", "b", "c"]) queue.enqueue(child(name));
    const given = queue.take(ALL);
    for (const item of [child("d"), child("e"), child("f"), root("r")]) queue.enqueue(item);
    expect(names(given)).toEqual(["a", "b", "c"]);
    expect(dropped).toEqual(["f"]);
    expect(names(queue.take(ALL))).toEqual(["d", "e", "r"]);
    expect(queue.byteLength).toBe(0);
  });

  it("gives nothing of an empty queue", () => {
    expect(createQueue(100).queue.take(ALL)).toEqual([]);
  });
});

describe("enqueue", () => {
  it("takes items up to the bound exactly, and drops the one after it", () => {
    const { queue, dropped } = createQueue(30);
    for (const name of ["a", "b", "c", "d"]) queue.enqueue(child(name));
    expect(queue.size).toBe(3);
    expect(dropped).toEqual(["d"]);
  });

  it("counts bytes held elsewhere against the bound", () => {
    const { queue, dropped } = createQueue(30);
    queue.enqueue(child("a"), 20);
    queue.enqueue(child("b"), 20);
    expect(dropped).toEqual(["b"]);
  });

  it("goes on to take smaller items after it dropped a large one", () => {
    const { queue, dropped } = createQueue(30);
    queue.enqueue(child("large", 31));
    queue.enqueue(child("small", 5));
    expect(dropped).toEqual(["large"]);
    expect(queue.size).toBe(1);
  });
});

describe("a root that comes into a full queue", () => {
  it("takes the place of the children that came last, and order is kept", () => {
    const { queue, dropped } = createQueue(40);
    for (const item of [child("a"), root("r1"), child("b"), child("c")]) queue.enqueue(item);
    queue.enqueue(root("r2"));
    expect(dropped).toEqual(["c"]);
    expect(names(queue.take(ALL))).toEqual(["a", "r1", "b", "r2"]);
  });

  it("takes the place of as many children as it needs, around the roots between them", () => {
    const { queue, dropped } = createQueue(50);
    for (const item of [child("a"), child("b"), root("r1"), child("c"), root("r2")]) {
      queue.enqueue(item);
    }
    queue.enqueue(root("r3", 25));
    expect(dropped).toEqual(["c", "b", "a"]);
    expect(names(queue.take(ALL))).toEqual(["r1", "r2", "r3"]);
    expect(queue.byteLength).toBe(0);
  });

  it("is dropped where there are only roots", () => {
    const { queue, dropped } = createQueue(20);
    for (const name of ["a", "b", "c"]) queue.enqueue(root(name));
    expect(dropped).toEqual(["c"]);
  });

  it("is dropped alone where all children together would not make the room", () => {
    const { queue, dropped } = createQueue(50);
    for (const item of [child("a"), root("r1"), child("b")]) queue.enqueue(item);
    queue.enqueue(root("huge", 60));
    expect(dropped).toEqual(["huge"]);
    expect(names(queue.take(ALL))).toEqual(["a", "r1", "b"]);
  });

  it("makes a share of the bound free at once, so that a flood of roots stays linear", () => {
    const { queue, dropped } = createQueue(1_000);
    for (let index = 0; index < 1_000; index += 1) queue.enqueue(child(`${index}`, 1));
    queue.enqueue(root("r", 1));
    expect(dropped).toHaveLength(50);
    for (let index = 0; index < 49; index += 1) queue.enqueue(root(`r${index}`, 1));
    expect(dropped).toHaveLength(50);
  });
});

it("is whole when whoever is told of a drop enqueues in turn", () => {
  const dropped: string[] = [];
  const queue: BoundedQueue<Item> = new BoundedQueue<Item>({ maxBytes: 40 }, ({ name }) => {
    dropped.push(name);
    if (dropped.length === 1) queue.enqueue(child("told", 1));
  });
  for (const name of ["a", "b", "c"]) queue.enqueue(child(name));
  queue.enqueue(root("r", 15));
  expect(dropped).toEqual(["c"]);
  expect(names(queue.take(ALL))).toEqual(["a", "b", "told", "r"]);
  expect(queue.byteLength).toBe(0);
});

it("keeps nothing of what was taken, even before it is compacted", async () => {
  const { queue } = createQueue(10_000_000);
  const taken = (() => {
    for (let index = 0; index < 100; index += 1) queue.enqueue(child(`${index}`, 1));
    return queue.take({ maxItems: 10, maxBytes: 1_000 }).map((item) => new WeakRef(item));
  })();
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(taken.filter((reference) => reference.deref() !== undefined)).toEqual([]);
  expect(queue.size).toBe(90);
});

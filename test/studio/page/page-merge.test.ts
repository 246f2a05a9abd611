import { describe, expect, it } from "vitest";
import {
  changesOrder,
  type HeldList,
  type ListPage,
  newItemCount,
  updatedInPlace,
  withFirstPage,
  withNextPage,
} from "../../../src/studio/page/page-merge";

interface Item {
  readonly id: string;
  readonly turns: number;
}

const items = (...ids: readonly string[]): Item[] => ids.map((id) => ({ id, turns: 1 }));
const page = (data: readonly Item[], nextCursor?: string): ListPage<Item> => ({
  data,
  totalCount: 100,
  ...(nextCursor !== undefined && { nextCursor }),
});
const ids = (list: HeldList<Item>): string => list.items.map(({ id }) => id).join("");

describe("a list that is read page by page", () => {
  const first = withFirstPage(null, page(items("a", "b"), "after b"));
  const both = withNextPage(first, page(items("c", "d"), "after d"));

  it("grows by each page and ends where there is no cursor", () => {
    expect(ids(both)).toBe("abcd");
    expect(both.nextCursor).toBe("after d");
    expect(withNextPage(both, page(items("e"))).nextCursor).toBeUndefined();
  });

  it("has an item once that moved down while the next page was read", () => {
    expect(ids(withNextPage(first, page(items("b", "c"))))).toBe("abc");
  });

  it("puts the first page, read again, before the later ones and goes on after the last", () => {
    const again = withFirstPage(both, page(items("x", "d"), "after d again"));
    expect(ids(again)).toBe("xdabc");
    expect(again.nextCursor).toBe("after d");
  });

  it("forgets the later pages when all fits on the first", () => {
    const again = withFirstPage(both, page(items("x")));
    expect(ids(again)).toBe("x");
    expect(again.isBeyondFirst).toBe(false);
  });

  it("changes items where they stand, leaving out what is new", () => {
    const fresh = page([{ id: "c", turns: 2 }, ...items("x")], "after x");
    const updated = updatedInPlace(both, fresh);
    expect(ids(updated)).toBe("abcd");
    expect(updated.items.map(({ turns }) => turns)).toEqual([1, 1, 2, 1]);
  });

  it("tells whether items would move, and how many would be new", () => {
    expect(changesOrder(both, page(items("a", "b"), "after b"))).toBe(false);
    expect(changesOrder(both, page(items("b", "a"), "after a"))).toBe(true);
    expect(changesOrder(both, page(items("x", "a"), "after a"))).toBe(true);
    expect(newItemCount(both, page(items("c", "a")))).toBe(0);
    expect(newItemCount(both, page(items("x", "y", "a")))).toBe(2);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildTree, flattenTree, type TreeItem } from "../../../src/studio/conversation/build-tree";

function item(id: string, parentId: string | null = null, second = 0): TreeItem {
  return { id, parentId, startedAt: `2026-11-22T10:00:${String(second).padStart(2, "0")}.000000Z` };
}

/** The tree as indented ids. */
function outline(items: readonly TreeItem[]): readonly string[] {
  return flattenTree(buildTree(items)).map(({ item, depth }) => "  ".repeat(depth) + item.id);
}

describe("buildTree", () => {
  it("puts children under their parents, whatever order they arrive in", () => {
    const items = [item("c", "b", 2), item("a", null, 0), item("d", "a", 3), item("b", "a", 1)];
    expect(outline(items)).toEqual(["a", "  b", "    c", "  d"]);
  });

  it("orders siblings by start, then by id", () => {
    expect(outline([item("b", null, 1), item("z", null, 0), item("a", null, 1)])).toEqual([
      "z",
      "a",
      "b",
    ]);
  });

  it("makes an item whose parent is missing a root", () => {
    expect(outline([item("a"), item("orphan", "gone", 1)])).toEqual(["a", "orphan"]);
  });

  it("makes an item that is its own parent a root", () => {
    expect(outline([item("a", "a")])).toEqual(["a"]);
  });

  it("breaks a cycle at its earliest member and keeps what hangs on it", () => {
    const items = [item("x", "c", 0), item("a", "c", 3), item("b", "a", 1), item("c", "b", 2)];
    expect(outline(items)).toEqual(["b", "  c", "    x", "    a"]);
  });

  it("takes the later of two items with one id", () => {
    expect(outline([item("a", null, 5), item("b", null, 1), item("a", "b", 5)])).toEqual([
      "b",
      "  a",
    ]);
  });

  it("builds a chain of 200,000 levels", () => {
    const items = Array.from({ length: 200_000 }, (_, index) =>
      item(`i${index}`, index === 0 ? null : `i${index - 1}`),
    );
    const rows = flattenTree(buildTree(items));
    expect(rows).toHaveLength(200_000);
    expect(rows.at(-1)?.depth).toBe(199_999);
  });

  it("holds every item exactly once, one level below its parent, for any parents", () => {
    const arbitraryItem = fc.record({
      id: fc.integer({ min: 0, max: 12 }).map(String),
      parentId: fc.option(fc.integer({ min: 0, max: 14 }).map(String)),
      startedAt: fc.constantFrom("1", "2", "3"),
    });
    fc.assert(
      fc.property(fc.array(arbitraryItem), (items) => {
        const roots = buildTree(items);
        const ids = flattenTree(roots).map((node) => node.item.id);
        expect([...ids].sort()).toEqual([...new Set(items.map((one) => one.id))].sort());
        for (const node of flattenTree(roots)) {
          for (const child of node.children) {
            expect(child.item.parentId).toBe(node.item.id);
            expect(child.depth).toBe(node.depth + 1);
          }
        }
      }),
    );
  });

  it("does not depend on the order of items with different ids", () => {
    const items = fc.uniqueArray(
      fc.record({
        id: fc.integer({ min: 0, max: 12 }).map(String),
        parentId: fc.option(fc.integer({ min: 0, max: 14 }).map(String)),
        startedAt: fc.constantFrom("1", "2", "3"),
      }),
      { selector: (one) => one.id },
    );
    fc.assert(
      fc.property(items, (given) => {
        expect(outline([...given].reverse())).toEqual(outline(given));
      }),
    );
  });
});

describe("flattenTree", () => {
  it("leaves out what is below a collapsed node", () => {
    const roots = buildTree([item("a"), item("b", "a", 1), item("c", "b", 2), item("d", "a", 3)]);
    const rows = flattenTree(roots, (id) => id === "b");
    expect(rows.map((node) => node.item.id)).toEqual(["a", "b", "d"]);
  });
});

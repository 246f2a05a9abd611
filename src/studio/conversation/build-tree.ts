import type { ObservationView } from "../api/types";

/** What a tree is built from; both the page and tests pass more. */
export type TreeItem = Pick<ObservationView, "id" | "parentId" | "startedAt">;

export interface TreeNode<Item extends TreeItem> {
  readonly item: Item;
  /** 0 for a root. */
  readonly depth: number;
  /** By start time, then by id. */
  readonly children: readonly TreeNode<Item>[];
}

interface MutableNode<Item extends TreeItem> {
  readonly item: Item;
  depth: number;
  readonly children: MutableNode<Item>[];
}

/**
 * The forest of a flat list. Every item stands in it exactly once: one whose parent is not in the
 * list is a root; in a cycle the earliest member becomes a root; of two items with one id the later
 * in the list counts. Needs no call stack per level.
 */
export function buildTree<Item extends TreeItem>(
  items: readonly Item[],
): readonly TreeNode<Item>[] {
  const unique = new Map(items.map((item) => [item.id, item]));
  const ordered = [...unique.values()].sort(byStart);
  const nodes = new Map<string, MutableNode<Item>>(
    ordered.map((item) => [item.id, { item, depth: 0, children: [] }]),
  );
  const cycleBreakers = findCycleBreakers(ordered, unique);
  const roots: MutableNode<Item>[] = [];
  for (const item of ordered) {
    const node = nodes.get(item.id);
    if (node === undefined) continue;
    const parent = item.parentId === null ? undefined : nodes.get(item.parentId);
    if (parent === undefined || cycleBreakers.has(item.id)) roots.push(node);
    else parent.children.push(node);
  }
  const pending = [...roots];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const child of node.children) {
      child.depth = node.depth + 1;
      pending.push(child);
    }
  }
  return roots;
}

/** Nodes in reading order, without those below a node for which `isCollapsed` says true. */
export function flattenTree<Item extends TreeItem>(
  roots: readonly TreeNode<Item>[],
  isCollapsed: (id: string) => boolean = () => false,
): readonly TreeNode<Item>[] {
  const flat: TreeNode<Item>[] = [];
  const pending = [...roots].reverse();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    flat.push(node);
    if (isCollapsed(node.item.id)) continue;
    for (let index = node.children.length - 1; index >= 0; index--) {
      const child = node.children[index];
      if (child !== undefined) pending.push(child);
    }
  }
  return flat;
}

function byStart(left: TreeItem, right: TreeItem): number {
  if (left.startedAt !== right.startedAt) return left.startedAt < right.startedAt ? -1 : 1;
  if (left.id === right.id) return 0;
  return left.id < right.id ? -1 : 1;
}

/**
 * The earliest member of each cycle. Each item is walked through once: a walk that meets an item of
 * its own walk has closed a cycle, one that meets an item of an earlier walk has not.
 */
function findCycleBreakers(
  ordered: readonly TreeItem[],
  byId: ReadonlyMap<string, TreeItem>,
): ReadonlySet<string> {
  const breakers = new Set<string>();
  const walkOf = new Map<string, number>();
  for (const [walk, start] of ordered.entries()) {
    let current: TreeItem | undefined = start;
    while (current !== undefined && !walkOf.has(current.id)) {
      walkOf.set(current.id, walk);
      current = current.parentId === null ? undefined : byId.get(current.parentId);
    }
    if (current === undefined || walkOf.get(current.id) !== walk) continue;
    breakers.add(earliestOfCycle(current, byId).id);
  }
  return breakers;
}

function earliestOfCycle(member: TreeItem, byId: ReadonlyMap<string, TreeItem>): TreeItem {
  let earliest = member;
  let current = parentOf(member, byId);
  while (current !== undefined && current.id !== member.id) {
    if (byStart(current, earliest) < 0) earliest = current;
    current = parentOf(current, byId);
  }
  return earliest;
}

function parentOf(item: TreeItem, byId: ReadonlyMap<string, TreeItem>): TreeItem | undefined {
  return item.parentId === null ? undefined : byId.get(item.parentId);
}

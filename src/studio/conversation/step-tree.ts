import type { Step } from "../api/detail-types";
import type { TokenCounts } from "../api/types";
import { buildTree, type TreeNode } from "./build-tree";

/** Sums over a step and all below it. */
export interface StepTotals {
  readonly tokens: TokenCounts;
  /** Null when none of the steps has a cost. */
  readonly cost: number | null;
  /** Steps with level ERROR. */
  readonly errorCount: number;
}

/** One step in reading order. */
export interface StepRow {
  readonly step: Step;
  /** Its place in {@link StepTree.rows}. */
  readonly index: number;
  /** 0 for a root. */
  readonly depth: number;
  /** The row of its parent; -1 for a root. */
  readonly parentIndex: number;
  /** Steps below it at any depth: they are the rows that follow it. */
  readonly descendantCount: number;
  /** Its place among its siblings, from 1. */
  readonly position: number;
  readonly siblingCount: number;
  readonly totals: StepTotals;
}

/** All steps of a trace as one flat list, each parent before its children. */
export interface StepTree {
  readonly rows: readonly StepRow[];
  /** Places in `rows`. */
  readonly indexById: ReadonlyMap<string, number>;
}

/**
 * The tree of a trace, with the sums of each subtree. Takes any parents (missing, cyclic, of any
 * depth), and time in proportion to the number of steps.
 */
export function buildStepTree(steps: readonly Step[]): StepTree {
  const rows: Mutable<StepRow>[] = [];
  const pending: Pending[] = [];
  postpone(pending, buildTree(steps), -1);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, parentIndex, position, siblingCount } = next;
    const index = rows.length;
    rows.push({
      step: node.item,
      index,
      depth: node.depth,
      parentIndex,
      descendantCount: 0,
      position,
      siblingCount,
      totals: ownTotals(node.item),
    });
    postpone(pending, node.children, index);
  }
  // From the end: a row's own sums are complete before they are added to its parent's.
  for (let index = rows.length - 1; index > 0; index--) {
    const row = rows[index];
    const parent = rows[row?.parentIndex ?? -1];
    if (row === undefined || parent === undefined) continue;
    parent.descendantCount += row.descendantCount + 1;
    parent.totals = sum(parent.totals, row.totals);
  }
  return { rows, indexById: new Map(rows.map((row) => [row.step.id, row.index])) };
}

export interface RowsView {
  /** Says which steps have their children hidden; not asked while a filter is set. */
  readonly isFolded: (id: string) => boolean;
  /** Part of a name, type or model, in any case; empty shows all. */
  readonly filter: string;
}

/** Rows to show. Of a filtered tree these are the steps that match, below their parents. */
export function visibleRows({ rows }: StepTree, view: RowsView): readonly StepRow[] {
  const needle = view.filter.trim().toLowerCase();
  if (needle !== "") {
    const isKept = new Uint8Array(rows.length);
    for (let index = rows.length - 1; index >= 0; index--) {
      const row = rows[index];
      if (row === undefined) continue;
      if (isKept[index] === 0 && !matchesFilter(row.step, needle)) continue;
      isKept[index] = 1;
      if (row.parentIndex >= 0) isKept[row.parentIndex] = 1;
    }
    return rows.filter((row) => isKept[row.index] === 1);
  }
  const shown: StepRow[] = [];
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index];
    if (row === undefined) break;
    shown.push(row);
    if (row.descendantCount > 0 && view.isFolded(row.step.id)) index += row.descendantCount;
  }
  return shown;
}

/** @param needle - in lower case */
export function matchesFilter(step: Step, needle: string): boolean {
  return (
    step.name.toLowerCase().includes(needle) ||
    step.type.includes(needle) ||
    (step.model?.toLowerCase().includes(needle) ?? false)
  );
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

interface Pending {
  readonly node: TreeNode<Step>;
  readonly parentIndex: number;
  readonly position: number;
  readonly siblingCount: number;
}

/** Puts siblings on the stack so that the first is taken first. */
function postpone(
  pending: Pending[],
  siblings: readonly TreeNode<Step>[],
  parentIndex: number,
): void {
  for (let place = siblings.length - 1; place >= 0; place--) {
    const node = siblings[place];
    if (node === undefined) continue;
    pending.push({ node, parentIndex, position: place + 1, siblingCount: siblings.length });
  }
}

function ownTotals(step: Step): StepTotals {
  return {
    tokens: step.tokens,
    cost: step.totalCost,
    errorCount: step.level === "ERROR" ? 1 : 0,
  };
}

function sum(left: StepTotals, right: StepTotals): StepTotals {
  return {
    tokens: {
      input: left.tokens.input + right.tokens.input,
      output: left.tokens.output + right.tokens.output,
      total: left.tokens.total + right.tokens.total,
    },
    cost: left.cost === null && right.cost === null ? null : (left.cost ?? 0) + (right.cost ?? 0),
    errorCount: left.errorCount + right.errorCount,
  };
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildStepTree,
  type RowsView,
  visibleRows,
} from "../../../src/studio/conversation/step-tree";
import { stepOf } from "./steps";

const OPEN: RowsView = { isFolded: () => false, filter: "" };

const TREE = buildStepTree([
  stepOf({ id: "root", tokens: { input: 1, output: 1, total: 2 } }),
  stepOf({ id: "agent", parentId: "root", type: "agent", startOffsetMs: 1, totalCost: 0.5 }),
  stepOf({
    id: "call",
    parentId: "agent",
    startOffsetMs: 2,
    model: "GPT-4o",
    tokens: { input: 10, output: 5, total: 15 },
    totalCost: 0.25,
  }),
  stepOf({ id: "tool", parentId: "agent", startOffsetMs: 3, level: "ERROR" }),
  stepOf({ id: "end", parentId: "root", startOffsetMs: 4 }),
]);

function idsOf(view: Partial<RowsView>): readonly string[] {
  return visibleRows(TREE, { ...OPEN, ...view }).map((row) => row.step.id);
}

describe("buildStepTree", () => {
  it("sums tokens, cost and errors over each step and all below it", () => {
    expect(TREE.rows.map(({ step, totals }) => [step.id, totals])).toEqual([
      ["root", { tokens: { input: 11, output: 6, total: 17 }, cost: 0.75, errorCount: 1 }],
      ["agent", { tokens: { input: 10, output: 5, total: 15 }, cost: 0.75, errorCount: 1 }],
      ["call", { tokens: { input: 10, output: 5, total: 15 }, cost: 0.25, errorCount: 0 }],
      ["tool", { tokens: { input: 0, output: 0, total: 0 }, cost: null, errorCount: 1 }],
      ["end", { tokens: { input: 0, output: 0, total: 0 }, cost: null, errorCount: 0 }],
    ]);
  });

  it("says of each row its depth, its parent and its place among its siblings", () => {
    expect(
      TREE.rows.map(({ step, depth, parentIndex, position, siblingCount, descendantCount }) => [
        step.id,
        { depth, parentIndex, position, siblingCount, descendantCount },
      ]),
    ).toEqual([
      ["root", { depth: 0, parentIndex: -1, position: 1, siblingCount: 1, descendantCount: 4 }],
      ["agent", { depth: 1, parentIndex: 0, position: 1, siblingCount: 2, descendantCount: 2 }],
      ["call", { depth: 2, parentIndex: 1, position: 1, siblingCount: 2, descendantCount: 0 }],
      ["tool", { depth: 2, parentIndex: 1, position: 2, siblingCount: 2, descendantCount: 0 }],
      ["end", { depth: 1, parentIndex: 0, position: 2, siblingCount: 2, descendantCount: 0 }],
    ]);
  });

  it("holds each step of 100,000 once when each is the parent of the next and the last of the first", () => {
    const count = 100_000;
    const steps = Array.from({ length: count }, (_, index) =>
      stepOf({
        id: `s${index}`,
        parentId: `s${(index + count - 1) % count}`,
        startedAt: String(index).padStart(6, "0"),
        totalCost: 1,
      }),
    );
    const { rows, indexById } = buildStepTree(steps);
    expect(rows).toHaveLength(count);
    expect(indexById.size).toBe(count);
    expect(rows[0]?.totals.cost).toBe(count);
    expect(rows.at(-1)?.depth).toBe(count - 1);
  });

  it("counts every step below exactly the steps above it, for any parents", () => {
    const arbitraryStep = fc.record({
      id: fc.integer({ min: 0, max: 12 }).map(String),
      parentId: fc.option(fc.integer({ min: 0, max: 14 }).map(String)),
    });
    fc.assert(
      fc.property(fc.array(arbitraryStep), (given) => {
        const { rows } = buildStepTree(given.map((fields) => stepOf(fields)));
        for (const row of rows) {
          const below = rows.slice(row.index + 1, row.index + 1 + row.descendantCount);
          expect(below.every((one) => one.depth > row.depth)).toBe(true);
          const next = rows[row.index + 1 + row.descendantCount];
          expect(next === undefined || next.depth <= row.depth).toBe(true);
        }
      }),
    );
  });
});

describe("visibleRows", () => {
  it("leaves out what is below a folded step", () => {
    expect(idsOf({ isFolded: (id) => id === "agent" })).toEqual(["root", "agent", "end"]);
    expect(idsOf({ isFolded: () => true })).toEqual(["root"]);
  });

  it("keeps the steps whose name, type or model holds the filter, and those above them", () => {
    expect(idsOf({ filter: "TOO" })).toEqual(["root", "agent", "tool"]);
    expect(idsOf({ filter: " gpt " })).toEqual(["root", "agent", "call"]);
    expect(idsOf({ filter: "agent" })).toEqual(["root", "agent"]);
    expect(idsOf({ filter: "nothing" })).toEqual([]);
  });

  it("shows what a filter finds in a folded step", () => {
    expect(idsOf({ filter: "tool", isFolded: () => true })).toEqual(["root", "agent", "tool"]);
  });
});

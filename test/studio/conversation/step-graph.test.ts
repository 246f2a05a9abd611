import { describe, expect, it } from "vitest";
import type { Step } from "../../../src/studio/api/detail-types";
import { buildStepGraph } from "../../../src/studio/conversation/step-graph";
import { buildStepTree } from "../../../src/studio/conversation/step-tree";
import { stepOf } from "./steps";

function graphOf(steps: readonly Step[]) {
  return buildStepGraph(buildStepTree(steps));
}

function edgesOf(steps: readonly Step[]): readonly string[] {
  const { nodes, edges } = graphOf(steps);
  const nameOf = (key: string): string | undefined => nodes.find((node) => node.key === key)?.name;
  return edges.map((edge) => `${nameOf(edge.from)} → ${nameOf(edge.to)} ×${edge.count}`).sort();
}

/** A step with a type, from its start to its end in milliseconds. */
function step(
  id: string,
  type: Step["type"],
  name: string,
  [startOffsetMs, endMs]: readonly [number, number],
  parentId: string | null = null,
): Step {
  return stepOf({ id, type, name, parentId, startOffsetMs, durationMs: endMs - startOffsetMs });
}

const LOOP: readonly Step[] = [
  step("1", "agent", "support", [0, 100]),
  step("2", "generation", "plan", [1, 10], "1"),
  step("3", "tool", "search", [10, 20], "1"),
  step("4", "generation", "plan", [21, 30], "1"),
  { ...step("5", "tool", "search", [31, 40], "1"), level: "ERROR" },
  step("6", "generation", "answer", [41, 90], "1"),
];

describe("buildStepGraph", () => {
  it("has one node for all runs of one type and name", () => {
    expect(
      graphOf(LOOP).nodes.map(({ type, name, runs, errorCount, durationMs }) => ({
        type,
        name,
        runs,
        errorCount,
        durationMs,
      })),
    ).toEqual([
      { type: "agent", name: "support", runs: ["1"], errorCount: 0, durationMs: 100 },
      { type: "generation", name: "plan", runs: ["2", "4"], errorCount: 0, durationMs: 18 },
      { type: "tool", name: "search", runs: ["3", "5"], errorCount: 1, durationMs: 19 },
      { type: "generation", name: "answer", runs: ["6"], errorCount: 0, durationMs: 49 },
    ]);
  });

  it("leads from a step to the first below it, and on from each to the next", () => {
    expect(edgesOf(LOOP)).toEqual([
      "plan → search ×2",
      "search → answer ×1",
      "search → plan ×1",
      "support → plan ×1",
    ]);
  });

  it("puts steps that overlap side by side and joins them at the step after both", () => {
    expect(
      edgesOf([
        step("1", "agent", "a", [0, 100]),
        step("2", "tool", "left", [1, 20], "1"),
        step("3", "tool", "right", [5, 15], "1"),
        step("4", "generation", "end", [21, 30], "1"),
      ]),
    ).toEqual(["a → left ×1", "a → right ×1", "left → end ×1", "right → end ×1"]);
  });

  it("passes through spans and events", () => {
    expect(
      edgesOf([
        step("1", "agent", "a", [0, 100]),
        step("2", "span", "group", [1, 50], "1"),
        step("3", "tool", "t", [2, 20], "2"),
        step("4", "event", "mark", [21, 21], "1"),
        step("5", "generation", "g", [51, 60], "1"),
      ]),
    ).toEqual(["a → t ×1", "t → g ×1"]);
  });

  it("draws the spans of a trace that has nothing else", () => {
    const { nodes } = graphOf([
      step("1", "span", "a", [0, 9]),
      step("2", "span", "b", [1, 2], "1"),
    ]);
    expect(nodes.map((node) => node.name)).toEqual(["a", "b"]);
  });

  it("leads a step that runs again at once back to itself", () => {
    expect(
      edgesOf([step("1", "tool", "retry", [0, 1]), step("2", "tool", "retry", [1, 2])]),
    ).toEqual(["retry → retry ×1"]);
  });

  it("draws the 80 steps that ran most often of 100,000, and says how many it leaves out", () => {
    const steps = Array.from({ length: 100_000 }, (_, index) =>
      step(`s${index}`, "tool", index < 50_000 ? `n${index}` : "again", [index, index + 1]),
    );
    const graph = graphOf(steps);
    expect(graph.nodes).toHaveLength(80);
    expect(graph.nodes.some((node) => node.name === "again")).toBe(true);
    expect(graph.hiddenCount).toBe(50_001 - 80);
    expect(graph.edges.length).toBeLessThanOrEqual(300);
  });
});

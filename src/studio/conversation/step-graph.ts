import type { ObservationType } from "../../attributes/observation-types";
import type { Step } from "../api/detail-types";
import type { StepRow, StepTree } from "./step-tree";

/** A step of the program, however often it ran: all observations of one type and name. */
export interface GraphNode {
  readonly key: string;
  readonly type: ObservationType;
  readonly name: string;
  /** Ids of the observations, in reading order; at least one. */
  readonly runs: readonly string[];
  /** Runs with level ERROR. */
  readonly errorCount: number;
  /** Sum over the runs. */
  readonly durationMs: number;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** How often the flow took this way, at least 1. */
  readonly count: number;
}

export interface StepGraph {
  /** By first run. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Nodes left out because there are more than can be drawn. */
  readonly hiddenCount: number;
  /** The node that an observation is a run of; absent where its type is not drawn. */
  readonly keyById: ReadonlyMap<string, string>;
}

/** More than this cannot be read, whatever the layout. Those that run most often stay. */
const MAX_NODES = 80;
const MAX_EDGES = 300;

/** Types that only group or mark. Drawn where a trace has nothing else. */
const GROUPING: ReadonlySet<ObservationType> = new Set(["span", "event"]);

/**
 * The flow of a trace through its steps. A step leads to the first of the steps below it, each of those to
 * the next that starts after it has ended; steps that overlap stand side by side. Spans and events
 * are passed through.
 */
export function buildStepGraph({ rows }: StepTree): StepGraph {
  const hasSteps = rows.some((row) => !GROUPING.has(row.step.type));
  const isDrawn = (step: Step): boolean => !hasSteps || !GROUPING.has(step.type);
  const nodes = collectNodes(rows.filter((row) => isDrawn(row.step)).map((row) => row.step));
  const kept = [...nodes.values()]
    .sort((left, right) => right.runs.length - left.runs.length)
    .slice(0, MAX_NODES);
  const keptKeys = new Set(kept.map((node) => node.key));
  const edges = collectEdges(siblingsOf(rows, isDrawn), keptKeys)
    .sort((left, right) => right.count - left.count)
    .slice(0, MAX_EDGES);
  return {
    nodes: [...nodes.values()].filter((node) => keptKeys.has(node.key)),
    edges,
    hiddenCount: nodes.size - kept.length,
    keyById: new Map(
      rows.filter((row) => isDrawn(row.step)).map((row) => [row.step.id, keyOf(row.step)]),
    ),
  };
}

interface MutableNode extends GraphNode {
  readonly runs: string[];
  errorCount: number;
  durationMs: number;
}

function collectNodes(steps: readonly Step[]): Map<string, MutableNode> {
  const nodes = new Map<string, MutableNode>();
  for (const step of steps) {
    const key = keyOf(step);
    let node = nodes.get(key);
    if (node === undefined) {
      const { type, name } = step;
      node = { key, type, name, runs: [], errorCount: 0, durationMs: 0 };
      nodes.set(key, node);
    }
    node.runs.push(step.id);
    node.durationMs += step.durationMs;
    if (step.level === "ERROR") node.errorCount += 1;
  }
  return nodes;
}

/** Drawn steps by the drawn step above them, by start time; under null those without one. */
function siblingsOf(
  rows: readonly StepRow[],
  isDrawn: (step: Step) => boolean,
): ReadonlyMap<Step | null, readonly Step[]> {
  /** By row: the nearest drawn step at or above it. */
  const holders: (Step | null)[] = [];
  const siblings = new Map<Step | null, Step[]>();
  for (const row of rows) {
    const above = holders[row.parentIndex] ?? null;
    holders.push(isDrawn(row.step) ? row.step : above);
    if (!isDrawn(row.step)) continue;
    const list = siblings.get(above);
    if (list === undefined) siblings.set(above, [row.step]);
    else list.push(row.step);
  }
  for (const list of siblings.values()) {
    list.sort((left, right) => left.startOffsetMs - right.startOffsetMs);
  }
  return siblings;
}

function collectEdges(
  siblings: ReadonlyMap<Step | null, readonly Step[]>,
  keptKeys: ReadonlySet<string>,
): GraphEdge[] {
  const counts = new Map<string, { from: string; to: string; count: number }>();
  const lead = (from: Iterable<string>, to: string): void => {
    if (!keptKeys.has(to)) return;
    for (const key of from) {
      const id = JSON.stringify([key, to]);
      const edge = counts.get(id);
      if (edge === undefined) counts.set(id, { from: key, to, count: 1 });
      else edge.count += 1;
    }
  };
  for (const [above, steps] of siblings) {
    let before = new Set(above === null ? [] : [keyOf(above)].filter((key) => keptKeys.has(key)));
    let group = new Set<string>();
    let groupEndMs = Number.NEGATIVE_INFINITY;
    for (const step of steps) {
      // Clocks tick in milliseconds: what starts with the end of another comes after it.
      if (group.size > 0 && step.startOffsetMs >= groupEndMs) {
        before = group;
        group = new Set();
        groupEndMs = Number.NEGATIVE_INFINITY;
      }
      const key = keyOf(step);
      if (!keptKeys.has(key)) continue;
      lead(before, key);
      group.add(key);
      groupEndMs = Math.max(groupEndMs, step.startOffsetMs + step.durationMs);
    }
  }
  return [...counts.values()];
}

function keyOf(step: Step): string {
  return `${step.type} ${step.name}`;
}

/**
 * The observations of a turn as a tree with a time line:
 *
 *     handleMessage         agent       1.32 s  ━━━━━━━━━━━━━━━━━━━━━━━━━
 *     ├ search-docs         retriever     2 ms  ━
 *     └ chat-completion     generation  1.31 s   ─────━━━━━━━━━━━━━━━━━━━
 *         gpt-4o-mini · 812 → 40 tokens · first token after 280 ms
 *
 * The thin part of a bar is the wait for the first token.
 */

import type { ObservationLevel, ObservationType } from "../attributes/observation-types";
import { printableLine } from "../diagnostics/printable-text";
import type { ObservationView, Turn } from "../studio/api/types";
import { buildTree, flattenTree, type TreeNode } from "../studio/conversation/build-tree";
import { formatCost, formatDuration, formatInteger } from "../studio/conversation/format";
import { barOf, type TimeScale, timeScale } from "../studio/conversation/waterfall";
import type { Paint, Style } from "./transcript-style";
import { padText, textWidth, wrapText } from "./transcript-text";

/** More observations than this are counted, not listed. */
const MAX_ROWS = 60;
/** Deeper branches are not indented further. */
const MAX_DEPTH = 8;
const TYPE_WIDTH = 10;
const DURATION_WIDTH = 8;
const GAP = "  ";

const TYPE_STYLES: Readonly<Record<ObservationType, Style>> = {
  span: "plain",
  event: "plain",
  generation: "blue",
  embedding: "blue",
  agent: "magenta",
  chain: "magenta",
  tool: "yellow",
  retriever: "green",
  evaluator: "cyan",
  guardrail: "cyan",
};

type Node = TreeNode<ObservationView>;

/** A line of the tree: branches drawn before the name, and before the lines below it. */
interface Row {
  readonly node: Node;
  readonly branch: string;
  readonly below: string;
}

/** Lines of at most `width` cells. */
export function renderTree(turn: Turn, width: number, paint: Paint): string[] {
  const rows = layOut(buildTree(turn.observations));
  const shown = rows.slice(0, MAX_ROWS);
  const scale = timeScale(turn.observations, turn.durationMs);
  const longest = Math.max(0, ...shown.map((row) => textWidth(row.branch + nameOf(row))));
  const nameWidth = Math.min(longest, Math.floor(width * 0.4));
  const fixedWidth = nameWidth + TYPE_WIDTH + DURATION_WIDTH + GAP.length * 3;
  const barWidth = Math.max(0, width - fixedWidth);
  const lines = shown.flatMap((row) => [
    renderRow(row, nameWidth, barCells(row.node.item, scale, barWidth), paint),
    ...renderDetails(row, width, paint),
  ]);
  const hiddenCount = rows.length - shown.length;
  if (hiddenCount > 0) lines.push(paint("dim", `… ${hiddenCount} more observations`));
  return lines;
}

function layOut(roots: readonly Node[]): Row[] {
  const rows = new Map<Node, Row>();
  for (const node of flattenTree(roots)) {
    const own = rows.get(node) ?? { node, branch: "", below: "" };
    rows.set(node, own);
    for (const child of node.children) {
      const isLast = child === node.children.at(-1);
      const isDeep = child.depth > MAX_DEPTH;
      const branch = isDeep ? own.branch : `${own.below}${isLast ? "└ " : "├ "}`;
      const below = isDeep ? own.below : `${own.below}${isLast ? "  " : "│ "}`;
      rows.set(child, { node: child, branch, below });
    }
  }
  return flattenTree(roots).flatMap((node) => rows.get(node) ?? []);
}

function nameOf({ node }: Row): string {
  return printableLine(node.item.name) || "(no name)";
}

function renderRow(row: Row, nameWidth: number, bar: Bar, paint: Paint): string {
  const { type, level, durationMs } = row.node.item;
  const name = padText(nameOf(row), nameWidth - textWidth(row.branch));
  const style = levelStyle(level) ?? TYPE_STYLES[type];
  return [
    paint("dim", row.branch) + paint(levelStyle(level) ?? "plain", name),
    paint(TYPE_STYLES[type], padText(type, TYPE_WIDTH)),
    padText(formatDuration(durationMs), DURATION_WIDTH, "start"),
    `${" ".repeat(bar.offset)}${paint("dim", "─".repeat(bar.waiting))}${paint(style, "━".repeat(bar.running))}`,
  ]
    .join(GAP)
    .trimEnd();
}

function levelStyle(level: ObservationLevel): Style | null {
  if (level === "ERROR") return "red";
  return level === "WARNING" ? "yellow" : null;
}

/** Lengths in cells. */
interface Bar {
  readonly offset: number;
  readonly waiting: number;
  readonly running: number;
}

function barCells(observation: ObservationView, scale: TimeScale, width: number): Bar {
  if (width === 0) return { offset: 0, waiting: 0, running: 0 };
  const { left, width: share, firstToken } = barOf(observation, scale);
  const offset = Math.min(width - 1, Math.floor((left / 100) * width));
  const length = Math.min(width - offset, Math.max(1, Math.round((share / 100) * width)));
  const waiting = Math.min(length - 1, Math.round(((firstToken ?? 0) / 100) * length));
  return { offset, waiting, running: length - waiting };
}

function renderDetails({ node, below }: Row, width: number, paint: Paint): string[] {
  const indent = `${below}${node.children.length > 0 ? "│ " : "  "}`;
  const room = Math.max(20, width - textWidth(indent));
  const lines: string[] = [];
  for (const line of wrapText(factsOf(node.item), room)) lines.push(paint("dim", indent + line));
  const error = ownError(node);
  if (error !== null) {
    const wrapped = wrapText(`✗ ${error}`, room).slice(0, 4);
    lines.push(...wrapped.map((line) => paint("dim", indent) + paint("red", line)));
  }
  return lines;
}

function factsOf(observation: ObservationView): string {
  const { model, tokens, totalCost, timeToFirstTokenMs } = observation;
  const counts = `${formatInteger(tokens.input)} → ${formatInteger(tokens.output)} tokens`;
  return [
    model === null ? null : printableLine(model),
    tokens.total > 0 ? counts : null,
    timeToFirstTokenMs === null ? null : `first token after ${formatDuration(timeToFirstTokenMs)}`,
    totalCost === null ? null : formatCost(totalCost),
  ]
    .filter((fact) => fact !== null)
    .join(" · ");
}

/** What went wrong here; null where a child says the same, since it stands there already. */
function ownError({ item, children }: Node): string | null {
  const message = errorOf(item);
  const isPassedOn = children.some((child) => errorOf(child.item) === message);
  return isPassedOn ? null : message;
}

function errorOf(observation: ObservationView): string | null {
  if (observation.level !== "ERROR") return null;
  const [exception] = observation.exceptions;
  const message = observation.statusMessage || exception?.message || exception?.type;
  return printableLine(message ?? "") || "failed, without a message";
}

import { printableLine, printableText } from "../diagnostics/printable-text";
import type { ScoreView, SessionDetail, SessionSummary, Turn } from "../studio/api/types";
import {
  counted,
  formatClockTime,
  formatCost,
  formatDuration,
  formatInteger,
  formatScore,
  formatScoreSummary,
} from "../studio/conversation/format";
import { idleGapMs, turnErrorMessage } from "../studio/conversation/turn-summary";
import { turnAssistantText, turnUserText } from "../studio/conversation/turn-text";
import { createPaint, type Paint, type Style } from "./transcript-style";
import { fitText, textWidth, wrapText } from "./transcript-text";
import { renderTree } from "./transcript-tree";

export interface TranscriptOptions {
  /** Width in cells; below 60 it is taken as 60, above 100 as 100, where lines stop being readable. */
  readonly columns: number;
  readonly colors: boolean;
}

const MIN_WIDTH = 60;
const MAX_WIDTH = 100;
/** Lines of one message; what is longer is cut, and says so. */
const MAX_MESSAGE_LINES = 14;
const INDENT = "  ";
const SPEAKER_WIDTH = 11;
const NO_BREAK = "\u00a0";

/** A session as text for a terminal, turn by turn. Captured content is stripped of control characters. */
export function renderTranscript(detail: SessionDetail, options: TranscriptOptions): string {
  const turns = detail.turns.map((_, index) => renderTurnAt(detail.turns, index, options));
  return `${renderHead(detail, options)}${turns.join("")}`;
}

/** What stands above the turns. */
export function renderHead(detail: SessionDetail, options: TranscriptOptions): string {
  return linesOf(renderHeader(detail, widthOf(options), createPaint(options.colors)));
}

/** One turn of a transcript, an empty line before it. */
export function renderTurnAt(
  turns: readonly Turn[],
  index: number,
  options: TranscriptOptions,
): string {
  const { opening, answer, closing } = renderTurnParts(turns, index, options);
  return opening + answer + closing;
}

/** The parts of a turn in the order in which they come about. */
export interface TurnParts {
  /** Rule and question. */
  readonly opening: string;
  /** Empty where there is none. */
  readonly answer: string;
  /** What failed, scores, and the observations as a tree. */
  readonly closing: string;
}

/** As {@link renderTurnAt}, in parts. */
export function renderTurnParts(
  turns: readonly Turn[],
  index: number,
  options: TranscriptOptions,
): TurnParts {
  const turn = turns[index];
  if (turn === undefined) return { opening: "", answer: "", closing: "" };
  const paint = createPaint(options.colors);
  const width = widthOf(options);
  const room = width - INDENT.length;
  const gap = renderGap(turns[index - 1], turn, paint);
  return {
    opening: linesOf(["", ...gap, ...renderOpening(turn, index + 1, width, paint)]),
    answer: linesOf(renderAnswer(turn, room, paint)),
    closing: linesOf(renderClosing(turn, room, paint)),
  };
}

function widthOf({ columns }: TranscriptOptions): number {
  return Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, columns));
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

function renderHeader(
  { session, turns, scores }: SessionDetail,
  width: number,
  paint: Paint,
): string[] {
  const title = fitText(`Session ${printableLine(session.id)}`, width);
  return [
    paint("bold", title),
    paint("dim", "━".repeat(width)),
    ...wrapText(headerFacts(session, turns), width).map((line) => line.replaceAll(NO_BREAK, " ")),
    ...scores.flatMap((score) => renderScore(score, width, paint)),
  ];
}

function headerFacts(session: SessionSummary, turns: readonly Turn[]): string {
  const { tokens, totalCost, errorCount } = session;
  // An error counts once per observation it passed through; a failed turn is what a reader means.
  const failedCount = turns.filter((turn) => turn.level === "ERROR").length;
  return [
    session.userIds.map(printableLine).join(", "),
    counted(session.traceCount, "turn"),
    formatDuration(session.durationMs),
    session.models.map(printableLine).join(", "),
    `${formatInteger(tokens.input)} → ${formatInteger(tokens.output)} tokens`,
    totalCost === null ? "" : formatCost(totalCost),
    failedCount > 0 ? `${counted(failedCount, "turn")} failed` : "",
    failedCount === 0 && errorCount > 0 ? counted(errorCount, "error") : "",
    ...session.scores.map((score) => printableLine(`${score.name} ${formatScoreSummary(score)}`)),
  ]
    .filter((fact) => fact !== "")
    .map((fact) => fact.replaceAll(" ", NO_BREAK)) // lines break between facts, not inside one
    .join(`${NO_BREAK}· `);
}

function renderGap(previous: Turn | undefined, turn: Turn, paint: Paint): string[] {
  const gapMs = idleGapMs(previous, turn);
  return gapMs === null ? [] : [paint("dim", `${INDENT}… ${formatDuration(gapMs)} later …`), ""];
}

function renderOpening(turn: Turn, number: number, width: number, paint: Paint): string[] {
  const question = turnUserText(turn.input) ?? "(no input)";
  return [
    renderRule(turn, number, width, paint),
    ...renderMessage("user", "cyan", question, width - INDENT.length, paint),
  ];
}

function renderAnswer(turn: Turn, room: number, paint: Paint): string[] {
  const answer = turnAssistantText(turn.output);
  return answer === null ? [] : renderMessage("assistant", "green", answer, room, paint);
}

function renderClosing(turn: Turn, room: number, paint: Paint): string[] {
  const error = turn.level === "ERROR" ? turnErrorMessage(turn) : null;
  const answer = turnAssistantText(turn.output);
  return [
    ...(error === null ? [] : renderMessage("failed", "red", error, room, paint)),
    ...(answer === null && error === null
      ? renderMessage("assistant", "dim", "(no output)", room, paint)
      : []),
    ...turn.scores.flatMap((score) => renderScore(score, room, paint)),
    "",
    ...renderTree(turn, room - 2, paint).map((line) => `${INDENT}${INDENT}${line}`),
  ];
}

/** `── 3 ── support-turn ───────────────── 16:58:02 · 1.32 s ──` */
function renderRule(turn: Turn, number: number, width: number, paint: Paint): string {
  const time = `${formatClockTime(turn.startedAt)} · ${formatDuration(turn.durationMs)}`;
  const fixed = `── ${number} ──  ── ${time} ──`;
  const name = fitText(printableLine(turn.name ?? "") || "turn", width - textWidth(fixed) - 2);
  const fill = "─".repeat(width - textWidth(fixed) - textWidth(name));
  const style = turn.level === "ERROR" ? "red" : "bold";
  return `${paint("dim", "──")} ${paint(style, String(number))} ${paint("dim", "──")} ${paint(style, name)} ${paint("dim", `${fill}── ${time} ──`)}`;
}

function renderMessage(
  speaker: string,
  style: Style,
  text: string,
  width: number,
  paint: Paint,
): string[] {
  return renderPrintable(speaker, style, printableText(text), width, paint);
}

/** As {@link renderMessage}, of a text that is printable already. */
function renderPrintable(
  speaker: string,
  style: Style,
  text: string,
  width: number,
  paint: Paint,
): string[] {
  const lines = layOutText(text, width - SPEAKER_WIDTH, paint);
  const hiddenCount = lines.length - MAX_MESSAGE_LINES;
  const shown = hiddenCount > 1 ? lines.slice(0, MAX_MESSAGE_LINES) : lines;
  if (hiddenCount > 1) shown.push(paint("dim", `… ${formatInteger(hiddenCount)} more lines`));
  return shown.map((line, index) => {
    const label = (index === 0 ? speaker : "").padEnd(SPEAKER_WIDTH);
    return `${INDENT}${paint(style, label)}${line}`.trimEnd();
  });
}

/** Paragraphs wrapped, code as it is and without its fences, several empty lines as one. */
function layOutText(text: string, width: number, paint: Paint): string[] {
  const lines: string[] = [];
  let isCode = false;
  for (const line of text.trim().split("\n")) {
    if (/^\s*```/.test(line)) {
      isCode = !isCode;
    } else if (isCode) {
      lines.push(paint("yellow", `${INDENT}${fitText(line, width - INDENT.length)}`));
    } else if (line.trim() !== "") {
      for (const part of wrapText(line, width)) lines.push(part);
    } else if (lines.at(-1) !== "") {
      lines.push("");
    }
  }
  return lines;
}

function renderScore({ name, value, comment }: ScoreView, width: number, paint: Paint): string[] {
  const quoted = comment === null ? "" : `  “${printableLine(comment)}”`;
  const text = `${printableLine(name)} ${printableLine(formatScore(value))}${quoted}`;
  return renderPrintable("score", "yellow", text, width, paint);
}

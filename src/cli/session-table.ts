import { printableLine } from "../diagnostics/printable-text";
import type { SessionOverview } from "../sessions/types";
import {
  formatCost,
  formatDuration,
  formatInteger,
  formatRelativeTime,
  formatTokens,
} from "../studio/conversation/format";
import { createPaint, type Style } from "./transcript-style";
import { fitText, padText, textWidth } from "./transcript-text";

export interface TableOptions {
  /** Width in cells. */
  readonly columns: number;
  readonly colors: boolean;
  readonly nowMs: number;
}

interface Column {
  readonly title: string;
  /** Where it is filled up: numbers before, texts behind. */
  readonly side: "start" | "end";
  /** Widest in cells; what is longer is cut. */
  readonly maxWidth: number;
  readonly text: (session: SessionOverview, nowMs: number) => string;
  readonly style?: (session: SessionOverview) => Style;
}

const UNKNOWN = "–";
const GAP = "  ";
/** The first message gets what is left, where that is enough to read. */
const MIN_MESSAGE_WIDTH = 12;

const COLUMNS: readonly Column[] = [
  { title: "SESSION", side: "end", maxWidth: 36, text: ({ id }) => id, style: () => "bold" },
  {
    title: "ACTIVE",
    side: "end",
    maxWidth: 12,
    text: ({ endedAt }, nowMs) => formatRelativeTime(endedAt, nowMs),
  },
  { title: "USER", side: "end", maxWidth: 16, text: ({ userIds }) => userIds.join(", ") },
  {
    title: "TURNS",
    side: "start",
    maxWidth: 7,
    text: ({ traceCount }) => formatInteger(traceCount),
  },
  {
    title: "LENGTH",
    side: "start",
    maxWidth: 12,
    text: ({ durationMs }) => formatDuration(durationMs),
  },
  {
    title: "TOKENS",
    side: "start",
    maxWidth: 8,
    text: ({ tokens }) => (tokens === null ? UNKNOWN : formatTokens(tokens.total)),
  },
  {
    title: "COST",
    side: "start",
    maxWidth: 9,
    text: ({ totalCost }) => (totalCost === null ? UNKNOWN : formatCost(totalCost)),
  },
  {
    title: "ERRORS",
    side: "start",
    maxWidth: 7,
    text: ({ errorCount }) => (errorCount === null ? UNKNOWN : formatInteger(errorCount)),
    style: ({ errorCount }) => (errorCount ? "red" : "dim"),
  },
];

/** Sessions as lines of at most `columns` cells, headings first. Captured text is made harmless. */
export function renderSessionTable(
  sessions: readonly SessionOverview[],
  { columns, colors, nowMs }: TableOptions,
): string {
  const paint = createPaint(colors);
  const cells = COLUMNS.map((column) => {
    const texts = sessions.map((session) => printableLine(column.text(session, nowMs)));
    const widest = Math.max(column.title.length, ...texts.map((text) => textWidth(text)));
    return { column, texts, width: Math.min(column.maxWidth, widest) };
  });
  // On a narrow terminal the last columns are left out, not every line broken.
  const shown = cells.filter((_, index) => widthOf(cells.slice(0, index + 1)) <= columns);
  const messageWidth = columns - widthOf(shown) - GAP.length;
  const hasMessage = shown.length === cells.length && messageWidth >= MIN_MESSAGE_WIDTH;
  const titles = shown.map(({ column, width }) => padText(column.title, width, column.side));
  const head = [...titles, ...(hasMessage ? ["FIRST MESSAGE"] : [])].join(GAP).trimEnd();
  const rows = sessions.map((session, index) => {
    const parts = shown.map(({ column, texts, width }) =>
      paint(column.style?.(session) ?? "plain", padText(texts[index] ?? "", width, column.side)),
    );
    const message = fitText(printableLine(session.firstMessage ?? ""), Math.max(1, messageWidth));
    return [...parts, ...(hasMessage ? [paint("dim", message)] : [])].join(GAP).trimEnd();
  });
  return `${[paint("dim", head), ...rows].join("\n")}\n`;
}

function widthOf(cells: readonly { readonly width: number }[]): number {
  return cells.reduce((sum, { width }) => sum + width, GAP.length * (cells.length - 1));
}

/**
 * One line per session for other programs, fields parted by tabs: id, last activity, users, turns,
 * milliseconds, tokens, US dollars, errors, first message. What is not known is empty.
 */
export function renderSessionLines(sessions: readonly SessionOverview[]): string {
  return sessions
    .map((session) =>
      [
        session.id,
        session.endedAt,
        session.userIds.join(","),
        session.traceCount,
        session.durationMs,
        session.tokens?.total ?? "",
        session.totalCost ?? "",
        session.errorCount ?? "",
        session.firstMessage ?? "",
      ]
        .map((field) => printableLine(String(field)))
        .join("\t"),
    )
    .map((line) => `${line}\n`)
    .join("");
}

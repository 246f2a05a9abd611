import type { SessionSort } from "../../api/session-sorts";

/** A column that can be hidden. The session itself always shows. */
export interface Column {
  readonly id: ColumnId;
  readonly title: string;
  readonly sort: SessionSort | null;
  /** A track of a CSS grid. */
  readonly track: string;
  /** In a narrower window it gives its place to the session, in CSS pixels. @default shows in any */
  readonly minWindowWidth?: number;
}

export type ColumnId =
  | "labels"
  | "models"
  | "turns"
  | "duration"
  | "tokens"
  | "cost"
  | "errors"
  | "start"
  | "activity";

export const COLUMNS: readonly Column[] = [
  { id: "models", title: "User, model", sort: null, track: "150px", minWindowWidth: 1_090 },
  { id: "labels", title: "Scores, tags", sort: null, track: "192px", minWindowWidth: 1_280 },
  { id: "turns", title: "Turns", sort: "turns", track: "76px" },
  { id: "duration", title: "Duration", sort: "duration", track: "82px" },
  { id: "tokens", title: "Tokens", sort: "tokens", track: "94px", minWindowWidth: 940 },
  { id: "cost", title: "Cost", sort: "cost", track: "68px", minWindowWidth: 830 },
  { id: "errors", title: "Errors", sort: "errors", track: "54px" },
  { id: "start", title: "Started", sort: "start", track: "84px" },
  { id: "activity", title: "Active", sort: "activity", track: "84px" },
];

/** Reads what {@link hiddenColumnsText} wrote; ids that are no column's are left out. */
export function parseHiddenColumns(text: string | null): ReadonlySet<ColumnId> {
  const ids = new Set((text ?? "").split(","));
  return new Set(COLUMNS.map(({ id }) => id).filter((id) => ids.has(id)));
}

export function hiddenColumnsText(hidden: ReadonlySet<ColumnId>): string {
  return COLUMNS.flatMap(({ id }) => (hidden.has(id) ? [id] : [])).join(",");
}

/** Those of the columns for which a window of this width has room. */
export function fittingColumns(columns: readonly Column[], windowWidth: number): readonly Column[] {
  return columns.filter(({ minWindowWidth = 0 }) => windowWidth >= minWindowWidth);
}

/** `grid-template-columns` of a row: the star, the session, then the columns that show. */
export function gridTemplate(columns: readonly Column[]): string {
  return ["24px", "minmax(0, 1fr)", ...columns.map(({ track }) => track)].join(" ");
}

import { expect, it } from "vitest";
import {
  COLUMNS,
  fittingColumns,
  gridTemplate,
  hiddenColumnsText,
  parseHiddenColumns,
} from "../../../../src/studio/page/list/columns";

it("remembers which columns are hidden, and forgets what is none", () => {
  const hidden = parseHiddenColumns("cost,start,constructor,");
  expect([...hidden].sort()).toEqual(["cost", "start"]);
  expect(parseHiddenColumns(hiddenColumnsText(hidden))).toEqual(hidden);
  expect(parseHiddenColumns(null).size).toBe(0);
});

it("gives each shown column a track, after the star and the session", () => {
  const shown = COLUMNS.filter(({ id }) => id === "turns" || id === "cost");
  expect(gridTemplate(shown)).toBe("24px minmax(0, 1fr) 76px 68px");
});

it("leaves out of a smaller window what takes most room first", () => {
  const idsAt = (width: number) => fittingColumns(COLUMNS, width).map(({ id }) => id);
  expect(idsAt(1_440)).toEqual(COLUMNS.map(({ id }) => id));
  expect(idsAt(1_100)).not.toContain("labels");
  expect(idsAt(721)).toEqual(["turns", "duration", "errors", "start", "activity"]);
});

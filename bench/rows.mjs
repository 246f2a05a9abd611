/**
 * The rows of the table: which figure of a measure, its unit, and the goal. A goal is a ratio to the
 * floor of the same run, or a limit in the row's unit.
 */

export const ROWS = [
  row("handler main", "handler trace, main thread", "us", { ratio: 1.25 }),
  row("handler process gzip", "the same, whole process, gzip level 1", "us", {
    ratio: 1.15,
    withoutGzip: "handler process",
  }),
  row("handler process", "the same, whole process, as it comes", "us"),
  row("observe sync", "`observe()` of a no-op, sync", "us", { ratio: 1.5 }),
  row("observe async", "`observe()` of a no-op, async", "us", { ratio: 1.5 }),
  row("disabled sync", "the same, disabled, over bare, sync", "ns", { limit: 20 }),
  row("disabled async", "the same, disabled, over bare, async", "ns", { limit: 40 }),
  row("burst arrived", "50,000 spans of 1 KB at once: arrived", "%", { atLeast: 100 }),
  row("burst seconds", "… until flushed", "s", { ratio: 1.5 }),
  row("burst peak", "… peak RSS", "MB"),
  row("burst seconds gzip", "… until flushed, gzip", "s", { withoutGzip: "burst seconds" }),
  row("burst peak gzip", "… peak RSS, gzip", "MB", { limit: 150, withoutGzip: "burst peak" }),
  row("loop p99", "loop delay p99 at saturation", "ms", { ratio: 1 }),
  row("loop stall", "longest stall, exporting 512 spans of 20 KB", "ms", { limit: 5 }),
  row("cold main", "import and construct, main thread", "ms", { limit: 30 }),
  row("cold wall", "… wall time", "ms"),
  row("cold rss", "… RSS", "MB", { limit: 6 }),
  row("cold delivered", "… and deliver the first trace, main thread", "ms"),
  row("installed MB", "installed with the SDK", "MB", { limit: 6 }),
  row("installed packages", "… packages", "", { limit: 3 }),
  row("open 1000", "handler trace with 1,000 open traces", "us"),
  row("open 10000", "… with 10,000", "us"),
  row("open 100000", "… with 100,000", "us"),
  row("open growth", "… most against fewest", "x", { limit: 1.15 }),
  row("soak growth", "heap after GC, last third of the soak over the first", "MB", { limit: 1 }),
];

function row(key, label, unit, { withoutGzip, ...goal } = {}) {
  return { key, label, unit, goal, withoutGzip };
}

/**
 * @param figures - key of a row → spread, of one subject
 * @returns how a goal or budget is met: `actual` is what it speaks of
 */
export function judge({ ratio, limit, atLeast }, key, ours, floor) {
  const own = ours?.[key]?.median;
  if (own === undefined) return undefined;
  if (atLeast !== undefined) return { actual: own, isMet: own >= atLeast };
  if (limit !== undefined) return { actual: own, isMet: own <= limit };
  const least = floor?.[key]?.median;
  if (ratio === undefined || least === undefined) return undefined;
  return { actual: own / least, isMet: own / least <= ratio };
}

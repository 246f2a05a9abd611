/** A line chart as SVG text, legible on light and on dark pages. */

import { formatNumber } from "./table.mjs";

const WIDTH = 640;
const HEIGHT = 360;
const MARGIN = { top: 44, right: 120, bottom: 48, left: 64 };
const PLOT = {
  right: WIDTH - MARGIN.right,
  bottom: HEIGHT - MARGIN.bottom,
  width: WIDTH - MARGIN.left - MARGIN.right,
  height: HEIGHT - MARGIN.top - MARGIN.bottom,
};
const MIN_LABEL_GAP = 14;

const STYLE = `
text { font: 12px system-ui, sans-serif; fill: #444 }
.title { font-size: 14px; font-weight: 600; fill: #111 }
.grid { stroke: #ddd } .line { fill: none; stroke-width: 2 }
.s0 { stroke: #888; fill: #888 } .s1 { stroke: #0a62c9; fill: #0a62c9 }
.s2 { stroke: #c2410c; fill: #c2410c } .s3 { stroke: #15803d; fill: #15803d }
text[class^="s"] { stroke: none } path[class] { fill: none }
@media (prefers-color-scheme: dark) {
text { fill: #bbb } .title { fill: #eee } .grid { stroke: #444 }
.s0 { stroke: #999; fill: #999 } .s1 { stroke: #6cb2ff; fill: #6cb2ff }
.s2 { stroke: #ff9a62; fill: #ff9a62 } .s3 { stroke: #6fdc8c; fill: #6fdc8c }
}`;

/**
 * @param series - `{ name, points: [[x, y], …] }`, by x; at most four
 * @param isLog - axes that are logarithmic, or linear from 0
 */
export function lineChart({ title, xLabel, yLabel, series, isLog }) {
  const points = series.flatMap((one) => one.points);
  const x = createScale(
    points.map(([value]) => value),
    isLog.x,
    MARGIN.left,
    PLOT.right,
  );
  const y = createScale(
    points.map(([, value]) => value),
    isLog.y,
    PLOT.bottom,
    MARGIN.top,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
<style>${STYLE}
</style>
<text class="title" x="${MARGIN.left}" y="20">${title}</text>
<text x="${MARGIN.left}" y="36">${yLabel}</text>
<text x="${(MARGIN.left + PLOT.right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${xLabel}</text>
${y.ticks.map((tick) => gridLine(tick, y.place(tick))).join("\n")}
${x.ticks.map((tick) => xTick(tick, x.place(tick))).join("\n")}
${series.map(({ points: line }, index) => path(line, index, x, y)).join("\n")}
${labels(series, y)}
</svg>
`;
}

function gridLine(value, at) {
  return `<line class="grid" x1="${MARGIN.left}" x2="${PLOT.right}" y1="${at}" y2="${at}"/><text x="${MARGIN.left - 8}" y="${at + 4}" text-anchor="end">${formatNumber(value)}</text>`;
}

function xTick(value, at) {
  return `<text x="${at}" y="${PLOT.bottom + 18}" text-anchor="middle">${value >= 1_000 ? value.toLocaleString("en") : formatNumber(value)}</text>`;
}

function path(points, index, x, y) {
  const steps = points.map(
    ([px, py], step) => `${step === 0 ? "M" : "L"}${x.place(px)} ${y.place(py)}`,
  );
  return `<path class="line s${index}" d="${steps.join("")}"/>`;
}

/** Names stand beside the ends of their lines, moved apart where they would meet. */
function labels(series, y) {
  let previous = Number.NEGATIVE_INFINITY;
  return series
    .map(({ name, points }, index) => ({ name, index, at: y.place(points.at(-1)[1]) + 4 }))
    .sort((a, b) => a.at - b.at)
    .map(({ name, index, at }) => {
      previous = Math.max(at, previous + MIN_LABEL_GAP);
      return `<text class="s${index}" x="${PLOT.right + 8}" y="${previous}">${name}</text>`;
    })
    .join("\n");
}

/** @returns `place(value)` in pixels, and values for the ticks */
function createScale(values, isLog, from, to) {
  const high = Math.max(...values);
  if (isLog) {
    const low = Math.min(...values);
    const span = Math.log(high / low) || 1;
    const place = (value) => round(from + ((to - from) * Math.log(value / low)) / span);
    return { place, ticks: logTicks(low, high) };
  }
  const step = niceStep(high / 4);
  const top = Math.ceil(high / step) * step;
  const place = (value) => round(from + ((to - from) * value) / top);
  return { place, ticks: Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step) };
}

/** Powers of ten; where the range has less than two of them, of two. */
function logTicks(low, high) {
  const base = high / low >= 100 ? 10 : 2;
  const first = Math.ceil(Math.log(low) / Math.log(base) - 1e-9);
  const last = Math.floor(Math.log(high) / Math.log(base) + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => base ** (first + index));
}

function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= least);
}

function round(pixels) {
  return Math.round(pixels * 10) / 10;
}

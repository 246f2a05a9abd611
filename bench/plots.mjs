/** Writes the plots that stand in docs/performance.md. */

import { mkdirSync, writeFileSync } from "node:fs";
import { lineChart } from "./lib/plot.mjs";
import { PLOTTED } from "./subjects.mjs";

const FOLDER = new URL("../docs/images/performance/", import.meta.url);
const both = { x: true, y: true };

const GROWTH_PLOTS = {
  content: {
    title: "Cost by size of content",
    xLabel: "KB of text in a span",
    yLabel: "us per span",
    isLog: both,
  },
  depth: {
    title: "Cost by depth",
    xLabel: "spans open, one inside the other",
    yLabel: "us per span",
    isLog: both,
  },
  concurrency: {
    title: "Cost by concurrency",
    xLabel: "handlers in flight",
    yLabel: "us per trace",
    isLog: both,
  },
};

/** @param results - see lib/results.mjs; what it does not hold is not drawn */
export function writePlots({ subjects, growth }) {
  mkdirSync(FOLDER, { recursive: true });
  for (const [dimension, plot] of Object.entries(GROWTH_PLOTS)) {
    const series = PLOTTED.flatMap((name) => toSeries(name, growth[dimension]?.[name]));
    draw(dimension, { ...plot, series });
  }
  draw("open-traces", {
    title: "Cost by open traces",
    xLabel: "other traces open",
    yLabel: "us per handler trace",
    isLog: { x: true, y: false },
    series: PLOTTED.flatMap((name) => toSeries(name, openCosts(subjects[name]?.figures))),
  });
  const { heapMb = [], minutes } = subjects.playhead?.notes?.soak ?? {};
  const heap = heapMb.map((value, index) => [((index + 1) * minutes) / heapMb.length, value]);
  draw("soak", {
    title: "Heap after GC, handlers at full rate",
    xLabel: "minutes",
    yLabel: "MB",
    isLog: { x: false, y: false },
    series: heap.length === 0 ? [] : [{ name: "playhead", points: heap }],
  });
}

function draw(name, plot) {
  if (plot.series.length > 0) writeFileSync(new URL(`${name}.svg`, FOLDER), lineChart(plot));
}

function toSeries(name, byValue) {
  const points = Object.entries(byValue ?? {})
    .filter(([, cost]) => cost > 0)
    .map(([value, cost]) => [Number(value), cost])
    .sort(([a], [b]) => a - b);
  return points.length < 2 ? [] : [{ name, points }];
}

function openCosts(figures = {}) {
  return Object.fromEntries(
    Object.entries(figures).flatMap(([key, { median }]) =>
      /^open \d+$/.test(key) ? [[key.slice(5), median]] : [],
    ),
  );
}

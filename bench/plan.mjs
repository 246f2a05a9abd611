/** Which runs a bench makes. A case is one measure with its parameters, run for each of its subjects. */

import { conversations } from "./lib/workload.mjs";
import { COMPRESSING, PLOTTED, SUBJECTS, WITH_OPEN_TRACES } from "./subjects.mjs";

/** How much each run does. */
export const PROFILES = {
  full: {
    traces: 12_000,
    calls: 20_000,
    rounds: 9,
    spans: 50_000,
    seconds: 3,
    open: [1e3, 1e4, 1e5],
  },
  check: { traces: 12_000, calls: 20_000, rounds: 3, spans: 50_000, seconds: 2, open: [1e3, 2e4] },
  tiny: { traces: 200, calls: 300, rounds: 1, spans: 2_000, seconds: 0.3, open: [1e2, 1e3] },
};

export function planTable({ traces, calls, rounds, spans, seconds, open }, minutes) {
  const all = SUBJECTS;
  return [
    { measure: "handler-trace", subjects: all, parameters: { traces, gzip: false } },
    { measure: "handler-trace", subjects: COMPRESSING, parameters: { traces, gzip: true } },
    { measure: "observe-noop", subjects: all, parameters: { calls } },
    { measure: "disabled", subjects: all, parameters: { rounds } },
    { measure: "burst", subjects: all, parameters: { spans, gzip: false } },
    { measure: "burst", subjects: COMPRESSING, parameters: { spans, gzip: true } },
    { measure: "loop-delay", subjects: all, parameters: { seconds } },
    { measure: "cold-start", subjects: all, parameters: { conversation: conversations[0] } },
    ...open.map((count) => ({
      measure: "open-traces",
      subjects: WITH_OPEN_TRACES,
      parameters: { open: count, traces },
    })),
    { measure: "soak", subjects: ["playhead"], parameters: { minutes }, repeats: 1 },
  ];
}

/** Values along the x axis of each plot. */
export const GROWTH = {
  content: [1, 4, 16, 64, 256],
  depth: [1, 4, 16, 64, 256],
  concurrency: [1, 10, 100, 1_000],
};

export function planGrowth() {
  return Object.entries(GROWTH).flatMap(([dimension, values]) =>
    values.map((value) => ({
      measure: "growth",
      subjects: PLOTTED,
      parameters: { dimension, value },
    })),
  );
}

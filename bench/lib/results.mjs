/** What was measured, kept between runs so that a long bench may be made in parts. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem, type } from "node:os";
import { MAIN_THREAD_SOURCE } from "./on-cpu.mjs";

const FOLDER = new URL("../../artifacts/bench/", import.meta.url);
const FILE = new URL("results.json", FOLDER);

/** @returns subject → what is known of it; empty at first */
export function loadResults() {
  try {
    return JSON.parse(readFileSync(FILE, "utf8"));
  } catch {
    return { subjects: {}, growth: {} };
  }
}

export function saveResults(results) {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(FILE, JSON.stringify(results, null, 1));
}

/** Adds the outcome of a case; of what was there before, that which it measured is replaced. */
export function addCase(results, { measure, parameters }, outcome) {
  for (const [subject, one] of Object.entries(outcome)) {
    if (measure === "growth") {
      const { dimension, value } = parameters;
      results.growth[dimension] ??= {};
      results.growth[dimension][subject] ??= {};
      results.growth[dimension][subject][value] = one.figures.cost?.median;
      continue;
    }
    results.subjects[subject] ??= { figures: {}, problems: {}, arrived: {}, notes: {} };
    const known = results.subjects[subject];
    Object.assign(known.figures, one.figures);
    for (const [key, problem] of Object.entries(one.problems)) {
      known.problems[key === "all" ? measure : key] = problem;
    }
    if (one.problems.all === undefined) delete known.problems[measure];
    for (const key of Object.keys(one.figures)) known.arrived[key] = one.arrivedPercent;
    if (one.notes !== undefined) known.notes[measure] = one.notes;
    addOpenGrowth(known);
  }
}

/** The cost with the most open traces against that with the fewest. */
function addOpenGrowth({ figures, arrived }) {
  const counts = Object.keys(figures)
    .flatMap((key) => /^open (\d+)$/.exec(key)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
  if (counts.length < 2) return;
  const [fewest, most] = [counts[0], counts.at(-1)].map((count) => figures[`open ${count}`].median);
  figures["open growth"] = { median: most / fewest, low: most / fewest, high: most / fewest };
  arrived["open growth"] = Math.min(...counts.map((count) => arrived[`open ${count}`]));
}

export function describeMachine() {
  const [{ model }] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return `${cpus().length} cores (${model.trim()}), ${memory}, ${type()}, Node ${process.versions.node}; time of the main thread from ${MAIN_THREAD_SOURCE}`;
}

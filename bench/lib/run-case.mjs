/** Runs cases: their subjects take turns, as often as asked (A B C A B C …). */

import { runChild } from "./processes.mjs";
import { spread } from "./statistics.mjs";

const MAX_FAILURES = 2;

/**
 * @returns subject → `figures` (key → spread), `problems` (key or "all" → why there is no figure),
 *   `arrivedPercent` (the least of all runs) and `notes` (of the last run)
 */
export async function runCase(sink, one, repeats) {
  const [outcome] = await runInTurns(sink, [one], repeats);
  return outcome;
}

/**
 * Cases take turns as well: what slows the machine down for a minute slows all of them, and their
 * figures can be held against each other.
 *
 * @returns an outcome per case, as `runCase` gives it
 */
export async function runInTurns(sink, cases, repeats) {
  const all = cases.map(({ subjects, ...one }) => ({
    ...one,
    bySubject: new Map(subjects.map((subject) => [subject, { runs: [], failures: [] }])),
  }));
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const { measure, parameters, bySubject } of all) {
      for (const [subject, { runs, failures }] of bySubject) {
        if (failures.length >= MAX_FAILURES) continue;
        const timeoutMs = 300_000 + (parameters.minutes ?? 0) * 60_000;
        const run = await runChild(sink, { measure, subject, parameters }, { timeoutMs });
        if (run.problem === undefined) {
          const arrived = subject === "nothing" ? undefined : arrivedPercent(run);
          runs.push({ ...run, arrivedPercent: arrived });
        } else failures.push(run.problem);
      }
    }
  }
  return all.map(({ bySubject }) =>
    Object.fromEntries(
      Array.from(bySubject, ([subject, { runs, failures }]) => [
        subject,
        summarize(runs, failures),
      ]),
    ),
  );
}

function summarize(runs, failures) {
  if (runs.length === 0) return { figures: {}, problems: { all: failures[0] } };
  const samples = runs.map(({ figures, arrivedFigure, arrivedPercent }) =>
    arrivedFigure === undefined || arrivedPercent === undefined
      ? figures
      : { ...figures, [arrivedFigure]: arrivedPercent },
  );
  const keys = new Set(samples.flatMap((figures) => Object.keys(figures)));
  const figures = Object.fromEntries(
    Array.from(keys, (key) => [
      key,
      spread(samples.map((sample) => sample[key]).filter((value) => value !== undefined)),
    ]),
  );
  const { problems = {}, notes } = runs.at(-1);
  const arrived = runs.map((run) => run.arrivedPercent ?? 100);
  return { figures, problems, notes, arrivedPercent: Math.min(...arrived) };
}

/** Some subjects send more than was asked for; nothing asked for is all. */
function arrivedPercent({ arrived, expectedSpans = 0 }) {
  return expectedSpans === 0 ? 100 : Math.min(100, (100 * arrived.spans) / expectedSpans);
}

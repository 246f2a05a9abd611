/**
 * `npm run bench`: measures everybody, prints the table, writes it and the plots into docs/.
 *
 *   --repeats 5       runs of each case
 *   --only a,b        measures: a file of measures/, or "installed"
 *   --subjects a,b    files of subjects/
 *   --minutes 1       length of the soak
 *   --tiny            as little as shows that the harness runs; writes no documents
 *
 * What is left out keeps the figures of earlier runs (artifacts/bench/results.json).
 */

import { parseArgs } from "node:util";
import { measureInstalled } from "./installed.mjs";
import { startSink } from "./lib/processes.mjs";
import { addCase, describeMachine, loadResults, saveResults } from "./lib/results.mjs";
import { runCase } from "./lib/run-case.mjs";
import { formatNotes, formatTable, writeBetween } from "./lib/table.mjs";
import { PROFILES, planGrowth, planTable } from "./plan.mjs";
import { writePlots } from "./plots.mjs";
import { SUBJECTS } from "./subjects.mjs";

const { values: options } = parseArgs({
  options: {
    repeats: { type: "string", default: "5" },
    only: { type: "string" },
    subjects: { type: "string", default: SUBJECTS.join() },
    minutes: { type: "string", default: "1" },
    tiny: { type: "boolean", default: false },
  },
});
const subjects = options.subjects.split(",");
const only = options.only?.split(",");
const isWanted = (measure) => only === undefined || only.includes(measure);

const results = options.tiny ? { subjects: {}, growth: {} } : loadResults();
const profile = options.tiny ? PROFILES.tiny : PROFILES.full;
const cases = [...planTable(profile, Number(options.minutes)), ...planGrowth()]
  .filter(({ measure }) => isWanted(measure))
  .map((one) => ({ ...one, subjects: one.subjects.filter((name) => subjects.includes(name)) }));

const sink = await startSink();
for (const [index, one] of cases.entries()) {
  console.error(
    `${index + 1}/${cases.length} ${one.measure} ${JSON.stringify(one.parameters).slice(0, 60)}`,
  );
  const repeats = one.repeats ?? Number(options.repeats);
  addCase(results, one, await runCase(sink, one, repeats));
  keep();
}
sink.stop();
if (isWanted("installed")) {
  for (const subject of subjects) {
    console.error(`installed ${subject}`);
    const figures = measureInstalled(subject);
    if (figures === undefined) continue;
    const outcome = { [subject]: { figures, problems: {}, arrivedPercent: 100 } };
    addCase(results, { measure: "installed" }, outcome);
  }
  keep();
}

const table = `${formatTable(results)}\n\n${formatNotes(results)}`;
console.log(table);
if (!options.tiny) {
  writeBetween(new URL("../docs/performance.md", import.meta.url), "bench", `\n${table}\n`);
  writePlots(results);
}

/** After each case, so that a bench that is stopped has not run for nothing. */
function keep() {
  results.machine = describeMachine();
  results.command = "npm run bench";
  results.repeats = options.repeats;
  if (!options.tiny) saveResults(results);
}

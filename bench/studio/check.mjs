/**
 * The small variant of `npm run bench:studio`, as part of `npm run bench:check`: time on a core in
 * proportion to other time on the same core, so that it says the same on any machine. Ends with 1
 * where a proportion is beyond its budget.
 */

import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { register } from "tsx/esm/api";
import { median } from "../lib/statistics.mjs";
import { oneMoreSpan } from "./lib/one-more-span.mjs";
import { OBSERVATIONS_PER_TURN, sessionsOf, TURNS_PER_SESSION } from "./lib/sessions.mjs";
import { writeTogether } from "./lib/write-together.mjs";

register(); // the store is measured as it stands in src
const { openDatabase, configure } = await import("../../src/studio/store/open-database.ts");
const { observationValues } = await import("../../src/studio/store/observation-rows.ts");
const { openSqliteStore } = await import("../../src/studio/store/sqlite-store.ts");

const FEW = 2_000;
const MANY = 20_000;
const SORTS = "activity start duration turns tokens cost errors observations id".split(" ");
const ROUNDS = 30;
/** Written together; each has 20 observations. */
const SESSIONS_PER_GROUP = 50;

const budgets = JSON.parse(readFileSync(new URL("budgets.json", import.meta.url), "utf8"));
const folder = await mkdtemp(join(tmpdir(), "playhead-bench-"));
const rows = [];
try {
  const [few, many] = [await storeOf(FEW), await storeOf(MANY)];
  for (const sort of SORTS) {
    const page = (store) => ({
      run: () => store.findSessions({ sort, order: "desc", limit: 50 }),
    });
    const key = "list, 20,000 observations to 2,000";
    rows.push([`by ${sort}: ${key}`, key, proportion(page(many), page(few))]);
  }
  const span = (turnCount) => {
    const add = oneMoreSpan(many, `of ${turnCount}`, turnCount);
    return {
      run() {
        for (let count = 0; count < 10; count++) add();
      },
    };
  };
  const growth = "one more span, 1,000 turns to 10";
  rows.push([growth, growth, proportion(span(1_000), span(10))]);
  // Two requests at the same time, as the studio writes them.
  const written = groups((ofSessions) => {
    const half = ofSessions.length / 2;
    const writes = [ofSessions.slice(0, half), ofSessions.slice(half)];
    writeTogether(
      many,
      writes.map((part) => () => void many.putObservations(part.flat())),
    );
  });
  const cost = "an observation, to a bare row";
  rows.push([cost, cost, proportion(written, await bareRows())]);
  few.close();
  many.close();
} finally {
  await rm(folder, { recursive: true });
}

console.log("| proportion | measured | budget | |\n|---|---:|---:|---|");
for (const [name, key, value] of rows) {
  const { atMost } = budgets[key];
  const isMet = value <= atMost;
  console.log(`| ${name} | ${value.toFixed(2)} | ${atMost} | ${isMet ? "" : "**beyond**"} |`);
  if (!isMet) process.exitCode = 1;
}

/** Sessions of four turns, written and not read for the search. */
async function storeOf(observationCount) {
  const store = await openSqliteStore(join(folder, `${observationCount}.db`));
  const sessionCount = observationCount / (TURNS_PER_SESSION * OBSERVATIONS_PER_TURN);
  let group = [];
  for (const { observations } of sessionsOf({ sessionCount, seed: 1 })) {
    group.push(() => void store.putObservations(observations));
    if (group.length < SESSIONS_PER_GROUP) continue;
    writeTogether(store, group);
    group = [];
  }
  writeTogether(store, group);
  return store;
}

/** New sessions, a group each time, for `run`. */
function groups(run) {
  const sessions = sessionsOf({ sessionCount: SESSIONS_PER_GROUP * ROUNDS, seed: 3 });
  const prepare = () =>
    Array.from({ length: SESSIONS_PER_GROUP }, () => sessions.next().value.observations);
  return { prepare, run };
}

/** The same rows in a table without an index, in one transaction. */
async function bareRows() {
  const database = await openDatabase(join(folder, "bare.db"));
  configure(database);
  const [{ observations }] = sessionsOf({ sessionCount: 1, seed: 3 });
  const columns = observationValues(observations[0]).map((_, index) => `c${index}`);
  database.exec(`CREATE TABLE bare (${columns.join(", ")})`);
  const insert = database.prepare(`INSERT INTO bare VALUES (${columns.map(() => "?").join(", ")})`);
  return groups((ofSessions) => {
    database.exec("BEGIN IMMEDIATE");
    for (const observation of ofSessions.flat()) insert.run(...observationValues(observation));
    database.exec("COMMIT");
  });
}

/**
 * Runs the two in turn, so that what the machine does otherwise meets both. The first third is for
 * warming up.
 * @returns how much time on a core the first takes, in times of the second
 */
function proportion(...pair) {
  const times = pair.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, { prepare = () => undefined, run }] of pair.entries()) {
      const input = prepare();
      const before = process.cpuUsage();
      run(input);
      const { user, system } = process.cpuUsage(before);
      times[index].push(user + system);
    }
  }
  const [one, other] = times.map((values) => median(values.slice(ROUNDS / 3)));
  return one / other;
}

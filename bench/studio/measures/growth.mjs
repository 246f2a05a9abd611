/**
 * What must not grow: the time to write one more span into a session of 1,000 turns, against one of
 * 10 turns, and how long the search holds the event loop with each step, 5 MB outputs among them.
 * Run by itself: `node --import tsx bench/studio/measures/growth.mjs`
 */

import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store.ts";
import { sessionsOf } from "../lib/sessions.mjs";

const SPANS = 200;
const LARGE_OUTPUT = "a large output with words in it ".repeat(160_000);

const budgets = JSON.parse(readFileSync(new URL("../budgets.json", import.meta.url), "utf8"));

/** @returns rows `{ name, value, unit, budget, isMet }` */
export async function run() {
  const folder = await mkdtemp(join(tmpdir(), "playhead-bench-"));
  const store = await openSqliteStore(join(folder, "studio.db"));
  try {
    const few = oneMoreMs(store, "few", 10);
    const many = oneMoreMs(store, "many", 1_000);
    return [
      row("one more span, 10 turns", few, "ms"),
      row("one more span, 1,000 turns", many, "ms"),
      row("one more span, 1,000 turns to 10", many / few, "times"),
      ...searchSteps(store),
    ];
  } finally {
    store.close();
    await rm(folder, { recursive: true });
  }
}

/** Median time to add a span to the last turn of a session. */
function oneMoreMs(store, sessionId, turnCount) {
  const [{ observations }] = sessionsOf({ sessionCount: 1, seed: 7 });
  const [span] = observations;
  const spanOf = (turn, place) => ({
    ...span,
    sessionId,
    traceId: `${sessionId}-${turn}`,
    id: String(place),
    parentId: place === 0 ? null : "0",
    startUs: span.startUs + turn * 1_000_000 + place,
    endUs: span.endUs + turn * 1_000_000 + place,
  });
  store.putObservations(Array.from({ length: turnCount }, (_, turn) => spanOf(turn, 0)));
  const times = [];
  for (let place = 1; place <= SPANS; place++) {
    const more = [spanOf(turnCount - 1 - (place % 10), place)];
    const startedAt = performance.now();
    store.putObservations(more);
    times.push(performance.now() - startedAt);
  }
  return median(times);
}

/** Steps of the length that the studio starts with; it makes them shorter where they take too long. */
function searchSteps(store) {
  for (const { observations } of sessionsOf({ sessionCount: 500, seed: 8 })) {
    store.putObservations(observations);
    if (observations[0].sessionId.includes("00-")) {
      store.putObservations([{ ...observations[0], id: "large", output: LARGE_OUTPUT }]);
    }
  }
  const times = [];
  let hasMore = true;
  while (hasMore) {
    const startedAt = performance.now();
    hasMore = store.search.step(16_000);
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  return [
    row("step of the search, p50", median(times), "ms"),
    row("step of the search, p99", times[Math.floor(times.length * 0.99)], "ms"),
    row("longest step of the search", times.at(-1), "ms"),
  ];
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function row(name, value, unit) {
  const budget = budgets[name]?.atMost;
  return { name, value, unit, budget, isMet: !(value > budget) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await run());

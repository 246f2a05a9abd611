/**
 * What must not grow: the time to write one more span into a session of 1,000 turns, against one of
 * 10 turns, and the processor time of each step of the search, 5 MB outputs among what it reads.
 * Run by itself: `node --import tsx bench/studio/measures/growth.mjs`
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store.ts";
import { median } from "../../lib/statistics.mjs";
import { oneMoreSpan } from "../lib/one-more-span.mjs";
import { figureRow, percentile, tableOf } from "../lib/rows.mjs";
import { sessionsOf } from "../lib/sessions.mjs";

const SPANS = 200;
const LARGE_OUTPUT = "a large output with words in it ".repeat(160_000);

/** @returns rows of the table */
export async function run() {
  const folder = await mkdtemp(join(tmpdir(), "playhead-bench-"));
  const store = await openSqliteStore(join(folder, "studio.db"));
  try {
    const few = oneMoreMs(store, "few", 10);
    const many = oneMoreMs(store, "many", 1_000);
    return [
      figureRow("one more span, 10 turns", "ms", few),
      figureRow("one more span, 1,000 turns", "ms", many),
      figureRow("one more span, 1,000 turns to 10", "times", [median(many) / median(few)]),
      ...searchSteps(store),
    ];
  } finally {
    store.close();
    await rm(folder, { recursive: true });
  }
}

function oneMoreMs(store, sessionId, turnCount) {
  const add = oneMoreSpan(store, sessionId, turnCount);
  return Array.from({ length: SPANS }, () => {
    const startedAt = performance.now();
    add();
    return performance.now() - startedAt;
  });
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
    const before = process.cpuUsage();
    hasMore = store.search.step(16_000);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1_000);
  }
  // The longest are those in which SQLite writes its log back.
  return [
    figureRow("step of the search", "ms", times),
    figureRow("step of the search p99", "ms", [percentile(times, 0.99)]),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(tableOf(await run()));

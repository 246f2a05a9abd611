/**
 * How long the lists of sessions take at the server, with 1,000,000 observations in 50,000 sessions:
 * each sort, filter and search 20 times, over HTTP, one after another. `PLAYHEAD_BENCH_OBSERVATIONS`
 * asks for fewer. Run by itself: `node --import tsx bench/studio/measures/lists.mjs`
 */

import { fileURLToPath } from "node:url";
import { filledStore, OBSERVATIONS, SEED } from "../lib/filled-store.mjs";
import { createProse, createRandom } from "../lib/random.mjs";
import { tableOf, timesRow } from "../lib/rows.mjs";
import { startStudioProcess } from "../lib/studio-process.mjs";

const TIMES = 20;

const SORTS = "activity start duration turns tokens cost errors observations id".split(" ");
const FILTERS = [
  ["one user", "user=user-17@example.com"],
  ["a tag", "tag=refund"],
  ["two tags", "tag=refund&tag=vip"],
  ["a model", "model=gpt-4o"],
  ["an environment (3 of 5 sessions)", "environment=production"],
  ["with errors", "hasErrors=true"],
  ["without errors", "hasErrors=false"],
  ["bookmarked", "bookmarked=true"],
  ["cost of at least", "minCost=0.03"],
  ["tokens, duration of at least", "minTokens=9000&minDurationMs=60000"],
  ["a score of at least", "score=helpful%3E%3D0.8"],
  ["a category", "score=verdict%3Dgood"],
  ["one week", "from=2026-08-01T00:00:00Z&to=2026-08-08T00:00:00Z"],
  ["an environment and errors, by cost", "environment=production&hasErrors=true&sort=cost"],
  [
    "four filters, by tokens",
    "environment=production&model=gpt-4o&tag=eu&minCost=0.01&sort=tokens",
  ],
];

/** Words out of the vocabulary of the file, by how frequent they are. */
function searches() {
  const { words } = createProse(createRandom(SEED));
  const [most, frequent, rare] = [words[0], words[40], words[29_000]];
  return [
    ["the most frequent word", `q=${most}`],
    ["a frequent word", `q=${frequent}`],
    ["a rare word", `q=${rare}`],
    ["one letter", "q=b"],
    ["two letters", "q=ka"],
    ["three letters", "q=lem"],
    ["four letters", "q=lemi"],
    ["two frequent words", `q=${frequent}+${words[60]}`],
    ["a frequent word and a letter", `q=${frequent}+s`],
    ["an id", "q=chat-004242"],
    ["a user", "q=user-17@example.com"],
    ["nothing", "q=qqqqqq"],
    ["a frequent word, by cost", `q=${frequent}&sort=cost`],
    ["a frequent word with filters", `q=${frequent}&environment=production&hasErrors=true`],
  ];
}

/** @returns rows of the table */
export async function run() {
  const db = await filledStore({ observationCount: OBSERVATIONS, seed: SEED });
  const studio = await startStudioProcess({ db });
  const measure = async (kind, name, query, path = "/api/studio/sessions") => {
    const url = `${studio.url}${path}?${query}`;
    await timesOf(url, 2); // warms up
    const before = await studio.usage();
    const times = await timesOf(url, TIMES);
    const after = await studio.usage();
    return timesRow(kind, name, times, (after.cpuMs - before.cpuMs) / TIMES);
  };
  try {
    const rows = [];
    for (const sort of SORTS) rows.push(await measure("list", `by ${sort}`, `sort=${sort}`));
    rows.push(await measure("list", "by activity, oldest first", "order=asc"));
    for (const sort of ["activity", "cost"]) {
      const cursor = await cursorAfter(studio.url, `sort=${sort}`, 10);
      const query = `sort=${sort}&cursor=${cursor}`;
      rows.push(await measure("list", `page 11 by ${sort}`, query));
    }
    for (const [name, query] of FILTERS) rows.push(await measure("filter", name, query));
    for (const [name, query] of searches()) rows.push(await measure("search", name, query));
    const facets = "/api/studio/facets";
    rows.push(await measure("facets", "of all", "", facets));
    rows.push(await measure("facets", "of 3 in 5 sessions", "environment=production", facets));
    rows.push(await measure("facets", "of a search", searches()[1][1], facets));
    return rows;
  } finally {
    await studio.stop();
  }
}

async function timesOf(url, count) {
  const times = [];
  while (times.length < count) {
    const startedAt = performance.now();
    const response = await fetch(url);
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`The studio answered ${response.status}: ${url}`);
    times.push(performance.now() - startedAt);
  }
  return times;
}

async function cursorAfter(url, query, pageCount) {
  let cursor = "";
  for (let page = 0; page < pageCount; page++) {
    const response = await fetch(`${url}/api/studio/sessions?${query}&cursor=${cursor}`);
    const { nextCursor } = await response.json();
    if (nextCursor === undefined) break; // a small file has fewer pages
    cursor = nextCursor;
  }
  return cursor;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(tableOf(await run()));

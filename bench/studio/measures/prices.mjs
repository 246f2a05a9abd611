/**
 * How long it takes to apply prices to 1,000,000 stored observations, 400,000 of which are model calls
 * whose cost is not known, and how long requests of ten observations wait meanwhile: one each 50 ms, as
 * before. `PLAYHEAD_BENCH_OBSERVATIONS` asks for fewer. Run by itself:
 * `node --import tsx bench/studio/measures/prices.mjs`
 */

import { copyFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openDatabase } from "../../../src/studio/store/open-database.ts";
import { filledStore, OBSERVATIONS, SEED } from "../lib/filled-store.mjs";
import { otlpRequests } from "../lib/otlp-load.mjs";
import { figureRow, tableOf, timesRow } from "../lib/rows.mjs";
import { startStudioProcess } from "../lib/studio-process.mjs";

const PER_REQUEST = 10;
const PAUSE_MS = 50;
/** Requests that are measured before prices are applied. */
const AT_REST = 200;

/** @returns rows of the table */
export async function run() {
  const folder = await mkdtemp(join(tmpdir(), "playhead-bench-"));
  try {
    const db = join(folder, "studio.db");
    copyFileSync(await filledStore({ observationCount: OBSERVATIONS, seed: SEED }), db);
    await forgetCosts(db);
    return await measure(db);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function forgetCosts(db) {
  const database = await openDatabase(db);
  database.exec(
    "UPDATE observations SET cost_details = '{}', total_cost = NULL WHERE model IS NOT NULL",
  );
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
}

async function measure(db) {
  const studio = await startStudioProcess({ db });
  const agent = new Agent({ keepAlive: true });
  try {
    const call = caller(studio.url, agent);
    const model = { unit: "TOKENS", prices: { input: 0.000002, output: 0.00001 } };
    await call("POST", "/api/studio/models", {
      ...model,
      modelName: "all",
      matchPattern: "^.*$",
    });
    const bodies = endless(otlpRequests({ count: 20_000, perRequest: PER_REQUEST, seed: 3 }));
    const atRest = await sendUntil(call, bodies, (sentCount) => sentCount === AT_REST);
    const before = await studio.usage();
    const startedAt = performance.now();
    await call("POST", "/api/studio/models/apply");
    let changedCount = 0;
    const isOver = async () => {
      const { update } = await call("GET", "/api/studio/models");
      changedCount = update?.changedCount ?? changedCount;
      return update === null;
    };
    const meanwhile = await sendUntil(call, bodies, isOver);
    const seconds = (performance.now() - startedAt) / 1_000;
    const after = await studio.usage();
    console.error(`${changedCount} observations and some more were changed.`);
    return [
      figureRow("prices: applied to all", "s", [seconds]),
      figureRow("prices: processor time", "s", [(after.cpuMs - before.cpuMs) / 1_000]),
      figureRow("prices: peak memory", "MB", [after.peakRssMb]),
      timesRow("prices: a request before", undefined, atRest),
      timesRow("prices: a request meanwhile", undefined, meanwhile),
    ];
  } finally {
    agent.destroy();
    await studio.stop();
  }
}

/** What comes again changes nothing, and is as much work. */
function* endless(bodies) {
  for (;;) yield* bodies;
}

/** @returns how long each request took */
async function sendUntil(call, bodies, isOver) {
  const times = [];
  while (!(await isOver(times.length))) {
    const sentAt = performance.now();
    await call("POST", "/v1/traces", bodies.next().value);
    times.push(performance.now() - sentAt);
    await wait(PAUSE_MS);
  }
  return times;
}

function caller(url, agent) {
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const isSpans = Buffer.isBuffer(body);
      const type = isSpans ? "application/x-protobuf" : "application/json";
      const options = { method, agent, headers: { "content-type": type } };
      const outgoing = request(url + path, options, (incoming) => {
        let text = "";
        incoming.setEncoding("utf8").on("data", (chunk) => {
          text += chunk;
        });
        incoming.on("end", () => {
          if (incoming.statusCode >= 300) reject(new Error(`The studio answered ${text}`));
          else resolve(isSpans ? undefined : JSON.parse(text));
        });
      });
      outgoing.on("error", reject).end(isSpans ? body : body && JSON.stringify(body));
    });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = await run();
  console.log(tableOf(rows));
  if (rows.some(({ isMet }) => !isMet)) process.exitCode = 1;
}

/** A file with generated sessions, made once and kept in artifacts/bench. */

import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openDatabase } from "../../../src/studio/store/open-database.ts";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store.ts";
import { OBSERVATIONS_PER_TURN, sessionsOf, TURNS_PER_SESSION } from "./sessions.mjs";
import { writeTogether } from "./write-together.mjs";

/** Those of the store that lists are measured on. */
export const OBSERVATIONS = Number(process.env.PLAYHEAD_BENCH_OBSERVATIONS ?? 1_000_000);
export const SEED = 1;

const FOLDER = new URL("../../../artifacts/bench/", import.meta.url);
/** To be raised with the shape of what is generated or stored: older files are made anew. */
const VERSION = 2;
const SESSIONS_PER_BATCH = 100;
/** Characters that the search reads in a step; far more than beside a running server. */
const SEARCH_STEP = 2_000_000;

/**
 * Written by the store itself, without HTTP, and read by the search to the end.
 * @returns the path of the file
 */
export async function filledStore({ observationCount, seed }) {
  mkdirSync(FOLDER, { recursive: true });
  const file = fileURLToPath(new URL(`studio-${observationCount}-${seed}-v${VERSION}.db`, FOLDER));
  if (existsSync(file)) return file;
  const unfinished = `${file}.unfinished`;
  removeAll(unfinished);
  const store = await openSqliteStore(unfinished);
  const sessionCount = observationCount / (TURNS_PER_SESSION * OBSERVATIONS_PER_TURN);
  const startedAt = performance.now();
  console.error(`Writing ${observationCount} observations to ${file} …`);
  let batch = [];
  let count = 0;
  for (const { observations, scores } of sessionsOf({ sessionCount, seed })) {
    batch.push(() => void store.putObservations(observations));
    batch.push(...scores.map((score) => () => void store.putScore(score)));
    if (++count % SESSIONS_PER_BATCH > 0 && count < sessionCount) continue;
    writeTogether(store, batch);
    batch = [];
  }
  const writtenAt = performance.now();
  while (store.search.step(SEARCH_STEP));
  for (const { session } of store.findSessions({ sort: "id", order: "asc", limit: 500 }).rows) {
    store.setBookmark(session.id, true);
  }
  store.close();
  // All of it into the one file: the log does not come along.
  const database = await openDatabase(unfinished);
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
  renameSync(unfinished, file);
  removeAll(unfinished);
  const seconds = (from, to) => ((to - from) / 1_000).toFixed(0);
  console.error(
    `Wrote ${observationCount} observations in ${seconds(startedAt, writtenAt)} s, read them for the search in ${seconds(writtenAt, performance.now())} s: ${file}`,
  );
  return file;
}

function removeAll(path) {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
}

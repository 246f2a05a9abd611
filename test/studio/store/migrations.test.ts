import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openDatabase } from "../../../src/studio/store/open-database";
import { MIGRATIONS } from "../../../src/studio/store/schema";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import { observationOf, scoreOf } from "./records";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-migrations-"));
});
afterEach(() => rm(folder, { recursive: true }));

const OLD_ROW = `INSERT INTO observations (
    trace_id, id, type, name, start_us, start_ns, end_us, level, input_tokens, output_tokens,
    total_tokens, tags, carries, environment, usage_details, cost_details, model_parameters,
    exceptions, trace_metadata, origin, metadata, input
  ) VALUES (
    'old', 'o', 'span', 'observation', 1763806800000000, 0, 1763806801000000, 'DEFAULT', 0, 0,
    0, '[]', 128, 'default', '{}', '{}', '{}',
    '[]', '{}', '{}', '{}', 'said before'
  )`;

it.each(MIGRATIONS.map((_, index) => index + 1))(
  "opens a file of schema version %i with what it holds, and goes on writing",
  async (version) => {
    const path = join(folder, "studio.db");
    const old = await openDatabase(path);
    for (const migration of MIGRATIONS.slice(0, version)) old.exec(migration);
    old.exec(`PRAGMA user_version = ${version}`);
    old.exec(OLD_ROW);
    // From here on the writer notes what the search has to read; before, a trigger did.
    if (version >= 9) old.exec("INSERT INTO search_pending VALUES (1, 0)");
    old.close();

    const store = await openSqliteStore(path);
    expect(store.observationsOfTrace("old")).toEqual([
      observationOf({ traceId: "old", input: "said before" }),
    ]);
    store.putObservations([
      observationOf({ traceId: "old", id: "new", sessionId: "s", input: "said after" }),
    ]);
    store.putScore(scoreOf({ traceId: "old" }));
    expect(store.getTrace("old")?.observationCount).toBe(2);
    expect(store.getSession("s")?.scores).toHaveLength(1);
    while (store.search.step());
    for (const search of ["before", "after"]) {
      const query = { search, sort: "id", order: "asc", limit: 10 } as const;
      expect(store.findSessions(query).rows.map(({ session }) => session.id)).toEqual(["s"]);
    }
    store.close();
  },
);

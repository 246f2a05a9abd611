import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startStudio } from "../../src/studio/server";
import { openSqliteStore } from "../../src/studio/store/sqlite-store";
import { startApp, startStudioApp } from "./child-process";
import { OTLP_PATH, openStudio, post } from "./server/running-studio";
import { otlpJson } from "./server/spans";

let folder: string;
let db: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-durable-"));
  db = join(folder, "studio.db");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const ROUNDS = 6;
const SPANS_PER_BATCH = 20;

describe("kill -9", () => {
  it("loses nothing that was acknowledged, at whatever moment it comes", async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const studio = startStudioApp({ db });
      const url = await studio.nextLine();
      const sender = startApp("sender.mjs", [url, String(round), String(SPANS_PER_BATCH)]);
      let batchesLeft = randomInt(1, 60);
      // What was acknowledged is read to the end, past the kill.
      for await (const line of sender.lines) {
        acknowledged.push(`${round}-${line}`);
        if (--batchesLeft === 0) void studio.kill();
      }
      await studio.kill();
      expect(batchesLeft).toBeLessThanOrEqual(0);
    }

    const store = await openSqliteStore(db);
    const incomplete = acknowledged.filter(
      (id) =>
        store.observationsOfTrace(id).length !== SPANS_PER_BATCH ||
        store.getTrace(id)?.observationCount !== SPANS_PER_BATCH,
    );
    expect(incomplete).toEqual([]);
    for (let round = 0; round < ROUNDS; round++) {
      const session = store.getSession(`session ${round}`);
      expect(session?.observationCount).toBe((session?.traceCount ?? 0) * SPANS_PER_BATCH);
    }
    store.close();
  }, 120_000);
});

describe("one file", () => {
  it("can be read by a second process while the studio writes to it", async () => {
    const studio = await openStudio({ db });
    const reader = startApp("reader.mjs", [db]);
    expect(await reader.nextLine()).toBe("ready");
    for (let count = 1; count <= 20; count++) {
      await post(studio, OTLP_PATH, otlpJson({ spanId: String(count) }));
      reader.process.stdin?.write("\n");
      expect(await reader.nextLine()).toBe(String(count));
    }
    await studio.close();
  });

  it("is refused to a second studio, which says where the first one is", async () => {
    const first = await openStudio({ db });
    const inUse = {
      name: "PlayheadError",
      code: "STUDIO_DB_IN_USE",
      message: `Expected ${db} to be used by no other studio, got another studio, at ${first.url} (process ${process.pid}). Use or stop that one, or choose another file (db).`,
    };
    await expect(startStudio({ port: 0, db })).rejects.toMatchObject(inUse);
    expect(await startStudioApp({ db }).nextLine()).toBe(inUse.message);
    expect((await post(first, OTLP_PATH, otlpJson({}))).status).toBe(200);
    await first.close();
    await (await startStudio({ port: 0, db })).close();
  }, 60_000);

  it("is free again when the studio that had it was killed", async () => {
    const killed = startStudioApp({ db });
    await killed.nextLine();
    await killed.kill();
    const next = await startStudio({ port: 0, db });
    await next.close();
  }, 60_000);

  it("is free again when the studio that wanted it could not listen", async () => {
    const { port } = await openStudio();
    await expect(startStudio({ port, db })).rejects.toThrow(`port ${port}`);
    await (await startStudio({ port: 0, db })).close();
  });
});

import { createHash, randomInt } from "node:crypto";
import { mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Studio, startStudio } from "../../src/studio/server";
import { openDatabase } from "../../src/studio/store/open-database";
import { openSqliteStore } from "../../src/studio/store/sqlite-store";
import type { Store } from "../../src/studio/store/store";
import { startApp, startStudioApp } from "./child-process";
import { type Answer, get, OTLP_PATH, openStudio, post } from "./server/running-studio";
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

/** What each route of writing takes, and whether a store holds it. */
const WRITES: readonly {
  readonly what: string;
  readonly send: (studio: Pick<Studio, "url">) => Promise<unknown>;
  readonly isHeld: (store: Store) => boolean;
}[] = [
  {
    what: "spans",
    send: (studio) => acknowledged(studio, OTLP_PATH, otlpJson({ traceId: "sent" })),
    isHeld: (store) => store.getTrace("sent") !== undefined,
  },
  {
    what: "a legacy batch",
    send: (studio) => {
      const body = { id: "sent", name: "chat" };
      const event = { id: "e", type: "trace-create", timestamp: "2026-01-01T00:00:00Z", body };
      return acknowledged(studio, "/api/public/ingestion", JSON.stringify({ batch: [event] }));
    },
    isHeld: (store) => store.getTrace("sent")?.name === "chat",
  },
  {
    what: "a score",
    send: (studio) => {
      const score = { id: "sent", traceId: "t", name: "stars", value: 4 };
      return acknowledged(studio, "/api/public/scores", JSON.stringify(score));
    },
    isHeld: (store) => store.scoresOfTrace("t").length === 1,
  },
  {
    what: "a comment",
    send: (studio) => {
      const comment = {
        projectId: "playhead",
        objectType: "TRACE",
        objectId: "t",
        content: "Look",
      };
      return acknowledged(studio, "/api/public/comments", JSON.stringify(comment));
    },
    isHeld: (store) => store.comments.list({ limit: 1, offset: 0 }).totalCount === 1,
  },
  {
    what: "a file",
    send: async (studio) => {
      const announced = await acknowledged(
        studio,
        "/api/public/media",
        JSON.stringify({
          contentType: "text/plain",
          contentLength: FILE.length,
          sha256Hash: createHash("sha256").update(FILE).digest("base64"),
          traceId: "t",
          field: "input",
        }),
      );
      const { uploadUrl } = announced.json as { uploadUrl: string }; // fails below if it is none
      const headers = { "content-type": "text/plain" };
      const uploaded = await fetch(uploadUrl, { method: "PUT", headers, body: FILE });
      expect(uploaded.status).toBe(200);
    },
    isHeld: (store) => {
      const hash = createHash("sha256").update(FILE).digest("base64url");
      return store.media.contentOf(hash.slice(0, 22))?.length === FILE.length;
    },
  },
  {
    what: "a bookmark",
    send: (studio) => fetch(`${studio.url}/api/studio/sessions/s/bookmark`, { method: "PUT" }),
    isHeld: (store) => store.getSession("s")?.isBookmarked === true,
  },
  {
    what: "a deletion",
    send: (studio) => fetch(`${studio.url}/api/studio/sessions/s`, { method: "DELETE" }),
    isHeld: (store) => store.getSession("s") === undefined,
  },
];

const FILE = new Uint8Array(Buffer.from("a picture of a lighthouse"));

async function acknowledged(
  studio: Pick<Studio, "url">,
  path: string,
  body: string,
): Promise<Answer> {
  const answer = await post(studio, path, body);
  expect([200, 201, 207], answer.text).toContain(answer.status);
  return answer;
}

describe("kill -9 right after the answer", () => {
  it.each(WRITES)(
    "loses nothing of $what",
    async ({ send, isHeld }) => {
      const studio = startStudioApp({ db });
      const url = await studio.nextLine();
      const first = otlpJson({ traceId: "t", attributes: { "session.id": "s" } });
      await acknowledged({ url }, OTLP_PATH, first);
      const before = await openSqliteStore(db);
      expect(isHeld(before)).toBe(false);
      before.close();
      await send({ url });
      await studio.kill();

      const store = await openSqliteStore(db);
      expect(isHeld(store)).toBe(true);
      store.close();
    },
    60_000,
  );
});

describe("one file", () => {
  it("is all there is of what was stored once the studio has ended: media and search as well", async () => {
    const studio = await openStudio({ db });
    const attributes = { "session.id": "s", "langfuse.observation.input": "said" };
    await acknowledged(studio, OTLP_PATH, otlpJson({ traceId: "t", attributes }));
    for (const { send } of WRITES.slice(0, -1)) await send(studio);
    expect((await readdir(folder)).sort()).toEqual([
      "studio.db",
      "studio.db-owner",
      "studio.db-shm",
      "studio.db-wal",
    ]);
    await studio.close();
    const moved = join(folder, "moved.db");
    await rename(db, moved); // alone

    const store = await openSqliteStore(moved);
    const lost = WRITES.slice(0, -1).filter(({ isHeld }) => !isHeld(store));
    expect(lost.map(({ what }) => what)).toEqual([]);
    store.close();
  });

  it("has a write-ahead log, and readers do not wait for the writer", async () => {
    const studio = await openStudio({ db });
    await acknowledged(studio, OTLP_PATH, otlpJson({ traceId: "t" }));
    const writer = await openDatabase(db);
    const reader = await openDatabase(db);
    expect(reader.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    writer.exec("BEGIN IMMEDIATE; DELETE FROM observations");
    expect(reader.prepare("SELECT count(*) AS n FROM observations").get()).toEqual({ n: 1 });
    expect((await get(studio, "/api/public/traces/t")).status).toBe(200);
    writer.exec("ROLLBACK");
    writer.close();
    reader.close();
  });

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

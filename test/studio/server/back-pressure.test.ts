import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { getRequestListener } from "@hono/node-server";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type Admitted, createAdmitted } from "../../../src/studio/server/back-pressure";
import { createCommentRoutes } from "../../../src/studio/server/comment-routes";
import { createDeleteRoutes } from "../../../src/studio/server/delete-routes";
import { createIngestRoutes } from "../../../src/studio/server/ingest-routes";
import { createIntake, type Intake } from "../../../src/studio/server/intake";
import { MAX_WAITING_ROWS } from "../../../src/studio/server/limits";
import { createMediaRoutes } from "../../../src/studio/server/media-routes";
import { createMediaUrls } from "../../../src/studio/server/media-urls";
import { createScoreConfigRoutes } from "../../../src/studio/server/score-config-routes";
import { createWriteQueue, type WriteQueue } from "../../../src/studio/server/write-queue";
import { openDatabase } from "../../../src/studio/store/open-database";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import type { Store } from "../../../src/studio/store/store";
import { get, OTLP_PATH, openStudio, post } from "./running-studio";
import { otlpJson } from "./spans";

const NOW_MS = Date.UTC(2026, 10, 22);
const now = () => NOW_MS;
const MAX_BYTES = 100_000;
const urls = createMediaUrls(now);

describe("a studio without room", () => {
  let store: Store;
  let intake: Intake;
  let writes: WriteQueue;
  let admitted: Admitted;
  let server: Server;
  let url: string;
  beforeEach(async () => {
    store = await openSqliteStore(":memory:");
    intake = createIntake(MAX_BYTES);
    writes = createWriteQueue({ store, onChange: () => {} });
    admitted = createAdmitted({ intake, writes, now });
    const routes = createIngestRoutes({ store, writes, admitted, now });
    routes.route(
      "/api/public/media",
      createMediaRoutes({ media: store.media, urls, admitted, now }),
    );
    routes.route("/", createDeleteRoutes({ store, admitted, onChange: () => {} }));
    routes.route("/api/public/comments", createCommentRoutes({ store, admitted, now }));
    routes.route("/api/public/score-configs", createScoreConfigRoutes({ store, admitted, now }));
    routes.onError((error, context) => context.text(error.message, 500));
    server = createServer(getRequestListener(routes.fetch, { overrideGlobalObjects: false }));
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as AddressInfo; // listening on TCP
    url = `http://127.0.0.1:${port}`;
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
    store.close();
  });

  const send = (body: string | Uint8Array<ArrayBuffer>, headers = {}): Promise<Response> =>
    fetch(url + OTLP_PATH, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", ...headers },
    });

  /** Takes up room as a request does that is not through yet. */
  function occupy(bytes: number): () => void {
    const admission = intake.admit(bytes);
    expect(admission?.growTo(bytes)).toBe(true);
    return () => admission?.release();
  }

  it("answers 429 with the time to come again, and takes the same request afterwards", async () => {
    const free = occupy(MAX_BYTES - 100);
    const answer = await send(otlpJson({}));
    expect(answer.status).toBe(429);
    expect(answer.headers.get("retry-after")).toBe("1");
    expect(answer.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(await answer.json()).toEqual({
      message: "Rate limit exceeded",
      code: "rate_limited",
      details: {
        retryAfterSeconds: 1,
        limit: MAX_BYTES,
        remaining: 0,
        resetAt: "2026-11-22T00:00:01.000Z",
      },
    });
    expect(store.getTrace("t")).toBeUndefined();
    free();
    expect((await send(otlpJson({}))).status).toBe(200);
    expect(store.getTrace("t")).toBeDefined();
  });

  it("counts what a body is unpacked, not what it is on the wire", async () => {
    const free = occupy(MAX_BYTES / 2);
    const attributes = { "langfuse.observation.input": "x".repeat(MAX_BYTES) };
    const body = new Uint8Array(gzipSync(otlpJson({ attributes })));
    expect(body.length).toBeLessThan(2_000);
    const headers = { "content-encoding": "gzip" };
    expect((await send(body, headers)).status).toBe(429);
    free();
    // Alone it is let in: the limits of one body bound it.
    expect((await send(body, headers)).status).toBe(200);
  });

  it.each([
    ["POST", "/api/public/scores"],
    ["POST", "/api/public/ingestion"],
    ["POST", "/api/public/comments"],
    ["POST", "/api/public/score-configs"],
    ["PATCH", "/api/public/score-configs/c"],
    ["POST", "/api/public/media"],
    ["PATCH", "/api/public/media/m"],
    ["PUT", urls.sign("PUT", "m").path],
    ["DELETE", "/api/public/traces"],
  ])("answers %s %s with 429 as well, and takes it afterwards", async (method, path) => {
    const free = occupy(MAX_BYTES);
    expect((await fetch(url + path, { method, body: "{}" })).status).toBe(429);
    free();
    expect([207, 400, 404]).toContain((await fetch(url + path, { method, body: "{}" })).status);
  });

  it("counts the bytes of a file while they come", async () => {
    const bytes = Buffer.alloc(MAX_BYTES / 2);
    const hash = createHash("sha256").update(bytes).digest("base64");
    const { id } = store.media.announce(
      { id: "picture", hash, contentType: "image/png", contentLength: bytes.length },
      { traceId: "t", observationId: null, field: "input" },
    );
    const address = url + urls.sign("PUT", id).path;
    const upload = request(address, { method: "PUT" });
    upload.write(bytes.subarray(1));
    await expect.poll(() => intake.admit(MAX_BYTES / 2 + 2)).toBeUndefined();
    const answered = once(upload, "response");
    upload.end(bytes.subarray(0, 1));
    const [answer] = await answered;
    expect(answer.statusCode).toBe(200);
    await expect.poll(() => intake.admit(MAX_BYTES)).toBeDefined();
  });

  it("answers 429 while too many observations wait for their commit", async () => {
    const waiting = writes.write(() => {}, { rows: MAX_WAITING_ROWS, bytes: 0 });
    // In the same turn of the event loop, before the commit.
    const routes = createIngestRoutes({ store, writes, admitted, now });
    const incoming = { resume() {} };
    const answer = await routes.request(OTLP_PATH, { method: "POST" }, { incoming });
    expect(answer.status).toBe(429);
    await waiting;
    expect((await send(otlpJson({}))).status).toBe(200);
  });

  it("gives the room back when a client goes away half-way", async () => {
    const half = request(url + OTLP_PATH, {
      method: "POST",
      headers: { "content-type": "application/json", "content-length": MAX_BYTES },
    });
    half.on("error", () => {}); // it is cut below
    half.write("x".repeat(MAX_BYTES - 10));
    await expect.poll(() => intake.admit(1_000)).toBeUndefined();
    half.destroy();
    await expect.poll(() => intake.admit(MAX_BYTES)).toBeDefined();
    expect((await send(otlpJson({}))).status).toBe(200);
  });
});

describe("a studio that cannot write", () => {
  it("answers 503 while another process holds its file, and goes on afterwards", async () => {
    const folder = await mkdtemp(join(tmpdir(), "playhead-locked-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const db = join(folder, "studio.db");
    const studio = await openStudio({ db });
    const other = await openDatabase(db);
    other.exec("BEGIN IMMEDIATE");
    const answer = await post(studio, OTLP_PATH, otlpJson({}));
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(answer.json).toEqual({
      message: "Not everything was stored, send it again: another process is writing to its file",
      error: "ServiceUnavailable",
    });
    other.exec("ROLLBACK");
    other.close();
    expect((await post(studio, OTLP_PATH, otlpJson({}))).status).toBe(200);
    expect((await get(studio, "/api/studio/traces/t")).status).toBe(200);
    await studio.close();
  }, 20_000);
});

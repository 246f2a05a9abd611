import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createEndpointTransport } from "../../src/client/endpoint";
import { createDiagnostics } from "../../src/diagnostics/logger";
import { createMediaStage } from "../../src/export/media/media-stage";
import type { PublicMedia, PublicMediaUpload } from "../../src/studio/api/public-types";
import type { Studio, StudioOptions } from "../../src/studio/server";
import { MAX_MEDIA_BYTES } from "../../src/studio/server/limits";
import { openDatabase } from "../../src/studio/store/open-database";
import { openSqliteStore } from "../../src/studio/store/sqlite-store";
import { attachmentOf, idOf, tagOf } from "../export/media/stage-under-test";
import { createLevelLog } from "../support/level-log";
import { createRecord } from "../support/span-records";
import { targetConfig } from "../support/targets";
import { type Answer, get, openStudio, post } from "./server/running-studio";
import { observationOf } from "./store/records";

const PICTURE = Buffer.from("\x89PNG a picture of a lighthouse");
const KEYS: StudioOptions = { publicKey: "pk-lf-1", secretKey: "sk-lf-1" };
const AUTHORIZED = {
  authorization: `Basic ${Buffer.from("pk-lf-1:sk-lf-1").toString("base64")}`,
};

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64");
}

function announce(
  studio: Studio,
  fields: object = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  const body = {
    contentType: "image/png",
    contentLength: PICTURE.length,
    sha256Hash: hashOf(PICTURE),
    traceId: "t",
    observationId: "o",
    field: "input",
    ...fields,
  };
  return post(studio, "/api/public/media", JSON.stringify(body), headers);
}

async function uploadUrlOf(answer: Answer): Promise<string> {
  expect(answer.status).toBe(201);
  return String((answer.json as PublicMediaUpload).uploadUrl); // the answer's own type
}

/** As a client does: with nothing but the address. */
async function put(url: string, bytes: Uint8Array): Promise<{ status: number; text: string }> {
  const response = await fetch(url, { method: "PUT", body: new Uint8Array(bytes) });
  return { status: response.status, text: await response.text() };
}

async function upload(studio: Studio, bytes: Buffer, contentType: string): Promise<string> {
  const fields = { contentType, contentLength: bytes.length, sha256Hash: hashOf(bytes) };
  expect(await put(await uploadUrlOf(await announce(studio, fields)), bytes)).toMatchObject({
    status: 200,
  });
  return idOf(bytes);
}

describe("media", () => {
  it("go through the studio and come back byte by byte", async () => {
    const studio = await openStudio();
    const url = await uploadUrlOf(await announce(studio));
    expect(url.startsWith(`${studio.url}/api/public/media/${idOf(PICTURE)}/content?`)).toBe(true);
    expect(await get(studio, `/api/public/media/${idOf(PICTURE)}`)).toMatchObject({ status: 404 });
    expect(await put(url, PICTURE)).toEqual({ status: 200, text: "" });

    const { status, json } = await get(studio, `/api/public/media/${idOf(PICTURE)}`);
    expect(status).toBe(200);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$/);
    expect(json).toEqual({
      mediaId: idOf(PICTURE),
      contentType: "image/png",
      contentLength: PICTURE.length,
      uploadedAt: time,
      url: expect.stringContaining(`${studio.url}/api/public/media/`),
      urlExpiry: time,
    });
    const response = await fetch((json as PublicMedia).url);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(PICTURE);
  });

  it("that are there are not asked for again", async () => {
    const studio = await openStudio();
    await upload(studio, PICTURE, "image/png");
    const again = await announce(studio, { traceId: "another" });
    expect(again.status).toBe(201);
    expect(again.json).toEqual({ mediaId: idOf(PICTURE), uploadUrl: null });
  });

  it("survive a restart, with the places where they stand", async () => {
    const folder = mkdtempSync(join(tmpdir(), "playhead-media-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const db = join(folder, "studio.db");
    const first = await openStudio({ db });
    await upload(first, PICTURE, "image/png");
    await announce(first, { observationId: null, field: "metadata" });
    await announce(first);
    await first.close();

    const second = await openStudio({ db });
    const response = await fetch(`${second.url}/api/public/media/${idOf(PICTURE)}/content`);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(PICTURE);
    await second.close();
    const store = await openSqliteStore(db);
    expect(store.media.placesOf(idOf(PICTURE))).toEqual([
      { traceId: "t", observationId: "o", field: "input" },
      { traceId: "t", observationId: null, field: "metadata" },
    ]);
    store.close();
  });

  it("are kept in a file that a studio without media made", async () => {
    const folder = mkdtempSync(join(tmpdir(), "playhead-media-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const db = join(folder, "studio.db");
    const before = await openSqliteStore(db);
    before.putObservations([observationOf({ sessionId: "kept" })]);
    before.close();
    const database = await openDatabase(db);
    database.exec(
      "DROP TABLE media; DROP TABLE media_places; DROP TABLE studio_keys; PRAGMA user_version = 1",
    );
    database.close();

    const studio = await openStudio({ db });
    expect((await get(studio, "/api/public/sessions/kept")).status).toBe(200);
    await upload(studio, PICTURE, "image/png");
    expect((await get(studio, `/api/public/media/${idOf(PICTURE)}`)).status).toBe(200);
    await studio.close();
  });

  it("uploaded by the client are found by their reference", async () => {
    const studio = await openStudio(KEYS);
    const config = targetConfig(studio.url, { publicKey: "pk-lf-1", secretKey: "sk-lf-1" });
    const transport = createEndpointTransport(config, 10_000);
    onTestFinished(() => transport.close());
    const { logger, lines } = createLevelLog();
    const stage = createMediaStage({
      targets: [{ config, transport }],
      timeoutMs: 10_000,
      maxBytes: 20 * 1024 * 1024,
      maxFieldBytes: 1024 * 1024,
      maxPendingBytes: 64 * 1024 * 1024,
      diagnostics: createDiagnostics(logger, "info"),
    });
    const large = Buffer.alloc(5 * 1024 * 1024, "lighthouse");
    const attachment = attachmentOf(large);
    const record = createRecord({ input: attachment.token, media: [attachment] });
    await stage.refer(record);
    await stage.upload(record);
    expect(record.input).toBe(tagOf(large));
    expect(lines).toEqual([]);
    const response = await fetch(`${studio.url}/api/public/media/${idOf(large)}/content`, {
      headers: AUTHORIZED,
    });
    expect(Buffer.from(await response.arrayBuffer()).equals(large)).toBe(true);
  });
});

describe("an upload", () => {
  it("of other bytes than announced is refused, and the right ones are taken after it", async () => {
    const studio = await openStudio();
    const url = await uploadUrlOf(await announce(studio));
    const other = Buffer.from(PICTURE).fill(0);
    expect(await put(url, other)).toEqual({
      status: 400,
      text: '{"message":"Expected a content with the hash that was announced"}',
    });
    expect(await put(url, PICTURE.subarray(1))).toEqual({
      status: 400,
      text: `{"message":"Expected the ${PICTURE.length} bytes that were announced, got ${PICTURE.length - 1}"}`,
    });
    expect((await get(studio, `/api/public/media/${idOf(PICTURE)}/content`)).status).toBe(404);
    expect((await put(url, PICTURE)).status).toBe(200);
    expect((await put(url, PICTURE)).status).toBe(200); // whose answer was lost
  });

  it("needs an address that was given for it", async () => {
    const studio = await openStudio();
    const url = new URL(await uploadUrlOf(await announce(studio)));
    const otherId = url.pathname.replace(idOf(PICTURE), idOf(Buffer.from("other")));
    const expiry = url.search.replace(/expires=\d+/, `expires=${Date.now() + 9_000_000}`);
    for (const address of [url.pathname, otherId + url.search, url.pathname + expiry]) {
      expect((await put(studio.url + address, PICTURE)).status).toBe(403);
    }
  });

  it("is refused with 413 before it is read when announced too large, and when it is", async () => {
    const studio = await openStudio();
    const tooLarge = await announce(studio, { contentLength: MAX_MEDIA_BYTES + 1 });
    expect(tooLarge).toMatchObject({
      status: 413,
      text: `{"message":"Expected a file of at most 20 MiB, got ${MAX_MEDIA_BYTES + 1} bytes"}`,
    });
    const url = await uploadUrlOf(await announce(studio));
    expect(await put(url, Buffer.alloc(MAX_MEDIA_BYTES + 1))).toEqual({
      status: 413,
      text: '{"message":"File exceeds 20 MiB"}',
    });
  });

  it.each([
    ["a hash of another form", { sha256Hash: "abc" }],
    ["no trace", { traceId: undefined }],
    ["an unknown field", { field: "tags" }],
    ["no length", { contentLength: 0 }],
    ["a content type with more in it", { contentType: "image/png\r\nx: y" }],
  ])("announced with %s is refused", async (_, fields) => {
    const studio = await openStudio();
    const answer = await announce(studio, fields);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      message: "Invalid request data",
      error: [expect.objectContaining({ path: [Object.keys(fields)[0]] })],
    });
  });

  it("is reported, with what is expected of a report", async () => {
    const studio = await openStudio();
    const id = await upload(studio, PICTURE, "image/png");
    const patch = async (path: string, body: object) => {
      const response = await fetch(`${studio.url}/api/public/media/${path}`, {
        method: "PATCH",
        body: JSON.stringify(body),
      });
      return { status: response.status, text: await response.text() };
    };
    const report = { uploadedAt: "2026-11-22T10:00:00.000Z", uploadHttpStatus: 200 };
    expect(await patch(id, report)).toEqual({ status: 200, text: '{"message":"OK"}' });
    expect((await patch(id, {})).status).toBe(400);
    expect((await patch("unknown", report)).status).toBe(404);
  });
});

describe("with keys", () => {
  it("announcing and reading need them, the signed addresses do not", async () => {
    const studio = await openStudio(KEYS);
    expect((await announce(studio)).status).toBe(401);
    const url = await uploadUrlOf(await announce(studio, {}, AUTHORIZED));
    expect((await put(url, PICTURE)).status).toBe(200);

    const path = `/api/public/media/${idOf(PICTURE)}`;
    expect((await get(studio, path)).status).toBe(401);
    expect((await get(studio, `${path}/content`)).status).toBe(401);
    const { json } = await get(studio, path, AUTHORIZED);
    expect((await fetch((json as PublicMedia).url)).status).toBe(200);
    // The permission to upload is none to read.
    expect((await fetch(url)).status).toBe(401);
  });
});

describe("a download", () => {
  it.each(["image/png", "audio/wav", "video/mp4"])("of %s is shown", async (contentType) => {
    const studio = await openStudio();
    const id = await upload(studio, PICTURE, contentType);
    const { headers } = await get(studio, `/api/public/media/${id}/content`);
    expect(headers.get("content-type")).toBe(contentType);
    expect(headers.get("content-disposition")).toBe("inline");
  });

  it.each([
    "text/html",
    "image/svg+xml",
    "application/xhtml+xml",
    "text/javascript",
    "application/pdf",
  ])("of %s is a file to save, and never a document", async (contentType) => {
    const studio = await openStudio();
    const hostile = Buffer.from("<script>window.wasRun = true</script>");
    const id = await upload(studio, hostile, contentType);
    const { headers } = await get(studio, `/api/public/media/${id}/content`);
    expect(headers.get("content-type")).toBe("application/octet-stream");
    expect(headers.get("content-disposition")).toBe(`attachment; filename="${id}"`);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
  });
});

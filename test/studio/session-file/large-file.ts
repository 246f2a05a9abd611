import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { MAX_IMPORT_BYTES } from "../../../src/studio/api/import-types";
import { MAX_MEDIA_BYTES } from "../../../src/studio/server/limits";
import { writeSessionFile } from "../../../src/studio/session-file/write-session-file";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import { observationOf, START_US } from "../store/records";

/** Enough, in base64, to be more than what is imported at once. */
const MEDIA_COUNT = 5;

/** Writes a session called `large` as the studio exports it, with files of the largest size. @returns its path */
export async function writeLargeFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "playhead-large-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const store = await openSqliteStore(":memory:");
  store.putObservations([observationOf({ traceId: "t", id: "o", sessionId: "large" })]);
  for (let index = 0; index < MEDIA_COUNT; index += 1) {
    const content = Buffer.alloc(MAX_MEDIA_BYTES, index);
    const digest = createHash("sha256").update(content).digest();
    const media = {
      id: digest.toString("base64url").slice(0, 22),
      hash: digest.toString("base64"),
      contentType: "image/png",
      contentLength: content.length,
    };
    store.media.announce(media, { traceId: "t", observationId: "o", field: "input" });
    store.media.putContent(media.id, content, START_US + index);
  }
  const path = join(folder, "large.json");
  await writeFile(path, writeSessionFile("large", store) ?? []);
  store.close();
  expect((await stat(path)).size).toBeGreaterThan(MAX_IMPORT_BYTES);
  return path;
}

export async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

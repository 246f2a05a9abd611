import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { MAX_IMPORT_BYTES, MAX_IMPORT_SIGNS } from "../../../src/studio/api/import-types";
import { MAX_MEDIA_BYTES } from "../../../src/studio/server/limits";
import { writeSessionFile } from "../../../src/studio/session-file/write-session-file";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import type { Store } from "../../../src/studio/store/store";
import { mediaOf } from "../store/media";
import { observationOf, START_US } from "../store/records";

/** Enough, in base64, to be more than what is imported at once. */
const MEDIA_COUNT = 5;

/** Writes a session called `large` as the studio exports it, with files of the largest size. @returns its path */
export async function writeLargeFile(): Promise<string> {
  const path = await writeFileOf(fillWithFiles);
  expect((await stat(path)).size).toBeGreaterThan(MAX_IMPORT_BYTES);
  return path;
}

/**
 * Writes a session called `large` as the studio exports it, not large by its bytes, but with more
 * numbers than are imported at once. @returns its path
 */
export async function writeNumerousFile(): Promise<string> {
  const path = await writeFileOf((store) => {
    const metadata = { embedding: Array(NUMBER_COUNT).fill(1) };
    for (let count = 0, index = 0; count <= MAX_IMPORT_SIGNS; count += NUMBER_COUNT, index += 1) {
      const ids = { traceId: `t${index}`, id: "o", sessionId: "large" };
      store.putObservations([observationOf({ ...ids, metadata })]);
    }
  });
  expect((await stat(path)).size).toBeLessThan(MAX_IMPORT_BYTES / 2);
  return path;
}

/** As many as one request of OTLP may bring, and a little less. */
const NUMBER_COUNT = 900_000;

async function writeFileOf(fill: (store: Store) => void): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "playhead-large-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const store = await openSqliteStore(":memory:");
  fill(store);
  const path = join(folder, "large.json");
  await writeFile(path, writeSessionFile("large", store) ?? []);
  store.close();
  return path;
}

function fillWithFiles(store: Store): void {
  store.putObservations([observationOf({ traceId: "t", id: "o", sessionId: "large" })]);
  for (let index = 0; index < MEDIA_COUNT; index += 1) {
    const content = Buffer.alloc(MAX_MEDIA_BYTES, index);
    const media = mediaOf(content);
    store.media.announce(media, { traceId: "t", observationId: "o", field: "input" });
    store.media.putContent(media.id, content, START_US + index);
  }
}

export async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

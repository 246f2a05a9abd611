import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { SessionDetail, SessionList } from "../../../src/studio/api/types";
import type { Studio, StudioOptions } from "../../../src/studio/server";
import { openDatabase } from "../../../src/studio/store/open-database";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import {
  type Marker,
  markersOf,
  PLACES,
  type Place,
  SEARCHED_PLACES,
  sendEverything,
} from "./everything-about-a-session";
import { get, OTLP_PATH, openStudio, post } from "./running-studio";
import { otlpJson } from "./spans";

const gone = markersOf("gone");
const kept = markersOf("kept");

/** What is there until it is deleted; the one other text was replaced. */
const LASTING: Place[] = PLACES.filter((place) => place !== "replacedinput");

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "playhead-for-good-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Places whose marker stands in a file of the folder: the database, its log, what lies beside it. */
function placesIn(folder: string, rest: Marker): string[] {
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  return PLACES.filter((place) => files.some((bytes) => bytes.includes(rest(place))));
}

/** Of the places that are searched, those whose word stands in a segment of the index. */
async function indexedPlaces(folder: string, rest: Marker): Promise<string[]> {
  const database = await openDatabase(join(folder, "studio.db"));
  const blocks = database
    .prepare("SELECT block FROM search_texts_data")
    .all()
    .map(({ block }) => Buffer.from(block instanceof Uint8Array ? block : []));
  database.close();
  return SEARCHED_PLACES.filter((place) => blocks.some((block) => block.includes(rest(place))));
}

/** What the search finds, once it has read everything. */
async function untilIndexed(folder: string): Promise<void> {
  const database = await openDatabase(join(folder, "studio.db"));
  onTestFinished(() => database.close());
  const left = database.prepare(
    "SELECT (SELECT count(*) FROM search_pending) + (SELECT count(*) FROM search_stale) AS count",
  );
  await vi.waitUntil(() => left.get()?.["count"] === 0, { timeout: 20_000 });
}

async function sessionsFound(studio: Studio, word: string): Promise<string[]> {
  const { json } = await get(studio, `/api/studio/sessions?q=${word}`);
  return (json as SessionList).data.map(({ id }) => id); // the route's own type
}

/** Two sessions with everything, bookmarked, among larger ones that say little and ended later. */
async function fill(folder: string): Promise<Studio> {
  const studio = await openStudio({ db: join(folder, "studio.db") });
  const others = Array.from({ length: 40 }, (_, index) => ({
    traceId: `other${index}`,
    endTimeUnixNano: "1763807400000000000",
    attributes: {
      "session.id": `other${index}`,
      "langfuse.observation.input": `some words of ${index}`,
      "langfuse.observation.output": "x".repeat(60_000),
    },
  }));
  await post(studio, OTLP_PATH, otlpJson(...others.slice(0, 20)));
  await sendEverything(studio, gone.mark);
  // So that its documents do not all stand in one segment.
  await untilIndexed(folder);
  await sendEverything(studio, kept.mark);
  await post(studio, OTLP_PATH, otlpJson(...others.slice(20)));
  await untilIndexed(folder);
  // Without these there would be nothing to look for afterwards.
  expect(placesIn(folder, gone.rest)).toEqual(expect.arrayContaining(LASTING));
  const indexed = SEARCHED_PLACES.filter((place) => LASTING.includes(place));
  expect(await indexedPlaces(folder, gone.rest)).toEqual(expect.arrayContaining(indexed));
  return studio;
}

async function expectKept(studio: Studio, folder: string): Promise<void> {
  const { json } = await get(studio, `/api/studio/sessions/${kept.mark("sessionid")}`);
  const { session, scores } = json as SessionDetail; // the route's own type
  expect(session).toMatchObject({ traceCount: 2, isBookmarked: true });
  expect([session.scores.length, scores.length]).toEqual([3, 1]);
  for (const place of ["input", "legacyspanoutput", "tag"] as const) {
    expect(await sessionsFound(studio, kept.mark(place))).toEqual([kept.mark("sessionid")]);
  }
  expect(placesIn(folder, kept.rest)).toEqual(expect.arrayContaining(LASTING));
}

describe("of a session that is deleted", () => {
  it("nothing is left in any file when the answer is there, and another keeps all it has", async () => {
    const folder = temporaryFolder();
    const studio = await fill(folder);
    const url = `${studio.url}/api/studio/sessions/${gone.mark("sessionid")}`;
    expect((await fetch(url, { method: "DELETE" })).status).toBe(200);
    expect(placesIn(folder, gone.rest)).toEqual([]);
    expect(await sessionsFound(studio, gone.mark("input"))).toEqual([]);
    await expectKept(studio, folder);
  });

  it("nothing is left when its traces were deleted one by one", async () => {
    const folder = temporaryFolder();
    const studio = await fill(folder);
    for (const id of [gone.mark("traceid"), `l${gone.mark("traceid")}`]) {
      await fetch(`${studio.url}/api/public/traces/${id}`, { method: "DELETE" });
    }
    // What was said of the session itself is not part of any trace.
    expect(placesIn(folder, gone.rest)).toEqual(["sessionid", "sessionscore"]);
    const url = `${studio.url}/api/studio/sessions/${gone.mark("sessionid")}`;
    expect((await fetch(url, { method: "DELETE" })).status).toBe(200);
    expect(placesIn(folder, gone.rest)).toEqual([]);
  });

  it("the words go from the index later where the studio ended in between", async () => {
    const folder = temporaryFolder();
    await (await fill(folder)).close();
    const store = await openSqliteStore(join(folder, "studio.db"));
    for (const _change of store.deletion.session(gone.mark("sessionid")));
    store.close();
    expect(await indexedPlaces(folder, gone.rest)).not.toEqual([]);

    const studio = await openStudio({ db: join(folder, "studio.db") });
    await vi.waitUntil(() => placesIn(folder, gone.rest).length === 0, { timeout: 20_000 });
    await expectKept(studio, folder);
  });
});

describe.each<StudioOptions>([{ keep: "90m" }, { maxSize: "1MB" }])("with %o", (options) => {
  it("nothing is left of what was too old or too much, and what is bookmarked stays", async () => {
    const folder = temporaryFolder();
    const first = await fill(folder);
    const bookmark = `/api/studio/sessions/${gone.mark("sessionid")}/bookmark`;
    await fetch(first.url + bookmark, { method: "DELETE" });
    await first.close(); // what a studio has taken itself is live for a while

    const studio = await openStudio({ db: join(folder, "studio.db"), ...options });
    await vi.waitUntil(() => placesIn(folder, gone.rest).length === 0, { timeout: 20_000 });
    await expectKept(studio, folder);
  });
});

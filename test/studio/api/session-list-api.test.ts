import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { bookmarkApiPath } from "../../../src/studio/api/paths";
import type { SessionFacets, SessionList } from "../../../src/studio/api/types";
import type { Studio, StudioOptions } from "../../../src/studio/server";
import { openDatabase } from "../../../src/studio/store/open-database";
import { get, OTLP_PATH, openStudio, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";

/** Three sessions: `a` to `c`, each a second later, with one, two and three turns. */
async function studioWithSessions(options: StudioOptions = {}): Promise<Studio> {
  const studio = await openStudio(options);
  const spans = ["a", "b", "c"].flatMap((id, index) =>
    Array.from({ length: index + 1 }, (_, turn) => ({
      traceId: `${id}${turn}`,
      spanId: id,
      startTimeUnixNano: `176380680${index}000000000`,
      endTimeUnixNano: `176380680${index + 1}000000000`,
      attributes: {
        "session.id": id,
        "user.id": index === 0 ? "ann" : "bob",
        "langfuse.environment": index === 2 ? "dev" : "prod",
        "langfuse.observation.input": `the ${id}word question`,
        "langfuse.observation.cost_details": `{"total":${index / 10}}`,
      },
    })),
  );
  await post(studio, OTLP_PATH, otlpJson(...spans));
  return studio;
}

async function list(studio: Studio, query: string): Promise<SessionList> {
  const answer = await get(studio, `/api/studio/sessions?${query}`);
  expect(answer.status).toBe(200);
  return answer.json as SessionList; // by its contract
}

const idsOf = ({ data }: SessionList): string[] => data.map(({ id }) => id);

describe("GET /api/studio/sessions", () => {
  it.each([
    ["", "cba"],
    ["sort=id&order=asc", "abc"],
    ["sort=turns&order=desc", "cba"],
    ["sort=cost&order=asc", "abc"],
    ["sort=&order=", "cba"],
    ["user=ann", "a"],
    ["user=ann&user=bob&environment=prod", "ba"],
    ["from=1763806802000", "cb"],
    ["from=2025-11-22T10:20:02Z&to=2025-11-22T10:20:03Z", "b"],
    ["minTurns=2", "cb"],
    ["minCost=0.3", "c"],
    ["minTokens=1", ""],
    ["minDurationMs=1000", "cba"],
    ["hasErrors=true", ""],
    ["hasErrors=false", "cba"],
    ["bookmarked=true", ""],
    ["score=helpful%3E%3D0.8", ""],
    ["q=bword", "b"],
    ["q=cwo", "c"],
    ["q=question+the&minTurns=2", "cb"],
    ["unknown=1", "cba"],
    ["__proto__=1&constructor=2", "cba"],
  ])("takes %s", async (query, expected) => {
    const studio = await studioWithSessions();
    const page = await list(studio, query);
    expect(idsOf(page).join("")).toBe(expected);
    expect(page.totalCount).toBe(expected.length);
  });

  it("gives pages that follow each other", async () => {
    const studio = await studioWithSessions();
    const first = await list(studio, "sort=turns&order=asc&limit=2");
    const second = await list(studio, `sort=turns&order=asc&limit=2&cursor=${first.nextCursor}`);
    expect([idsOf(first), idsOf(second)]).toEqual([["a", "b"], ["c"]]);
    expect(second.nextCursor).toBeUndefined();
  });

  it("says where the words of a search stand", async () => {
    const studio = await studioWithSessions();
    const { data } = await list(studio, "q=aword");
    expect(data[0]).toMatchObject({
      match: { field: "input", snippet: "the aword question" },
      matchTraceId: "a0",
    });
    expect((await list(studio, "")).data[0]).not.toHaveProperty("match");
  });

  it.each([
    ["limit=0", 'Expected limit to be a whole number from 1 to 1000, got "0"'],
    ["limit=1001", 'Expected limit to be a whole number from 1 to 1000, got "1001"'],
    ["limit=ten", 'Expected limit to be a whole number from 1 to 1000, got "ten"'],
    ["limit=1&limit=2", "Expected limit to be a whole number from 1 to 1000, got 2 values"],
    [
      "sort=name",
      'Expected sort to be one of activity, start, duration, turns, tokens, cost, errors, observations, id, got "name"',
    ],
    ["order=up", 'Expected order to be one of asc, desc, got "up"'],
    [
      "from=yesterday",
      'Expected from to be a time in ISO 8601, as 2026-11-22T10:00:00Z, or milliseconds since the epoch, got "yesterday"',
    ],
    ["minCost=-1", 'Expected minCost to be a number from 0, got "-1"'],
    ["minTurns=many", 'Expected minTurns to be a number from 0, got "many"'],
    ["hasErrors=yes", 'Expected hasErrors to be true or false, got "yes"'],
    ["bookmarked=1", 'Expected bookmarked to be true or false, got "1"'],
    [
      "score=helpful%3E%3Dvery",
      'Expected score to be name, name>=0.8, name<=0.8 or name=value, got "helpful>=very"',
    ],
    ["score=%3E%3D1", 'Expected score to be name, name>=0.8, name<=0.8 or name=value, got ">=1"'],
    [
      "cursor=e30",
      'Expected cursor to be the nextCursor of the page before, in the same sort and order, got "e30"',
    ],
  ])("answers %s with what it expects", async (query, message) => {
    const studio = await openStudio();
    const answer = await get(studio, `/api/studio/sessions?${query}`);
    expect(answer.status).toBe(400);
    const path = [query.slice(0, query.indexOf("="))];
    expect(answer.json).toEqual({ message, error: [{ path, message }] });
  });

  it("names every parameter that is wrong", async () => {
    const studio = await openStudio();
    const { json } = await get(studio, "/api/studio/sessions?limit=0&to=x&hasErrors=x");
    expect(json).toMatchObject({
      error: [{ path: ["to"] }, { path: ["hasErrors"] }, { path: ["limit"] }],
    });
  });

  it("takes 100 values of a filter, and no more", async () => {
    const studio = await openStudio();
    const query = (count: number) => Array.from({ length: count }, (_, n) => `user=${n}`).join("&");
    expect((await get(studio, `/api/studio/sessions?${query(100)}`)).status).toBe(200);
    expect((await get(studio, `/api/studio/sessions?${query(101)}`)).json).toMatchObject({
      message: "Expected user at most 100 times, got 101",
    });
  });

  it("refuses the cursor of another sort", async () => {
    const studio = await studioWithSessions();
    const { nextCursor } = await list(studio, "limit=1");
    const answer = await get(studio, `/api/studio/sessions?sort=cost&cursor=${nextCursor}`);
    expect(answer.status).toBe(400);
  });

  it("finds what the studio has read for its search in the background", async () => {
    const folder = await mkdtemp(join(tmpdir(), "playhead-list-"));
    try {
      const studio = await studioWithSessions({ db: join(folder, "studio.db") });
      const database = await openDatabase(studio.db);
      const pending = database.prepare("SELECT count(*) AS count FROM search_pending");
      const deadline = performance.now() + 10_000;
      while (pending.get()?.["count"] !== 0 && performance.now() < deadline) await setTimeout(10);
      const docs = database.prepare("SELECT count(*) AS count FROM search_docs").get();
      database.close();
      expect(docs).toEqual({ count: 6 });
      expect(idsOf(await list(studio, "q=bword"))).toEqual(["b"]);
      await studio.close();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("GET /api/studio/facets", () => {
  it("gives what the filters can be set to", async () => {
    const studio = await studioWithSessions();
    const facets = (await get(studio, "/api/studio/facets?user=bob&q=question")).json;
    expect(facets).toEqual({
      users: [
        { value: "bob", count: 2 },
        { value: "ann", count: 1 },
      ],
      tags: [],
      models: [],
      environments: [
        { value: "dev", count: 1 },
        { value: "prod", count: 1 },
      ],
      scoreNames: [],
    } satisfies SessionFacets);
  });

  it("answers a wrong parameter with what it expects", async () => {
    const studio = await openStudio();
    const answer = await get(studio, "/api/studio/facets?minCost=x");
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      message: 'Expected minCost to be a number from 0, got "x"',
    });
  });
});

describe("a bookmark", () => {
  const send = (studio: Studio, method: string, id: string, headers = {}) =>
    fetch(studio.url + bookmarkApiPath(id), { method, headers });

  it.each(["chat 1/2", ".", "..", "ü?&#"])("is set and taken away for the id %s", async (id) => {
    const studio = await openStudio();
    await post(studio, OTLP_PATH, otlpJson({ attributes: { "session.id": id } }));
    const set = await send(studio, "PUT", id);
    expect([set.status, await set.json()]).toEqual([200, { id, isBookmarked: true }]);
    expect(idsOf(await list(studio, "bookmarked=true"))).toEqual([id]);
    expect((await list(studio, "")).data[0]?.isBookmarked).toBe(true);
    const removed = await send(studio, "DELETE", id);
    expect([removed.status, await removed.json()]).toEqual([200, { id, isBookmarked: false }]);
    expect(idsOf(await list(studio, "bookmarked=true"))).toEqual([]);
  });

  it("tells those who listen", async () => {
    const studio = await studioWithSessions();
    const { body } = await fetch(`${studio.url}/api/studio/events`);
    if (body === null) throw new Error("Expected a stream");
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    await send(studio, "PUT", "a");
    let text = "";
    while (!text.includes('"sessionIds":["a"]')) text += (await reader.read()).value;
    await reader.cancel();
    expect(text).toContain("event: change");
  });

  it("is not found for a session that is not there", async () => {
    const studio = await openStudio();
    expect((await send(studio, "PUT", "none")).status).toBe(404);
  });

  it("is refused to a page of another origin", async () => {
    const studio = await studioWithSessions();
    const answer = await send(studio, "PUT", "a", { origin: "https://elsewhere.example" });
    expect(answer.status).toBe(403);
  });
});

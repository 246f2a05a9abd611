import { describe, expect, it } from "vitest";
import type { Studio } from "../../../src/studio/server";
import { type Answer, get, OTLP_PATH, openStudio, post } from "./running-studio";
import { otlpJson } from "./spans";

async function remove(
  studio: Studio,
  path: string,
  body?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; json: unknown }> {
  const init = body === undefined ? {} : { body };
  const answer = await fetch(studio.url + path, { method: "DELETE", headers, ...init });
  return { status: answer.status, json: await answer.json() };
}

async function studioWith(...sessions: readonly string[]): Promise<Studio> {
  const studio = await openStudio();
  const spans = sessions.flatMap((session) =>
    ["1", "2"].map((turn) => ({
      traceId: `${session}-${turn}`,
      attributes: { "session.id": session },
    })),
  );
  await post(studio, OTLP_PATH, otlpJson(...spans));
  return studio;
}

const statusOf = async (answer: Promise<Answer>): Promise<number> => (await answer).status;

describe("DELETE /api/studio/sessions/{id}", () => {
  it("deletes the session with its traces, and no other", async () => {
    const studio = await studioWith("a", "b");
    expect(await remove(studio, "/api/studio/sessions/a")).toEqual({
      status: 200,
      json: { message: "Session deleted successfully" },
    });
    expect(await statusOf(get(studio, "/api/studio/sessions/a"))).toBe(404);
    expect(await statusOf(get(studio, "/api/studio/traces/a-1"))).toBe(404);
    expect(await statusOf(get(studio, "/api/studio/sessions/b"))).toBe(200);
    expect(await remove(studio, "/api/studio/sessions/a")).toEqual({
      status: 404,
      json: { message: "No session with this id" },
    });
  });

  it("takes an id that cannot stand in a path as a parameter", async () => {
    const studio = await studioWith("..");
    expect(await remove(studio, "/api/studio/session?id=..")).toMatchObject({ status: 200 });
    expect(await statusOf(get(studio, "/api/studio/session?id=.."))).toBe(404);
  });

  it("is told to those who watch", async () => {
    const studio = await studioWith("a");
    const events = await fetch(`${studio.url}/api/studio/events`);
    const reader = events.body?.getReader();
    await reader?.read(); // the beginning of the stream
    await remove(studio, "/api/studio/sessions/a");
    let text = "";
    while (!text.includes('"sessionIds":["a"]')) {
      const { value, done } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done) break;
      text += Buffer.from(value ?? []).toString();
    }
    expect(text).toContain("event: change");
    await reader?.cancel();
  });

  it("makes a trace anew of spans that come late", async () => {
    const studio = await studioWith("a");
    await remove(studio, "/api/studio/sessions/a");
    const late = { traceId: "a-1", spanId: "late", attributes: { "session.id": "a" } };
    await post(studio, OTLP_PATH, otlpJson(late));
    const { json } = await get(studio, "/api/studio/traces/a-1");
    expect(json).toMatchObject({ sessionId: "a", observations: [{ id: "late" }] });
  });

  it("is refused to a page of another origin", async () => {
    const studio = await studioWith("a");
    const origin = { origin: "https://elsewhere.example" };
    const answer = await remove(studio, "/api/studio/sessions/a", undefined, origin);
    expect(answer.status).toBe(403);
    expect(await statusOf(get(studio, "/api/studio/sessions/a"))).toBe(200);
  });
});

describe("DELETE /api/studio/traces/{id}", () => {
  it.each(["/api/studio/traces/a-1", "/api/studio/trace?id=a-1"])(
    "%s deletes one",
    async (path) => {
      const studio = await studioWith("a");
      expect(await remove(studio, path)).toMatchObject({ status: 200 });
      expect(await statusOf(get(studio, "/api/studio/traces/a-1"))).toBe(404);
      expect(await statusOf(get(studio, "/api/studio/traces/a-2"))).toBe(200);
      expect(await remove(studio, path)).toMatchObject({ status: 404 });
    },
  );
});

describe("DELETE /api/public/traces", () => {
  it("deletes one by its id, whether it is there or not", async () => {
    const studio = await studioWith("a");
    for (const id of ["a-1", "unknown"]) {
      expect(await remove(studio, `/api/public/traces/${id}`)).toEqual({
        status: 200,
        json: { message: "Trace deleted successfully" },
      });
    }
    expect(await statusOf(get(studio, "/api/public/traces/a-1"))).toBe(404);
    expect(await statusOf(get(studio, "/api/public/traces/a-2"))).toBe(200);
  });

  it("deletes a list", async () => {
    const studio = await studioWith("a", "b");
    const body = JSON.stringify({ traceIds: ["a-1", "b-1", "b-2"] });
    expect(await remove(studio, "/api/public/traces", body)).toEqual({
      status: 200,
      json: { message: "Traces deleted successfully" },
    });
    expect(await statusOf(get(studio, "/api/public/sessions/b"))).toBe(404);
    expect(await statusOf(get(studio, "/api/public/sessions/a"))).toBe(200);
  });

  it.each([
    ["no list", "{}"],
    ["an empty list", '{"traceIds":[]}'],
    ["more than a thousand", JSON.stringify({ traceIds: Array.from({ length: 1_001 }, String) })],
    ["no JSON", "{"],
  ])("answers 400 to %s", async (_case, body) => {
    const studio = await openStudio();
    expect(await remove(studio, "/api/public/traces", body)).toEqual({
      status: 400,
      json: { message: "Invalid request data", error: expect.any(Array) },
    });
  });
});

describe("DELETE /api/public/scores/{id}", () => {
  it("answers 202, whether it is there or not, and deletes it", async () => {
    const studio = await studioWith("a");
    const score = { id: "i", traceId: "a-1", name: "good", value: 1 };
    await post(studio, "/api/public/scores", JSON.stringify(score));
    for (const id of ["i", "unknown"]) {
      expect(await remove(studio, `/api/public/scores/${id}`)).toEqual({
        status: 202,
        json: { message: "Score deleted successfully" },
      });
    }
    const { json } = await get(studio, "/api/studio/traces/a-1");
    expect(json).toMatchObject({ scores: [] });
  });
});

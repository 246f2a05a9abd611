import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { MAX_IMPORT_SIGNS, type SessionImport } from "../../../src/studio/api/import-types";
import type { Studio } from "../../../src/studio/server";
import { HOSTILE_TEXTS, otlpWith } from "../safety/hostile-content";
import { markersOf, PLACES, sendEverything } from "./everything-about-a-session";
import { get, OTLP_PATH, openStudio, post } from "./running-studio";
import { otlpJson } from "./spans";

const { mark } = markersOf("one");
const SESSION = mark("sessionid");

const exportPath = (id: string): string =>
  `/api/studio/session-export?id=${encodeURIComponent(id)}`;

async function exported(studio: Studio, id: string): Promise<string> {
  const answer = await get(studio, exportPath(id));
  expect(answer.status, answer.text.slice(0, 200)).toBe(200);
  return answer.text;
}

it("exports everything that clients sent, and the same bytes from where it is imported", async () => {
  const studio = await openStudio();
  await sendEverything(studio, mark);
  await fetch(`${studio.url}/api/studio/sessions/${SESSION}/bookmark`, { method: "PUT" });
  const file = await exported(studio, SESSION);
  // Replaced by a later version of the same observation.
  const decoded = file.replace(
    /"content":"([^"]+)"/g,
    (whole, content: string) => `${whole}${Buffer.from(content, "base64")}`,
  );
  const missing = PLACES.filter((place) => !decoded.includes(mark(place)));
  expect(missing).toEqual(["replacedinput"]);

  const other = await openStudio();
  const first = await post(other, "/api/studio/import", file);
  expect(first.status, first.text).toBe(200);
  expect(await exported(other, SESSION)).toBe(file);
  const again = await post(other, "/api/studio/import", gzipSync(file), {
    "content-encoding": "gzip",
  });
  expect(again.json).toEqual(first.json);
  expect(await exported(other, SESSION)).toBe(file);
  const lists = await Promise.all(
    [studio, other].map(async (one) => (await get(one, "/api/studio/sessions")).json),
  );
  expect(lists[1]).toEqual(lists[0]);
});

it("brings hostile sessions back as they were", async () => {
  const studio = await openStudio();
  const other = await openStudio();
  for (const [index, { name, text }] of HOSTILE_TEXTS.entries()) {
    const ids = { traceId: `t${index}`, sessionId: `${text.replaceAll("\0", "")} ${index}` };
    await post(studio, OTLP_PATH, otlpWith(text, ids));
    const id = ids.sessionId.toWellFormed();
    const file = await exported(studio, id);
    const answer = await post(other, "/api/studio/import", file);
    expect(answer.status, `${name}: ${answer.text}`).toBe(200);
    expect(await exported(other, id), name).toBe(file);
  }
});

it("refuses a file that would change another session, before it writes anything", async () => {
  const studio = await openStudio();
  const spanOf = (traceId: string, sessionId: string) =>
    otlpJson({ traceId, attributes: { "session.id": sessionId } });
  const score = (traceId: string) =>
    JSON.stringify({ id: "score", traceId, name: "quality", value: 1 });
  await post(studio, OTLP_PATH, spanOf("new", "s"));
  await post(studio, OTLP_PATH, spanOf("t", "s"));
  const withTrace = await exported(studio, "s");
  const scored = await openStudio();
  await post(scored, OTLP_PATH, spanOf("new", "s"));
  await post(scored, "/api/public/scores", score("new"));
  const withScore = await exported(scored, "s");

  const other = await openStudio();
  await post(other, OTLP_PATH, spanOf("t", "victim"));
  await post(other, "/api/public/scores", score("t"));
  const before = await exported(other, "victim");
  for (const [file, what] of [
    [withTrace, 'the trace "t", which is of another session in this studio'],
    [withScore, 'the score "score", which is of something else in this studio'],
  ] as const) {
    const answer = await post(other, "/api/studio/import", file);
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({
      message: `Expected a session of its own, got ${what}. Nothing was imported.`,
    });
    expect(await exported(other, "victim")).toBe(before);
    expect((await get(other, "/api/studio/traces/new")).status).toBe(404);
  }
});

it("tells open pages of what was imported, and says how much it was", async () => {
  const studio = await openStudio();
  await post(studio, OTLP_PATH, otlpJson({ attributes: { "session.id": "s" } }));
  const file = await exported(studio, "s");
  const other = await openStudio();
  const events = await fetch(`${other.url}/api/studio/events`);
  const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
  const answer = await post(other, "/api/studio/import", file);
  expect(answer.json).toEqual({
    sessionId: "s",
    traceCount: 1,
    observationCount: 1,
    scoreCount: 0,
    commentCount: 0,
    mediaCount: 0,
  } satisfies SessionImport);
  let told = "";
  while (!told.includes('"sessionIds":["s"]')) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) break;
    told += value;
  }
  expect(told).toContain('"sessionIds":["s"]');
  await reader?.cancel();
});

it("names the file after the session, by characters that every file system takes", async () => {
  const studio = await openStudio();
  const nameOf = async (id: string): Promise<string | null> => {
    await post(studio, OTLP_PATH, otlpJson({ traceId: id, attributes: { "session.id": id } }));
    return (await get(studio, exportPath(id))).headers.get("content-disposition");
  };
  expect(await nameOf("chat 1")).toBe('attachment; filename="chat-1.session.json"');
  expect(await nameOf('../"\r\n')).toBe('attachment; filename="session.session.json"');
});

it("answers 404 for a session that is not there, 400 for a format that is none", async () => {
  const studio = await openStudio();
  expect((await get(studio, exportPath("none"))).status).toBe(404);
  expect((await get(studio, `${exportPath("none")}&format=pdf`)).status).toBe(400);
  expect((await get(studio, "/api/studio/session-export")).status).toBe(400);
});

it("keeps nothing of a file that is refused, and says what was expected", async () => {
  const studio = await openStudio();
  await post(studio, OTLP_PATH, otlpJson({ attributes: { "session.id": "s" } }));
  const file = await exported(studio, "s");
  const other = await openStudio();
  const bad = file.replace('"type":"span"', '"type":"thought"');
  expect(bad).not.toBe(file);
  const refused = await post(other, "/api/studio/import", bad);
  expect(refused.status).toBe(400);
  expect(refused.text).toContain("traces[0].observations[0].type");
  const notPacked = { "content-encoding": "gzip" };
  expect((await post(other, "/api/studio/import", file, notPacked)).status).toBe(400);
  expect((await get(other, "/api/studio/sessions")).json).toMatchObject({ totalCount: 0 });
});

it("answers 413 for a file of more objects and members than it takes at once, before it reads them", async () => {
  const studio = await openStudio();
  await post(studio, OTLP_PATH, otlpJson({ attributes: { "session.id": "s" } }));
  const file = await exported(studio, "s");
  const other = await openStudio();
  const send = (text: string) =>
    post(other, "/api/studio/import", gzipSync(text, { level: 1 }), { "content-encoding": "gzip" });
  const refused = await send(",".repeat(MAX_IMPORT_SIGNS + 1)); // read, it would be no JSON
  expect(refused.status).toBe(413);
  expect(refused.text).toContain(
    "at most 128 MiB and 16 million objects, lists and members of them",
  );
  expect((await send(",".repeat(MAX_IMPORT_SIGNS))).status).toBe(400);
  const later = `"later":[${"1,".repeat(MAX_IMPORT_SIGNS - 1_000)}1],"traces":`;
  expect((await send(file.replace('"traces":', later))).status).toBe(200);
});

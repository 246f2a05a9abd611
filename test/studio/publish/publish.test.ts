import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { Publication, PublicationList } from "../../../src/studio/api/publication-types";
import type { Studio } from "../../../src/studio/server";
import {
  type Marker,
  markersOf,
  PLACES,
  sendEverything,
} from "../server/everything-about-a-session";
import { type Answer, get, OTLP_PATH, openStudio, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";
import { mediaOf } from "../store/media";
import { publish } from "./publish";

const KEYS = { publicKey: "pk-lf-1", secretKey: "sk-lf-1" };
const AUTHORIZED = {
  authorization: `Basic ${Buffer.from("pk-lf-1:sk-lf-1").toString("base64")}`,
};

async function sendTurn(
  studio: Studio,
  traceId: string,
  sessionId: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const attributes = { "session.id": sessionId, "langfuse.observation.input": `asked ${traceId}` };
  const answer = await post(studio, OTLP_PATH, otlpJson({ traceId, attributes }), headers);
  expect(answer.status).toBe(200);
}

async function send(
  studio: Studio,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(studio.url + path, { method, headers, redirect: "manual" });
  const text = await response.text();
  return { ...response, status: response.status, headers: response.headers, text, json: undefined };
}

const listOf = async (studio: Studio, query = ""): Promise<PublicationList> =>
  (await get(studio, `/api/studio/publications${query}`)).json as PublicationList;

it("opens the session at an address whose token has 256 random bits, kept as a hash", async () => {
  const folder = await mkdtemp(join(tmpdir(), "playhead-publish-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const db = join(folder, "studio.db");
  const studio = await openStudio({ db });
  await sendTurn(studio, "one", "chat");
  const [first, second] = [
    await publish(studio, { sessionId: "chat" }),
    await publish(studio, { sessionId: "chat" }),
  ];
  expect(Buffer.from(first.token, "base64url")).toHaveLength(32);
  expect(second.token).not.toBe(first.token);
  const outline = await get(studio, `${first.api}/session-outline`);
  expect(outline.json).toMatchObject({ session: { id: "chat" }, turns: [{ traceId: "one" }] });
  await studio.close();
  const file = await readFile(db, "latin1");
  expect(file).not.toContain(first.token);
  expect(file).toContain(createHash("sha256").update(first.token).digest("hex"));
});

it("answers what the page reads of a session: figures, turns, the trace, its steps", async () => {
  const studio = await openStudio();
  await sendTurn(studio, "one", "chat");
  const { api } = await publish(studio, { sessionId: "chat" });
  expect((await get(studio, `${api}/session-figures`)).json).toMatchObject({
    turns: [{ traceId: "one" }],
  });
  expect((await get(studio, `${api}/turns?id=one`)).json).toMatchObject({
    data: [{ traceId: "one", input: "asked one" }],
    left: [],
  });
  expect((await get(studio, `${api}/trace-outline?id=one`)).json).toMatchObject({
    traceId: "one",
    steps: [{ id: "o" }],
  });
  expect((await get(studio, `${api}/observation?traceId=one&id=o`)).json).toMatchObject({
    id: "o",
    input: "asked one",
  });
});

it("opens nothing of another session, of a trace without one, or of what is not there", async () => {
  const studio = await openStudio();
  await sendTurn(studio, "one", "chat");
  await sendTurn(studio, "other", "secret");
  await sendTurn(studio, "alone", "");
  const { api } = await publish(studio, { sessionId: "chat" });
  for (const id of ["other", "alone", "none"]) {
    expect((await get(studio, `${api}/turns?id=${id}`)).json, id).toEqual({ data: [], left: [] });
    for (const path of [`/trace-outline?id=${id}`, `/observation?traceId=${id}&id=o`]) {
      expect((await get(studio, api + path)).status, path).toBe(404);
    }
  }
  expect((await get(studio, `${api}/turns?id=other&id=one`)).text).not.toContain("asked other");
});

it("leaves out scores, their comments, comments and the bookmark", async () => {
  const studio = await openStudio();
  const { mark } = markersOf("shown");
  await sendEverything(studio, mark);
  const { api } = await publish(studio, { sessionId: mark("sessionid") });
  const said = await everythingAt(studio, api, mark);
  const people = PLACES.filter((place) => /score|comment|author/.test(place));
  expect(people.filter((place) => said.includes(mark(place)))).toEqual([]);
  expect(said).not.toContain('"isBookmarked":true');
  const shown = ["input", "output", "metadata", "spanname", "tag", "userid", "stacktrace"] as const;
  expect(shown.filter((place) => !said.includes(mark(place)))).toEqual([]);
});

/** All that the public address of a session of {@link sendEverything} answers. */
async function everythingAt(studio: Studio, api: string, mark: Marker): Promise<string> {
  const traces = [mark("traceid"), `l${mark("traceid")}`];
  const paths = [
    "/session-outline",
    "/session-figures",
    `/turns?${traces.map((id) => `id=${id}`).join("&")}`,
    ...traces.map((id) => `/trace-outline?id=${id}`),
    `/observation?traceId=${mark("traceid")}&id=${mark("spanid")}`,
  ];
  const answers = await Promise.all(paths.map((path) => get(studio, api + path)));
  expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200));
  return answers.map(({ text }) => text).join("\n");
}

it("opens the media of the session and of no other, and lets nobody keep them", async () => {
  const studio = await openStudio();
  const [shown, hidden] = [markersOf("shown").mark, markersOf("hidden").mark];
  await sendEverything(studio, shown);
  await sendEverything(studio, hidden);
  const { api } = await publish(studio, { sessionId: shown("sessionid") });
  const contentOf = (mark: Marker): Promise<Answer> =>
    get(studio, `${api}/media/${mediaId(mark("mediacontent"))}/content`);
  const own = await contentOf(shown);
  expect(own.text).toContain(shown("mediacontent"));
  expect(own.headers.get("cache-control")).toBe("no-store");
  expect(own.headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
  expect((await contentOf(hidden)).status).toBe(404);
});

const mediaId = (content: string): string => mediaOf(`${content} `.repeat(1_000)).id;

it("expires at the time that was given, which lies in the future", async () => {
  const studio = await openStudio();
  await sendTurn(studio, "one", "chat");
  const past = JSON.stringify({ sessionId: "chat", expiresAt: "2020-01-01T00:00:00Z" });
  const refused = await post(studio, "/api/studio/publications", past);
  expect(refused.status).toBe(400);
  expect(refused.json).toEqual({
    message: "Expected expiresAt in the future, got 2020-01-01T00:00:00Z",
  });
  const expiresAt = new Date(Date.now() + 400).toISOString();
  const { api, path, publication } = await publish(studio, { sessionId: "chat", expiresAt });
  expect(publication.expiresAt).toBe(expiresAt.replace("Z", "000Z"));
  await expect
    .poll(async () => (await get(studio, `${api}/session-outline`)).status, { timeout: 10_000 })
    .toBe(404);
  expect((await get(studio, path)).status).toBe(404);
  expect((await listOf(studio)).data).toMatchObject([{ id: publication.id, isOpen: false }]);
});

it("opens nothing any more once it is revoked, and the others go on", async () => {
  const studio = await openStudio();
  await sendTurn(studio, "one", "chat");
  const [first, second] = [
    await publish(studio, { sessionId: "chat" }),
    await publish(studio, { sessionId: "chat" }),
  ];
  const revoked = await send(studio, "DELETE", `/api/studio/publications/${first.publication.id}`);
  expect(revoked.status).toBe(200);
  expect(await get(studio, `${first.api}/session-outline`)).toMatchObject({
    status: 404,
    json: { message: "Nothing is published at this address, or not any more" },
  });
  expect((await get(studio, first.path)).status).toBe(404);
  expect((await get(studio, `${second.api}/session-outline`)).status).toBe(200);
  expect((await send(studio, "DELETE", "/api/studio/publications/none")).status).toBe(404);
});

it("records who published and who revoked, and when; revoking again changes nothing", async () => {
  const studio = await openStudio();
  await sendTurn(studio, "one", "chat");
  const { publication } = await publish(studio, { sessionId: "chat", name: " Ann " });
  const path = `/api/studio/publications/${publication.id}`;
  await send(studio, "DELETE", `${path}?name=Bob`);
  const [record] = (await listOf(studio, "?sessionId=chat")).data;
  expect(record).toMatchObject({
    sessionId: "chat",
    createdBy: { name: "Ann", access: "open", address: "127.0.0.1" },
    revokedBy: { name: "Bob", access: "open", address: "127.0.0.1" },
    isOpen: false,
  });
  const age = (time: string | null | undefined): number => Date.now() - Date.parse(time ?? "");
  expect(age(record?.createdAt)).toBeGreaterThanOrEqual(age(record?.revokedAt));
  expect(age(record?.createdAt)).toBeLessThan(60_000);
  await send(studio, "DELETE", `${path}?name=Eve`);
  expect((await listOf(studio)).data).toEqual([record]);
  expect((await listOf(studio, "?sessionId=other")).data).toEqual([]);
});

it("goes with its session, and does not come back with one of the same id", async () => {
  const studio = await openStudio();
  await sendTurn(studio, "one", "chat");
  const { api } = await publish(studio, { sessionId: "chat" });
  expect((await send(studio, "DELETE", "/api/studio/sessions/chat")).status).toBe(200);
  await sendTurn(studio, "two", "chat");
  expect((await get(studio, `${api}/session-outline`)).status).toBe(404);
  expect(await listOf(studio)).toEqual({ data: [], totalCount: 0 });
});

it.each([
  ["no session", {}, 400],
  ["a session that is not there", { sessionId: "none" }, 404],
  ["a preset that is none", { sessionId: "chat", redact: ["names"] }, 400],
  ["a time without a zone", { sessionId: "chat", expiresAt: "2999-01-01" }, 400],
  ["a field that is none", { sessionId: "chat", token: "mine" }, 400],
])("publishes nothing for %s", async (_case, body, status) => {
  const studio = await openStudio();
  await sendTurn(studio, "one", "chat");
  const answer = await post(studio, "/api/studio/publications", JSON.stringify(body));
  expect(answer.status, answer.text).toBe(status);
  expect((await listOf(studio)).totalCount).toBe(0);
});

it("on a studio with keys is read without any; publishing, listing and revoking demand them", async () => {
  const studio = await openStudio(KEYS);
  await sendTurn(studio, "one", "chat", AUTHORIZED);
  const body = JSON.stringify({ sessionId: "chat" });
  expect((await post(studio, "/api/studio/publications", body)).status).toBe(401);
  const { api, path, publication } = await publish(studio, { sessionId: "chat" }, AUTHORIZED);
  expect(publication.createdBy).toMatchObject({ access: "keys" } satisfies Partial<
    Publication["createdBy"]
  >);
  expect((await get(studio, `${api}/session-outline`)).status).toBe(200);
  const page = await get(studio, path);
  expect(page.status).toBe(200);
  expect(page.text).toContain('<script type="module" src="/assets/app.js">');
  expect(page.headers.get("x-robots-tag")).toBe("noindex, nofollow");
  expect((await get(studio, "/api/studio/publications")).status).toBe(401);
  const revoke = `/api/studio/publications/${publication.id}`;
  expect((await send(studio, "DELETE", revoke)).status).toBe(401);
  expect((await get(studio, `${api}/session-outline`)).status).toBe(200);
});

import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Studio, startStudio } from "../../../src/studio/server";
import { ROUTE_ROWS } from "../safety/route-rows";
import {
  type Marker,
  markersOf,
  PLACES,
  sendEverything,
} from "../server/everything-about-a-session";
import { mediaOf } from "../store/media";
import { type Published, publish } from "./publish";

const KEYS = { publicKey: "pk-lf-1", secretKey: "sk-lf-1" };

/** What answers whoever comes, with a token or without, and tells nothing of any session. */
const OPEN_TO_ALL = [
  "GET /api/public/health",
  "GET /assets/app.css",
  "GET /assets/app.js",
  "GET /favicon.ico",
  "GET /favicon.svg",
  "GET /sign-in",
];
const PUBLISHED_ROUTES = ROUTE_ROWS.map(({ route }) => route).filter((route) =>
  /^GET \/(?:public|api\/published)\/:token/.test(route),
);

const shown = markersOf("shown").mark;
const hidden = markersOf("hidden").mark;
let folder: string;
let studio: Studio;
let published: Published;

/** Two sessions with something in every place there is, one of them published; then keys. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-token-"));
  const options = { port: 0, db: join(folder, "studio.db") };
  const open = await startStudio(options);
  await sendEverything(open, shown);
  await sendEverything(open, hidden);
  published = await publish(open, { sessionId: shown("sessionid") });
  await open.close();
  studio = await startStudio({ ...options, ...KEYS });
});
afterAll(async () => {
  await studio?.close();
  await rm(folder, { recursive: true });
});

interface Told {
  readonly status: number;
  readonly text: string;
}

/** One request of whoever has the token and nothing else. */
function ask(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<Told> {
  return new Promise((resolve, reject) => {
    const { host: hostname, port } = studio;
    const options = { hostname, port, path, method, headers, agent: false };
    const outgoing = request(options, (incoming) => {
      let text = "";
      const tell = (): void => resolve({ status: incoming.statusCode ?? 0, text });
      incoming.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      incoming.on("end", tell);
      if (incoming.headers["content-type"]?.startsWith("text/event-stream")) tell();
    });
    outgoing.on("error", reject).end();
  });
}

/** Each way in which a request may carry a token. */
const carriersOf = (token: string): readonly Readonly<Record<string, string>>[] => [
  {},
  { authorization: `Bearer ${token}` },
  { authorization: `Basic ${Buffer.from(`${token}:${token}`).toString("base64")}` },
  { authorization: `Basic ${Buffer.from(`pk-lf-1:${token}`).toString("base64")}` },
  { cookie: `playhead=${token}; token=${token}` },
];

/** All ids of a session, for each parameter that may name one. */
const idsOf = (mark: Marker): readonly string[] => [
  mark("sessionid"),
  mark("traceid"),
  mark("spanid"),
  `l${mark("traceid")}`,
  mediaIdOf(mark("mediacontent")),
  mediaIdOf(mark("ownmedia")),
];

const mediaIdOf = (text: string): string => mediaOf(`${text} `.repeat(1_000)).id;

const marksIn = (text: string, mark: Marker): readonly string[] =>
  PLACES.filter((place) => text.includes(mark(place)));

it("opens no route but those of its own session, however it is carried", async () => {
  const { token } = published;
  const answered = new Set<string>();
  for (const { route, query } of ROUTE_ROWS) {
    if (PUBLISHED_ROUTES.includes(route)) continue;
    const [method = "", template = ""] = route.split(" ");
    for (const id of [token, shown("sessionid")]) {
      const path = template.replace(/:\w+|\*/g, id);
      const search = ["token", ...query].map((name) => `${name}=${encodeURIComponent(id)}`);
      for (const headers of carriersOf(token)) {
        const told = await ask(method, `${path}?${search.join("&")}`, headers);
        const isRefused = [303, 401, 403].includes(told.status);
        if (!isRefused && route !== "POST /sign-in") answered.add(route);
        expect([...marksIn(told.text, shown), ...marksIn(told.text, hidden)], route).toEqual(
          told.text.includes(shown("sessionid")) && route.includes("sign-in") ? ["sessionid"] : [],
        );
      }
    }
  }
  expect([...answered].sort()).toEqual(OPEN_TO_ALL);
});

it("shows nothing of another session, whatever id is asked for", async () => {
  const { token } = published;
  for (const route of PUBLISHED_ROUTES) {
    const [, template = ""] = route.split(" ");
    for (const id of [...idsOf(hidden), shown("traceid")]) {
      for (const traceId of [hidden("traceid"), shown("traceid")]) {
        const path = template.replace(":token", token).replace(":id", id);
        const told = await ask("GET", `${path}?traceId=${traceId}&id=${id}`, {});
        expect([200, 404], route).toContain(told.status);
        expect(marksIn(told.text, hidden), `${route} ${id}`).toEqual([]);
      }
    }
  }
});

it("answers nothing at its own address for another token, and changes nothing there", async () => {
  const [method, outline] = ["GET", `${published.api}/session-outline`];
  expect((await ask(method, outline, {})).status).toBe(200);
  const { token } = published;
  const others = [
    token.slice(0, -1),
    `${token}A`,
    token.toLowerCase(),
    createHash("sha256").update(token).digest("hex"),
    published.publication.id,
    shown("sessionid"),
  ];
  for (const other of others) {
    for (const route of PUBLISHED_ROUTES) {
      const [, template = ""] = route.split(" ");
      const path = template.replace(":token", other).replace(":id", shown("traceid"));
      const query = `?id=${shown("traceid")}&traceId=${shown("traceid")}`;
      const told = await ask(method, path + query, {});
      expect(told.status, `${route} ${other}`).toBe(404);
      expect(marksIn(told.text, shown)).toEqual([]);
    }
  }
  for (const changing of ["POST", "PUT", "PATCH", "DELETE"]) {
    for (const route of PUBLISHED_ROUTES) {
      const [, template = ""] = route.split(" ");
      const path = template.replace(":token", token).replace(":id", shown("traceid"));
      expect((await ask(changing, path, {})).status, `${changing} ${route}`).toBe(401);
    }
  }
});

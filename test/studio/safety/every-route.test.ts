import { request } from "node:http";
import { expect, it } from "vitest";
import type { Studio } from "../../../src/studio/server";
import { type ServedRoute, servedRoutes } from "../served-routes";
import { openStudio } from "../server/running-studio";

const KEYS = { publicKey: "pk-lf-1", secretKey: "sk-lf-1" };
const AUTHORIZATION = {
  authorization: `Basic ${Buffer.from(`${KEYS.publicKey}:${KEYS.secretKey}`).toString("base64")}`,
};

/**
 * What answers without keys: health, what the pages for readers without keys are made of, and what
 * a token in the address opens (see publish.test.ts).
 */
const OPEN_ROUTES = [
  "GET /api/public/health",
  "GET /api/published/:token/media/:id/content",
  "GET /api/published/:token/observation",
  "GET /api/published/:token/session-figures",
  "GET /api/published/:token/session-outline",
  "GET /api/published/:token/trace-outline",
  "GET /api/published/:token/turns",
  "GET /assets/app.css",
  "GET /assets/app.js",
  "GET /favicon.ico",
  "GET /favicon.svg",
  "GET /public/:token",
  "GET /public/:token/trace",
  "GET /sign-in",
];

/** Open as well; it answers 401 while no key stands in it. */
const SIGN_IN_FORM = "POST /sign-in";

/** The status alone; with headers that `fetch` would set itself. */
function statusOf(
  studio: Studio,
  { method, path }: ServedRoute,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const { host: hostname, port } = studio;
    const target = path.replace(/:\w+|\*/g, "a");
    const options = { hostname, port, path: target, method, headers, agent: false };
    const outgoing = request(options, (incoming) => {
      resolve(incoming.statusCode ?? 0);
      incoming.destroy(); // the stream of changes has no end
    });
    outgoing.on("error", reject).end();
  });
}

/** The routes that answer with one of these statuses. */
async function routesAnswering(
  studio: Studio,
  statuses: readonly number[],
  headers: Readonly<Record<string, string>>,
): Promise<string[]> {
  const found: string[] = [];
  for (const route of await servedRoutes()) {
    const status = await statusOf(studio, route, headers);
    if (statuses.includes(status)) found.push(`${route.method} ${route.path}`);
  }
  return found.sort();
}

const allRoutes = async (): Promise<string[]> =>
  (await servedRoutes()).map(({ method, path }) => `${method} ${path}`).sort();

it("demands keys, but for health, what pages without keys are made of, and public addresses", async () => {
  const studio = await openStudio(KEYS);
  const demanding = await routesAnswering(studio, [401, 303], {});
  expect((await allRoutes()).filter((name) => !demanding.includes(name))).toEqual(OPEN_ROUTES);
  expect(await routesAnswering(studio, [401], AUTHORIZATION)).toEqual([SIGN_IN_FORM]);
});

it("answers to no foreign name, with keys or without", async () => {
  const served = await allRoutes();
  const host = { host: "rebound.example" };
  expect(
    await routesAnswering(await openStudio(KEYS), [403], { ...host, ...AUTHORIZATION }),
  ).toEqual(served);
  const open = await openStudio();
  expect(await routesAnswering(open, [403], host)).toEqual(served);
});

it("changes nothing for a page of another origin, with keys or without", async () => {
  const changing = (await allRoutes()).filter((name) => !name.startsWith("GET "));
  for (const origin of ["https://elsewhere.example", "http://localhost:1", "null"]) {
    const headers = { origin, ...AUTHORIZATION };
    expect(await routesAnswering(await openStudio(KEYS), [403], headers), origin).toEqual(changing);
    expect(await routesAnswering(await openStudio(), [403], { origin }), origin).toEqual(changing);
  }
});

it("lets no page of another site fetch anything, with keys or without", async () => {
  const served = await allRoutes();
  const site = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
  expect(
    await routesAnswering(await openStudio(KEYS), [403], { ...site, ...AUTHORIZATION }),
  ).toEqual(served);
  expect(await routesAnswering(await openStudio(), [403], site)).toEqual(served);
});

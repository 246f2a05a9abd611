import { describe, expect, it } from "vitest";
import type { Studio } from "../../../src/studio/server";
import { ICON_URL } from "../../../src/studio/server/icon";
import { servedRoutes } from "../served-routes";
import { type Answer, get, OTLP_PATH, openStudio, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";
import {
  DEEP_JSON,
  HOSTILE_TEXTS,
  type HostileIds,
  legacyBatchWith,
  mediaAnnouncementWith,
  otlpWith,
  scoreWith,
} from "./hostile-content";
import { ROUTE_ROWS, type RouteRow } from "./route-rows";

const KEYS = { publicKey: "pk-lf-1", secretKey: "sk-lf-1" };
const AUTHORIZATION = {
  authorization: `Basic ${Buffer.from(`${KEYS.publicKey}:${KEYS.secretKey}`).toString("base64")}`,
};

const FORM = "application/x-www-form-urlencoded";

const ALL_FIELDS = "core,basic,time,io,metadata,model,usage,prompt,metrics,trace_context";

/** JSON, told to be nothing else, that no browser runs or keeps. */
function expectData(answer: Answer, what: string): void {
  const { headers } = answer;
  expect(headers.get("content-type"), what).toMatch(/^application\/json\b/);
  expect(headers.get("x-content-type-options"), what).toBe("nosniff");
  expect(headers.get("content-security-policy"), what).toContain("default-src 'none'");
  expect(() => answer.json, what).not.toThrow();
  expect(answer.status, `${what}: ${answer.text.slice(0, 200)}`).toBeLessThan(500);
}

const METHODS = ["POST", "PUT", "PATCH", "GET", "DELETE"];

/** What fills the studio goes first, what empties it last. */
function byMethod(one: RouteRow, other: RouteRow): number {
  const placeOf = ({ route }: RouteRow): number => METHODS.indexOf(route.split(" ", 1)[0] ?? "");
  return placeOf(one) - placeOf(other);
}

/** Asks a route with the text wherever a request has room for one. */
async function expectNoHarm(
  studio: Studio,
  row: RouteRow,
  { text, ids, own }: { text: string; ids: HostileIds; own: OwnPages },
): Promise<void> {
  const { route, query, body, contentType = "application/json" } = row;
  const [method = "", template = ""] = route.split(" ");
  const encoded = encodeURIComponent(text.toWellFormed());
  const path = template.replace(/:\w+|\*/g, encoded);
  const targets = [path, ...[...query, encoded].map((name) => `${path}?${name}=${encoded}`)];
  const bodies =
    method === "GET"
      ? [undefined]
      : [body?.(text, ids), text, JSON.stringify(text), JSON.stringify({ [text]: text })];
  for (const [target, sent] of [
    ...targets.map((one) => [one, bodies[0]] as const),
    ...bodies.slice(1).map((one) => [path, one] as const),
  ]) {
    const response = await fetch(studio.url + target, {
      method,
      headers: { ...AUTHORIZATION, "content-type": contentType, "x-anything": encoded },
      redirect: "manual",
      ...(sent === undefined ? {} : { body: sent }),
    });
    const what = `${method} ${target} ${sent?.slice(0, 100)}`;
    await expectHarmless(response, row, { own, what });
  }
}

/** All that the page is: it reads its address by itself. */
const withoutPosition = (page: string): string => page.replace(/data-last-event-id="[^"]*"/, "");

/** The tags of a page with the names of their attributes, without any text. */
const tagsOf = (page: string): string =>
  (page.match(/<[^>]*>/g) ?? []).join("").replace(/="[^"]*"/g, "");

/** What the studio's own pages are when nobody asks for anything odd. */
interface OwnPages {
  readonly page: string;
  /** At a public address. */
  readonly publicPage: string;
  /** Tags of the form, of the form with a problem, and of the step that leads on. */
  readonly signIn: readonly string[];
}

async function ownPagesOf(studio: Studio): Promise<OwnPages> {
  const wrong = await post(studio, "/sign-in", "secretKey=wrong", { "content-type": FORM });
  const form = await get(studio, "/sign-in?asked=1");
  const step = await get(studio, "/sign-in?next=%2F");
  return {
    page: withoutPosition((await get(studio, "/", AUTHORIZATION)).text),
    publicPage: (await get(studio, "/public/none")).text,
    signIn: [wrong, form, step].map(({ text }) => tagsOf(text)),
  };
}

async function expectHarmless(
  response: Response,
  { answers: kind }: RouteRow,
  { own, what }: { own: OwnPages; what: string },
): Promise<void> {
  const { status, headers } = response;
  const contentType = headers.get("content-type") ?? "";
  const isPage = contentType.startsWith("text/html");
  expect(status === 501 || status < 500, `${what}: ${status}`).toBe(true);
  expect(headers.get("x-content-type-options"), what).toBe("nosniff");
  if (kind === "events") {
    expect(contentType).toBe("text/event-stream; charset=utf-8");
    return response.body?.cancel();
  }
  const body = await response.text();
  expect(headers.get("location") ?? "/", what).toMatch(/^\/(?![/\\])/);
  const policy = headers.get("content-security-policy") ?? "";
  expect(policy, what).toMatch(/^default-src 'none'; /);
  expect(policy, what).not.toContain("unsafe");
  // Nothing but the two kinds of page is HTML, and neither has a word of a request in it as markup.
  expect(
    isPage && !["page", "public-page", "sign-in"].includes(kind),
    `${what}: ${contentType}`,
  ).toBe(false);
  if (isPage && kind === "page") {
    expect(withoutPosition(body), what).toBe(own.page);
  } else if (isPage && kind === "public-page") {
    expect(body, what).toBe(own.publicPage);
  } else if (isPage) {
    expect(own.signIn, what).toContain(tagsOf(body));
    // All that it leads to is a path of the studio, but for its icon, which is in the page.
    const links = body.replace(`href="${ICON_URL}"`, "");
    expect(links, what).not.toMatch(/(?:href="|src="|action="|url=)(?!\/(?![/\\]))/);
  } else if (kind === "data" && contentType.startsWith("application/json")) {
    expect(() => JSON.parse(body), what).not.toThrow();
  }
}

/** Every text anywhere in a value, also those that are JSON themselves. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}

async function readAll(studio: Studio, id: string): Promise<ReadonlyMap<string, Answer>> {
  const encoded = encodeURIComponent(id.toWellFormed());
  const paths = [
    "/api/studio/sessions",
    "/api/studio/traces",
    `/api/studio/session?id=${encoded}`,
    `/api/studio/trace?id=${encoded}`,
    `/api/studio/sessions/${encoded}`,
    `/api/studio/traces/${encoded}`,
    "/api/public/sessions",
    `/api/public/sessions/${encoded}`,
    `/api/public/traces/${encoded}`,
    `/api/public/v2/observations?fields=${ALL_FIELDS}`,
    `/api/public/v2/observations?name=${encoded}&userId=${encoded}&sessionId=${encoded}`,
    `/api/public/media/${encoded}`,
    `/api/public/media/${encoded}/content`,
    `/api/public/${encoded}`,
  ];
  const answers = new Map<string, Answer>();
  for (const path of paths) answers.set(path, await get(studio, path));
  return answers;
}

describe.each(HOSTILE_TEXTS)("$name, in every field of every route", ({ text, kept = text }) => {
  it("is taken, kept as it is, and read back as data", async () => {
    const studio = await openStudio();
    const ids = { traceId: text, sessionId: text };
    const sent: readonly (readonly [string, string, readonly number[]])[] = [
      [OTLP_PATH, otlpWith(text, ids), [200]],
      ["/v1/traces", otlpWith(text, ids), [200]],
      ["/api/public/scores", scoreWith(text, ids), [200]],
      ["/api/public/ingestion", legacyBatchWith(text, ids), [207]],
      ["/api/public/media", mediaAnnouncementWith(text), [400]],
    ];
    for (const [path, body, statuses] of sent) {
      const answer = await post(studio, path, body);
      expectData(answer, path);
      expect(statuses, `${path}: ${answer.text.slice(0, 300)}`).toContain(answer.status);
    }
    const answers = await readAll(studio, kept);
    for (const [path, answer] of answers) expectData(answer, path);
    const [session] = [...answers].filter(([path]) => path.startsWith("/api/studio/session?"));
    expect(session?.[1].status).toBe(200);
    expect(textsIn(session?.[1].json)).toContain(kept);
    const observations = answers.get(`/api/public/v2/observations?fields=${ALL_FIELDS}`);
    expect(textsIn(observations?.json)).toContain(kept);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(Object.prototype).not.toHaveProperty("polluted");
  });

  it("is answered as what it is by every route, in path, query, header and body", async () => {
    const studio = await openStudio(KEYS);
    const bystander = otlpJson({ traceId: "bystander", attributes: { "session.id": "bystander" } });
    expect((await post(studio, OTLP_PATH, bystander, AUTHORIZATION)).status).toBe(200);
    const ids = { traceId: text, sessionId: text };
    const own = await ownPagesOf(studio);
    for (const row of [...ROUTE_ROWS].sort(byMethod)) {
      await expectNoHarm(studio, row, { text, ids, own });
    }
    for (const path of ["/api/studio/sessions/bystander", "/api/studio/traces/bystander"]) {
      expect((await get(studio, path, AUTHORIZATION)).status, path).toBe(200);
    }
    expect(Object.prototype).not.toHaveProperty("polluted");
  });
});

describe("the table of routes", () => {
  it("has a row for each route that the studio serves, and no other", async () => {
    const served = (await servedRoutes()).map(({ method, path }) => `${method} ${path}`);
    expect(ROUTE_ROWS.map(({ route }) => route).sort()).toEqual([...served].sort());
  });
});

describe("JSON of twenty thousand levels", () => {
  it("is answered as data by every route, and kills nothing", async () => {
    const studio = await openStudio();
    const deep = otlpJson({
      attributes: {
        "session.id": "deep",
        "langfuse.observation.input": DEEP_JSON,
        "langfuse.observation.metadata": `{"deep":${DEEP_JSON}}`,
        "langfuse.observation.model.parameters": DEEP_JSON,
        "langfuse.trace.tags": DEEP_JSON,
      },
    });
    expect((await post(studio, OTLP_PATH, deep)).status).toBe(200);
    for (const path of [OTLP_PATH, "/api/public/scores", "/api/public/ingestion"]) {
      expectData(await post(studio, path, DEEP_JSON), path);
    }
    const score = `{"traceId":"t","name":"n","value":1,"metadata":${DEEP_JSON}}`;
    expectData(await post(studio, "/api/public/scores", score), "score");
    const event = `{"id":"e","type":"score-create","timestamp":"2025-11-22T10:20:00Z","body":${score}}`;
    expectData(await post(studio, "/api/public/ingestion", `{"batch":[${event}]}`), "batch");
    for (const path of [
      "/api/studio/session?id=deep",
      "/api/studio/trace?id=t",
      "/api/public/traces/t",
      `/api/public/v2/observations?fields=${ALL_FIELDS}`,
    ]) {
      const answer = await get(studio, path);
      expectData(answer, path);
      expect(answer.status, path).toBe(200);
    }
  });
});

describe("parents in a circle", () => {
  it("are read back by every route", async () => {
    const studio = await openStudio();
    const spans = [
      { spanId: "a", parentSpanId: "c" },
      { spanId: "b", parentSpanId: "a" },
      { spanId: "c", parentSpanId: "b" },
      { spanId: "self", parentSpanId: "self" },
    ].map((span) => ({ ...span, attributes: { "session.id": "circle" } }));
    expect((await post(studio, OTLP_PATH, otlpJson(...spans))).status).toBe(200);
    for (const path of ["/api/studio/session?id=circle", "/api/studio/trace?id=t"]) {
      expect((await get(studio, path)).status, path).toBe(200);
    }
    const { text } = await get(studio, "/api/public/traces/t");
    for (const { spanId } of spans) expect(text).toContain(`"id":"${spanId}"`);
  });
});

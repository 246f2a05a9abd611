import { describe, expect, it } from "vitest";
import { MOVED_SCORES } from "../../../src/studio/ingest/moved-scores";
import { startStudio } from "../../../src/studio/server";
import {
  accessOf,
  isExpectedHost,
  isForeignFetch,
  isForeignOrigin,
  isOwnPage,
} from "../../../src/studio/server/guards";
import { hashedKeys } from "../../../src/studio/server/keys";
import { get, OTLP_PATH, openStudio, post, rawRequest } from "./running-studio";

const keys = { publicKey: "pk-lf-1", secretKey: "sk-lf-1" };
const basic = (credentials: string) => ({
  authorization: `Basic ${Buffer.from(credentials).toString("base64")}`,
});
const INVALID = "Invalid credentials. Confirm that you've configured the correct host.";

describe("keys", () => {
  it.each([
    ["the key pair", basic("pk-lf-1:sk-lf-1").authorization, { scope: "project" }],
    [
      "the scheme in another case",
      basic("pk-lf-1:sk-lf-1").authorization.replace("Basic", "BASIC"),
      { scope: "project" },
    ],
    ["a wrong secret", basic("pk-lf-1:nope").authorization, { scope: "none", message: INVALID }],
    [
      "a wrong public key",
      basic("nope:sk-lf-1").authorization,
      { scope: "none", message: INVALID },
    ],
    ["the public key alone", "Bearer pk-lf-1", { scope: "scores" }],
    ["another bearer", "Bearer sk-lf-1", { scope: "none", message: INVALID }],
    ["another scheme", "Digest x", { scope: "none", message: "Invalid authorization header" }],
    ["a pair without a colon", basic("pk-lf-1").authorization, { scope: "none", message: INVALID }],
    ["nothing", undefined, { scope: "none", message: "No authorization header" }],
  ])("given as %s allow what they should", (_case, header, expected) => {
    expect(accessOf(header, hashedKeys(keys))).toEqual(expected);
  });

  it("are not asked for where none are set, and any are accepted", async () => {
    const studio = await openStudio();
    expect((await get(studio, "/api/public/projects")).status).toBe(200);
    expect((await get(studio, "/api/public/projects", basic("any:thing"))).status).toBe(200);
  });

  it("open every route once they are right", async () => {
    const studio = await openStudio(keys);
    const right = basic("pk-lf-1:sk-lf-1");
    for (const path of ["/api/public/projects", "/api/studio/sessions", "/"]) {
      expect((await get(studio, path, right)).status, path).toBe(200);
    }
    expect((await post(studio, OTLP_PATH, "{}", right)).status).toBe(200);
  });

  it("are demanded of programs with Langfuse's message", async () => {
    const studio = await openStudio(keys);
    for (const path of ["/api/public/sessions", "/api/studio/sessions", "/api/studio/events"]) {
      const answer = await get(studio, path);
      expect(answer).toMatchObject({ status: 401, json: { message: "No authorization header" } });
      expect(answer.headers.get("www-authenticate")).toBeNull();
      expect(await get(studio, path, basic("a:b"))).toMatchObject({
        status: 401,
        json: { message: INVALID },
      });
    }
  });

  it.each(["/", "/sessions/a%2Fb?t=1", "/models", "/nope"])(
    "are demanded of a reader of %s by way of the sign-in page, not by a window of the browser",
    async (path) => {
      const studio = await openStudio(keys);
      const answer = await get(studio, path);
      expect(answer.status).toBe(303);
      expect(answer.headers.get("location")).toBe(`/sign-in?next=${encodeURIComponent(path)}`);
      const wrong = await get(studio, path, basic("a:b"));
      expect(wrong.status).toBe(401);
      expect(wrong.headers.get("www-authenticate")).toBeNull();
    },
  );

  it("are not asked for by what the sign-in page is made of", async () => {
    const studio = await openStudio(keys);
    expect((await get(studio, "/favicon.svg")).status).toBe(200);
    expect((await get(studio, "/assets/app.css")).status).not.toBe(303);
  });

  it("are demanded before a route is said not to exist", async () => {
    const studio = await openStudio(keys);
    expect((await get(studio, "/api/public/nope")).status).toBe(401);
  });

  it("are not asked for by health", async () => {
    const studio = await openStudio(keys);
    expect((await get(studio, "/api/public/health")).status).toBe(200);
  });

  it("let the public key alone create scores, and nothing else", async () => {
    const studio = await openStudio(keys);
    const bearer = { authorization: "Bearer pk-lf-1" };
    const score = JSON.stringify({ traceId: "t", name: "n", value: 1 });
    expect((await post(studio, "/api/public/scores", score, bearer)).status).toBe(200);
    const denied = {
      status: 403,
      json: { message: "Access denied - insufficient permissions for this endpoint" },
    };
    expect(await post(studio, OTLP_PATH, "{}", bearer)).toMatchObject(denied);
    expect(await get(studio, "/api/public/sessions", bearer)).toMatchObject(denied);
    expect((await get(studio, "/api/studio/sessions", bearer)).status).toBe(401);
  });

  it("hold the public key alone to score configurations, whatever its batch says of its scores", async () => {
    const studio = await openStudio(keys);
    const pair = basic("pk-lf-1:sk-lf-1");
    const config = JSON.stringify({ name: "n", dataType: "NUMERIC", maxValue: 1 });
    const made = await post(studio, "/api/public/score-configs", config, pair);
    const { id: configId } = made.json as { id: string }; // the contract of the route
    const body = { id: "s", traceId: "t", name: "n", value: 2, configId };
    const event = { id: "e", timestamp: "2025-11-22T10:20:00Z", type: "score-create", body };
    const batch = JSON.stringify({ batch: [event], metadata: MOVED_SCORES });
    const send = (headers: Readonly<Record<string, string>>) =>
      post(studio, "/api/public/ingestion", batch, headers);
    expect((await send({ authorization: "Bearer pk-lf-1" })).json).toMatchObject({
      successes: [],
      errors: [{ id: "e", status: 400 }],
    });
    expect((await send(pair)).json).toMatchObject({ successes: [{ id: "e" }], errors: [] });
  });

  it("must be given together", async () => {
    await expect(startStudio({ port: 0, db: ":memory:", publicKey: "pk" })).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
    });
  });

  it.each(["0.0.0.0", "192.168.1.5", "::"])("are required to listen on %s", async (host) => {
    await expect(startStudio({ port: 0, db: ":memory:", host })).rejects.toMatchObject({
      code: "STUDIO_HOST_NEEDS_KEYS",
      message: expect.stringContaining(host),
    });
  });
});

describe("the Host header", () => {
  it.each([
    ["localhost:7717", "127.0.0.1", true],
    ["LOCALHOST", "127.0.0.1", true],
    ["127.0.0.1:80", "127.0.0.1", true],
    ["127.8.8.8", "127.0.0.1", true],
    ["[::1]:7717", "127.0.0.1", true],
    ["evil.example", "127.0.0.1", false],
    ["localhost.evil.example", "127.0.0.1", false],
    ["127.0.0.1.evil.example", "127.0.0.1", false],
    ["192.168.1.5:7717", "127.0.0.1", false],
    ["a b", "127.0.0.1", false],
    [undefined, "127.0.0.1", false],
    ["192.168.1.5:7717", "192.168.1.5", true],
    ["studio.internal", "studio.internal", true],
    ["evil.example", "studio.internal", false],
    ["anything.example", "0.0.0.0", true],
  ])("%o on a studio at %s: %o", (header, host, expected) => {
    expect(isExpectedHost(header, host)).toBe(expected);
  });

  it("of a foreign name is answered 403, which says what was expected", async () => {
    const studio = await openStudio();
    for (const path of ["/", "/api/studio/sessions", "/api/public/health"]) {
      const answer = await rawRequest(studio, path, { host: "evil.example" });
      expect(answer.status, path).toBe(403);
      expect(JSON.parse(answer.text).message).toContain('got "evil.example"');
    }
  });
});

describe("the Origin header", () => {
  it.each([
    [undefined, "localhost:7717", false],
    ["http://localhost:7717", "localhost:7717", false],
    ["http://localhost:7717", "LOCALHOST:7717", false],
    ["http://localhost:3000", "localhost:7717", true],
    ["https://evil.example", "localhost:7717", true],
    ["null", "localhost:7717", true],
  ])("%o at %s is foreign: %o", (origin, host, expected) => {
    expect(isForeignOrigin(origin, host)).toBe(expected);
  });

  it("of another site refuses what would change something", async () => {
    const studio = await openStudio();
    const origin = { origin: "https://evil.example" };
    expect((await post(studio, OTLP_PATH, "{}", origin)).status).toBe(403);
    expect((await post(studio, "/api/studio/sessions", "{}", origin)).status).toBe(403);
    expect((await post(studio, OTLP_PATH, "{}", { origin: studio.url })).status).toBe(200);
  });

  it("gets no permission to read from another site", async () => {
    const studio = await openStudio();
    const answer = await get(studio, "/api/studio/sessions", { origin: "https://evil.example" });
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("a request of another site that only reads", () => {
  const sender = {
    origin: undefined,
    host: "localhost:7717",
    mode: "no-cors",
    destination: "image",
  };

  it.each([
    [undefined, "no-cors", "image", false],
    ["same-origin", "cors", "empty", false],
    ["none", "navigate", "document", false],
    ["cross-site", "navigate", "document", false],
    ["cross-site", "no-cors", "image", true],
    ["same-site", "cors", "empty", true],
    ["cross-site", "navigate", "iframe", true],
  ])("Sec-Fetch-Site %o, mode %s, for %s is refused: %o", (site, mode, destination, expected) => {
    expect(isForeignFetch({ ...sender, site, mode, destination })).toBe(expected);
  });

  it("is answered 403 on a studio that is open on loopback", async () => {
    const studio = await openStudio();
    const headers = { "sec-fetch-site": "cross-site", "sec-fetch-dest": "script" };
    const answer = await rawRequest(studio, "/api/studio/sessions", {
      host: "localhost",
      "sec-fetch-mode": "no-cors",
      ...headers,
    });
    expect(answer.status).toBe(403);
  });

  it.each([
    ["http://localhost:7717", undefined, true],
    ["http://localhost:7717", "same-origin", true],
    ["http://localhost:3000", "same-site", false],
    ["null", "same-origin", false],
    [undefined, "same-origin", true],
    [undefined, "same-site", false],
    [undefined, undefined, false],
  ])("Origin %o with Sec-Fetch-Site %o is the studio's own page: %o", (origin, site, expected) => {
    expect(isOwnPage({ ...sender, origin, site })).toBe(expected);
  });
});

describe("every answer", () => {
  it.each(["/api/studio/sessions", "/api/public/health", "/nope", "/v1/traces"])(
    "at %s says that it is data, for this origin, not to be kept",
    async (path) => {
      const studio = await openStudio();
      const { headers } = await get(studio, path);
      const expected = {
        "content-type": "application/json",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
      };
      for (const [name, value] of Object.entries(expected)) {
        expect(headers.get(name), name).toBe(value);
      }
    },
  );
});

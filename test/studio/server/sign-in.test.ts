import { describe, expect, it } from "vitest";
import type { Studio } from "../../../src/studio/server";
import { createFailures } from "../../../src/studio/server/failures";
import {
  FAILURE_WINDOW_MS,
  MAX_COUNTED_ADDRESSES,
  MAX_FAILURES,
  MAX_SIGN_INS,
  SIGN_IN_LIFETIME_MS,
} from "../../../src/studio/server/limits";
import { createSignIns } from "../../../src/studio/server/sign-ins";
import { type Answer, get, OTLP_PATH, openStudio, post } from "./running-studio";

const KEYS = { publicKey: "pk-lf-1", secretKey: "sk-lf-1" };
const FORM = { "content-type": "application/x-www-form-urlencoded" };

async function submit(
  studio: Studio,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(`${studio.url}/sign-in`, {
    method: "POST",
    body: new URLSearchParams(fields).toString(),
    headers: { ...FORM, ...headers },
    redirect: "manual",
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: undefined };
}

/** As the browser sends it back. */
async function signIn(studio: Studio): Promise<{ cookie: string }> {
  const answer = await submit(studio, { secretKey: KEYS.secretKey });
  expect(answer.status).toBe(303);
  const [cookie = ""] = (answer.headers.get("set-cookie") ?? "").split(";");
  return { cookie };
}

describe("signing in", () => {
  it("with the secret key sets a cookie no script can read, and leads on", async () => {
    const studio = await openStudio(KEYS);
    const next = "/sessions/a%2Fb?t=5";
    const answer = await submit(studio, { secretKey: " sk-lf-1\n", next });
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe(next);
    expect(answer.headers.get("set-cookie")).toMatch(
      /^playhead_[0-9a-f]{12}=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/,
    );
  });

  it("behind TLS sets a cookie for TLS alone", async () => {
    const studio = await openStudio(KEYS);
    const headers = { "x-forwarded-proto": "https" };
    const answer = await submit(studio, { secretKey: KEYS.secretKey }, headers);
    expect(answer.headers.get("set-cookie")).toContain("; Secure");
  });

  it("opens page, API, live events and media", async () => {
    const studio = await openStudio(KEYS);
    const reader = await signIn(studio);
    expect((await get(studio, "/sessions", reader)).text).toContain(" data-signed-in>");
    expect((await get(studio, "/api/studio/sessions", reader)).status).toBe(200);
    expect((await get(studio, "/api/public/media/none", reader)).status).toBe(404);
    const events = await fetch(`${studio.url}/api/studio/events`, { headers: reader });
    expect(events.status).toBe(200);
    await events.body?.cancel();
  });

  it.each([
    ["a wrong key", { secretKey: "nope" }, "That is not the secret key of this studio."],
    ["no key", {}, "That is not the secret key of this studio."],
    ["the public key", { secretKey: "pk-lf-1" }, "That is a public key."],
    [
      "another public key beside the secret one",
      { secretKey: "sk-lf-1", publicKey: "pk-lf-2" },
      "That is not the secret key of this studio.",
    ],
  ])("with %s shows the form again, saying so", async (_case, fields, problem) => {
    const studio = await openStudio(KEYS);
    const answer = await submit(studio, { ...fields, next: "/traces" });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("set-cookie")).toBeNull();
    expect(answer.text).toContain(problem);
    expect(answer.text).toContain('name="next" value="/traces"');
    expect(answer.text).not.toContain("nope");
  });

  it.each([
    "https://elsewhere.invalid/",
    "//elsewhere.invalid",
    "/\\elsewhere.invalid",
    "/\t/elsewhere.invalid",
    "/a/..//elsewhere.invalid",
    "javascript:alert(1)",
    "sessions",
    "/sign-in",
    "",
  ])("asked to go on to %j leads to the start instead", async (next) => {
    const studio = await openStudio(KEYS);
    const answer = await submit(studio, { secretKey: KEYS.secretKey, next });
    expect(answer.headers.get("location")).toBe("/");
  });

  it("shows what it is asked to go on to as text", async () => {
    const studio = await openStudio(KEYS);
    const next = `/"><script>alert(1)</script>`;
    for (const asked of ["", "&asked=1"]) {
      const { text } = await get(studio, `/sign-in?next=${encodeURIComponent(next)}${asked}`);
      expect(text).not.toContain("<script");
      expect(text).not.toContain('"">');
    }
  });

  it("is a page without script, under a policy that lets the form go nowhere else", async () => {
    const studio = await openStudio(KEYS);
    const { headers, text } = await get(studio, "/sign-in?asked=1");
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; " +
        "frame-ancestors 'none'",
    );
    expect(headers.get("cache-control")).toBe("no-store");
    expect(text).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=/);
    expect(text).toContain('<form method="post" action="/sign-in">');
  });

  it("takes one step of its own first, since links of other sites come without the cookie", async () => {
    const studio = await openStudio(KEYS);
    const step = await get(studio, "/sign-in?next=%2Fsessions%2Fs");
    expect(step.text).toContain(
      '<meta http-equiv="refresh" content="0;url=/sign-in?next=%2Fsessions%2Fs&#38;asked=1">',
    );
    const reader = await signIn(studio);
    const after = await get(studio, "/sign-in?next=%2Fsessions%2Fs&asked=1", reader);
    expect(after.status).toBe(303);
    expect(after.headers.get("location")).toBe("/sessions/s");
  });

  it("is refused from the page of another site", async () => {
    const studio = await openStudio(KEYS);
    for (const origin of ["https://evil.example", "null"]) {
      expect((await submit(studio, { secretKey: KEYS.secretKey }, { origin })).status).toBe(403);
    }
  });

  it("is not there on a studio without keys", async () => {
    const studio = await openStudio();
    expect((await get(studio, "/sign-in")).status).toBe(404);
    expect((await post(studio, "/sign-out", "")).status).toBe(404);
  });

  it("takes a form of a sane size only", async () => {
    const studio = await openStudio(KEYS);
    expect((await submit(studio, { secretKey: "x".repeat(20_000) })).status).toBe(413);
  });

  it(`is refused for a while after ${MAX_FAILURES} wrong keys, even with the right one`, async () => {
    const studio = await openStudio(KEYS);
    for (let count = 0; count < MAX_FAILURES; count += 1) {
      expect((await submit(studio, { secretKey: `guess ${count}` })).status).toBe(401);
    }
    const answer = await submit(studio, { secretKey: KEYS.secretKey });
    expect(answer.status).toBe(429);
    expect(answer.headers.get("retry-after")).toBe("300");
    expect(answer.headers.get("set-cookie")).toBeNull();
    expect(answer.text).toContain("Try again in 5 minutes.");
    // Programs with the right keys are not concerned.
    const authorization = `Basic ${Buffer.from("pk-lf-1:sk-lf-1").toString("base64")}`;
    expect((await get(studio, "/api/public/projects", { authorization })).status).toBe(200);
  });
});

describe("the cookie of a reader", () => {
  const score = JSON.stringify({ traceId: "t", name: "n", value: 1 });

  it.each([
    ["the studio's own origin", (studio: Studio) => ({ origin: studio.url }), 200],
    ["the browser's word for it", () => ({ "sec-fetch-site": "same-origin" }), 200],
    ["nothing that says who sends it", () => ({}), 401],
    ["another origin", () => ({ origin: "http://localhost:1" }), 403],
    ["the browser's word for another site", () => ({ "sec-fetch-site": "same-site" }), 403],
  ])("writes, with %s: %o", async (_case, headersFor, status) => {
    const studio = await openStudio(KEYS);
    const headers = { ...(await signIn(studio)), ...headersFor(studio) };
    expect((await post(studio, "/api/public/scores", score, headers)).status).toBe(status);
  });

  it("does not stand in the way of keys in the same request", async () => {
    const studio = await openStudio(KEYS);
    const authorization = `Basic ${Buffer.from("pk-lf-1:sk-lf-1").toString("base64")}`;
    const headers = { ...(await signIn(studio)), authorization };
    expect((await post(studio, OTLP_PATH, "{}", headers)).status).toBe(200);
  });

  it("is worth nothing when it is made up, of another studio, or signed out", async () => {
    const studio = await openStudio(KEYS);
    const other = await openStudio(KEYS);
    const reader = await signIn(studio);
    const [name = ""] = reader.cookie.split("=");
    for (const cookie of [`${name}=${"A".repeat(43)}`, `${name}=`, "x=y", name]) {
      expect((await get(studio, "/api/studio/sessions", { cookie })).status).toBe(401);
    }
    expect((await get(other, "/api/studio/sessions", reader)).status).toBe(401);
    expect((await get(studio, "/api/studio/sessions", reader)).status).toBe(200);

    const out = await post(studio, "/sign-out", "", { ...reader, origin: studio.url });
    expect(out.status).toBe(200);
    expect(out.headers.get("set-cookie")).toMatch(/=; Max-Age=0; Path=\//);
    expect((await get(studio, "/api/studio/sessions", reader)).status).toBe(401);
  });

  it("is not signed out by another site", async () => {
    const studio = await openStudio(KEYS);
    const reader = await signIn(studio);
    expect((await post(studio, "/sign-out", "", reader)).status).toBe(401);
    expect((await get(studio, "/api/studio/sessions", reader)).status).toBe(200);
  });

  it("is replaced at the next sign-in, and the one before ends", async () => {
    const studio = await openStudio(KEYS);
    const before = await signIn(studio);
    expect((await submit(studio, { secretKey: KEYS.secretKey }, before)).status).toBe(303);
    expect((await get(studio, "/api/studio/sessions", before)).status).toBe(401);
  });

  it("ends the live events of its reader when it is signed out", async () => {
    const studio = await openStudio(KEYS);
    const reader = await signIn(studio);
    const events = await fetch(`${studio.url}/api/studio/events`, { headers: reader });
    await post(studio, "/sign-out", "", { ...reader, origin: studio.url });
    expect(await events.text()).toMatch(/^retry: 1000\nid: \S+\n\n$/);
  });

  it("has another name for other keys: two studios on one machine share the browser's cookies", async () => {
    const first = await signIn(await openStudio(KEYS));
    const second = await submit(await openStudio({ ...KEYS, publicKey: "pk-lf-2" }), {
      secretKey: KEYS.secretKey,
    });
    const [name = ""] = first.cookie.split("=");
    expect(second.headers.get("set-cookie")).not.toContain(name);
  });
});

describe("createSignIns", () => {
  it("forgets a reader after seven days", () => {
    let nowMs = 0;
    const signIns = createSignIns(() => nowMs);
    const token = signIns.open();
    nowMs = SIGN_IN_LIFETIME_MS - 1;
    expect(signIns.isOpen(token)).toBe(true);
    nowMs += 1;
    expect(signIns.isOpen(token)).toBe(false);
    nowMs = 0;
    expect(signIns.isOpen(token)).toBe(false);
  });

  it("signs the oldest reader out when there are too many", () => {
    const signIns = createSignIns(() => 0);
    const tokens = Array.from({ length: MAX_SIGN_INS + 1 }, () => signIns.open());
    expect(new Set(tokens).size).toBe(MAX_SIGN_INS + 1);
    expect(tokens.map(signIns.isOpen)).toEqual([false, ...Array(MAX_SIGN_INS).fill(true)]);
  });
});

describe("createFailures", () => {
  function failing(address: string, count: number) {
    let nowMs = 0;
    const failures = createFailures(() => nowMs);
    for (let index = 0; index < count; index += 1) failures.add(address);
    const setNow = (ms: number): void => {
      nowMs = ms;
    };
    return { failures, setNow };
  }

  it("lets an address try again when its time is over, counted from the first failure", () => {
    const { failures, setNow } = failing("10.0.0.1", MAX_FAILURES);
    setNow(1_000);
    expect(failures.waitMs("10.0.0.1")).toBe(FAILURE_WINDOW_MS - 1_000);
    expect(failures.waitMs("10.0.0.2")).toBe(0);
    setNow(FAILURE_WINDOW_MS);
    expect(failures.waitMs("10.0.0.1")).toBe(0);
    failures.add("10.0.0.1");
    expect(failures.waitMs("10.0.0.1")).toBe(0);
  });

  it("begins anew after the right key", () => {
    const { failures } = failing("10.0.0.1", MAX_FAILURES - 1);
    failures.forget("10.0.0.1");
    failures.add("10.0.0.1");
    expect(failures.waitMs("10.0.0.1")).toBe(0);
  });

  it.each([
    ["2001:db8:1:2::1", "2001:db8:1:2:3:4:5:6", true],
    ["2001:db8:1:2::1", "2001:db8:1:3::1", false],
    ["2001:db8::1", "2001:db8:0:0:ffff::1", true],
    ["::1", "::2", true],
    ["::ffff:10.0.0.1", "::ffff:10.0.0.2", false],
  ])("counts %s and %s as one: %o", (first, second, expected) => {
    const { failures } = failing(first, MAX_FAILURES);
    expect(failures.waitMs(second) > 0).toBe(expected);
  });

  it("holds no more addresses than its bound, and counts the rest together", () => {
    const failures = createFailures(() => 0);
    const addressOf = (index: number) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
    for (let index = 0; index < MAX_COUNTED_ADDRESSES; index += 1) failures.add(addressOf(index));
    for (let index = 0; index < MAX_FAILURES; index += 1) {
      failures.add(addressOf(MAX_COUNTED_ADDRESSES + index));
    }
    expect(failures.waitMs("192.0.2.1")).toBe(FAILURE_WINDOW_MS);
    expect(failures.waitMs(addressOf(0))).toBe(0);
  });
});

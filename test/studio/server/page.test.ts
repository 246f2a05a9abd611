import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { get, openStudio } from "./running-studio";

let pageDir: string;
beforeEach(async () => {
  pageDir = await mkdtemp(join(tmpdir(), "playhead-page-"));
});
afterEach(() => rm(pageDir, { recursive: true }));

describe("the page", () => {
  it.each([
    "/",
    "/sessions",
    "/sessions/a%2Fb",
    "/traces",
    "/traces/t",
    "/session?id=..",
    "/trace?id=.",
    "/project/playhead/sessions/s",
  ])("opens at %s under a strict policy", async (path) => {
    const studio = await openStudio({ pageDir });
    const answer = await get(studio, path);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('<html lang="en">');
    expect(answer.text).toContain("<title>Playhead studio</title>");
    expect(answer.text).toMatch(/<body data-last-event-id="[0-9a-f]+-0">\s*<div id="app"><\/div>/);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
        "media-src 'self' data:; " +
        "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
  });

  it("holds no inline script or style, which its policy would block", async () => {
    const studio = await openStudio({ pageDir });
    const { text } = await get(studio, "/");
    expect(text).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+=/);
  });

  it("gets its assets as they are at the time of the request, or 304 for the same", async () => {
    const studio = await openStudio({ pageDir });
    await writeFile(join(pageDir, "app.js"), "one()");
    const first = await get(studio, "/assets/app.js");
    expect(first).toMatchObject({ status: 200, text: "one()" });
    expect(first.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    const etag = { "if-none-match": first.headers.get("etag") ?? "" };
    expect(await get(studio, "/assets/app.js", etag)).toMatchObject({ status: 304, text: "" });

    await writeFile(join(pageDir, "app.js"), "two()");
    expect(await get(studio, "/assets/app.js", etag)).toMatchObject({ status: 200, text: "two()" });
  });

  it("says what to do when it is not built", async () => {
    const studio = await openStudio({ pageDir });
    const answer = await get(studio, "/assets/app.css");
    expect(answer.status).toBe(404);
    expect(answer.text).toContain("npm run build");
  });

  it("hands out no other file of its folder or above it", async () => {
    const studio = await openStudio({ pageDir });
    await writeFile(join(pageDir, "secret.txt"), "secret");
    for (const path of [
      "/assets/secret.txt",
      "/assets/..%2Fpackage.json",
      "/assets/%2e%2e/app.js",
    ]) {
      expect((await get(studio, path)).status, path).toBe(404);
    }
  });

  it("brings its icon along, which would be asked for at each change of the address", async () => {
    const studio = await openStudio({ pageDir });
    const icon = await get(studio, "/favicon.svg");
    const [, brought = ""] =
      /<link rel="icon" href="data:image\/svg\+xml,([^"]+)"/.exec((await get(studio, "/")).text) ??
      [];
    expect(decodeURIComponent(brought)).toBe(icon.text);
  });

  it("has an icon for those who ask", async () => {
    const studio = await openStudio({ pageDir });
    expect((await get(studio, "/favicon.svg")).headers.get("content-type")).toBe("image/svg+xml");
    const old = await get(studio, "/favicon.ico");
    expect(old.status).toBe(308);
    expect(old.headers.get("location")).toBe("/favicon.svg");
  });
});

it.each(["/nope", "/api/nope", "/api/public/nope", "/api/studio/nope"])(
  "answers JSON to the unknown route %s",
  async (path) => {
    const studio = await openStudio({ pageDir });
    expect(await get(studio, path)).toMatchObject({
      status: 404,
      json: { message: `No route for GET ${path}` },
    });
  },
);

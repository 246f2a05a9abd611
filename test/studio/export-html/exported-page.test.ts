import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { accessibilityViolations } from "../../support/accessibility";
import { launchBrowser } from "../../support/browser";
import { CHAT, sendTurns } from "../page/replay-sessions";
import { HOSTILE_TEXTS, otlpWith, scoreWith } from "../safety/hostile-content";
import { touchEverything } from "../safety/touch-everything";
import { get, OTLP_PATH, openStudio, post } from "../server/running-studio";
import { mediaOf } from "../store/media";

/** One pixel. */
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launchBrowser();
  folder = await mkdtemp(join(tmpdir(), "playhead-html-"));
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

interface Studio {
  readonly url: string;
}

async function exportHtml(studio: Studio, id: string): Promise<string> {
  const path = `/api/studio/session-export?id=${encodeURIComponent(id)}&format=html`;
  const answer = await get(studio, path);
  expect(answer.status, answer.text.slice(0, 200)).toBe(200);
  return answer.text;
}

interface OfflinePage {
  readonly page: Page;
  /** All that it asked for, its own file aside, and all that the browser complained about. */
  readonly complaints: readonly string[];
}

/** Opens a text as a file of this machine, in a browser without a network. */
async function openOffline(
  html: string,
  view: { width: number; height: number; colorScheme: "light" | "dark" } = {
    width: 1440,
    height: 900,
    colorScheme: "light",
  },
): Promise<OfflinePage> {
  const path = join(folder, `${Math.random().toString(36).slice(2)}.html`);
  await writeFile(path, html);
  const { width, height, colorScheme } = view;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    offline: true,
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const own = pathToFileURL(path).href;
  const complaints: string[] = [];
  context.on("request", (request) => {
    const isOwn = request.url() === own || request.url().startsWith("data:");
    if (!isOwn) complaints.push(`request to ${request.url()}`);
  });
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(own);
  await page.getByTestId("turn").first().waitFor();
  return { page, complaints };
}

/** Announces a picture and uploads it. @returns what refers to it */
async function uploadPicture(studio: Studio, traceId: string): Promise<string> {
  const { id, hash } = mediaOf(PICTURE);
  const announced = await post(
    studio,
    "/api/public/media",
    JSON.stringify({
      contentType: "image/png",
      contentLength: PICTURE.length,
      sha256Hash: hash,
      traceId,
      field: "input",
    }),
  );
  const { uploadUrl } = announced.json as { uploadUrl: string }; // the answer of the route
  expect((await fetch(uploadUrl, { method: "PUT", body: PICTURE })).status).toBe(200);
  return `@@@langfuseMedia:type=image/png|id=${id}|source=bytes@@@`;
}

it("plays a session to its end from a file, without a network", async () => {
  const studio = await openStudio();
  const picture = await uploadPicture(studio, "chat-2");
  const turns = CHAT.map((turn) =>
    turn.traceId === "chat-2" ? { ...turn, input: `Book me this one: ${picture}` } : turn,
  );
  await sendTurns(studio.url, turns);
  const html = await exportHtml(studio, "chat");
  await studio.close();

  const { page, complaints } = await openOffline(html);
  expect(await page.getByTestId("turn").count()).toBe(3);
  expect(await page.getByTestId("player-time").textContent()).toBe("1:13.0 / 1:13.0");
  await page.getByTestId("player-speed").selectOption("16");
  await page.keyboard.press("Space");
  await page.locator('[data-testid="player"][data-playing]').waitFor();
  expect(await page.getByTestId("turn").count()).toBeLessThan(3);
  await page.locator('[data-testid="player"]:not([data-playing])').waitFor();
  expect(await page.getByTestId("player-time").textContent()).toBe("1:13.0 / 1:13.0");
  const shown = await page.getByTestId("turn").allTextContents();
  for (const [index, turn] of CHAT.entries()) expect(shown[index]).toContain(turn.output);
  await page.locator('[data-testid="media"] img').waitFor();
  const width = "document.querySelector('[data-testid=media] img').naturalWidth";
  expect(await page.evaluate(width)).toBe(1);
  expect(complaints).toEqual([]);
});

it("shows steps, figures and failures, and leads nowhere else", async () => {
  const studio = await openStudio();
  await sendTurns(studio.url, CHAT);
  const { page, complaints } = await openOffline(await exportHtml(studio, "chat"));
  await page.getByTestId("turn-toggle").nth(1).click();
  await page.getByText("sold out").first().waitFor();
  expect(await page.getByTestId("exported").textContent()).toBe("Exported session");
  expect(await page.locator("#app a:not(.skip-link)").count()).toBe(0);
  expect(await page.getByTestId("live-state").count()).toBe(0);
  const before = page.url();
  for (const key of ["s", "Escape", "Escape"]) await page.keyboard.press(key);
  expect(page.url()).toBe(before);
  expect(await page.getByTestId("turn").count()).toBe(3);
  expect(complaints).toEqual([]);
});

it.each([
  { width: 1440, height: 900, colorScheme: "light" },
  { width: 390, height: 844, colorScheme: "dark" },
] as const)("can be read by everyone at $width pixels, $colorScheme", async (view) => {
  const studio = await openStudio();
  await sendTurns(studio.url, CHAT);
  const { page } = await openOffline(await exportHtml(studio, "chat"), view);
  expect(await accessibilityViolations(page)).toEqual([]);
});

it("keeps hostile content text, in every field", async () => {
  const studio = await openStudio();
  const texts = [
    ...HOSTILE_TEXTS,
    { name: "the end of the data", text: "</script ><script>alert(1)</script><!--<script>" },
  ];
  for (const [index, { text }] of texts.entries()) {
    const ids = { traceId: `t${index}`, sessionId: "s" };
    await post(studio, OTLP_PATH, otlpWith(text, ids));
    await post(studio, "/api/public/scores", scoreWith(text, ids));
  }
  const html = await exportHtml(studio, "s");
  expect(html.match(/<\/script/gi)).toHaveLength(2);
  expect(html.match(/<script/gi)).toHaveLength(2);
  const { page, complaints } = await openOffline(html);
  const touched = await touchEverything(page);
  expect(touched.markup).toEqual([]);
  expect(touched.names.length).toBeGreaterThan(10);
  // Pictures of elsewhere are refused before they are asked for.
  expect(complaints.filter((one) => !one.includes("Content Security Policy"))).toEqual([]);
  expect(await page.evaluate("document.querySelectorAll('script').length")).toBe(2);
});

it("hides what its presets find, in every field, and still plays", async () => {
  const studio = await openStudio();
  const text = "write to ada@example.com, or call +44 20 7946 0958";
  const sessionId = "ada@example.com 1";
  const ids = { traceId: "t of ada@example.com", sessionId };
  const long = `${"x".repeat(190)} ada@example.com`;
  await post(studio, OTLP_PATH, otlpWith(text, ids));
  await post(studio, OTLP_PATH, otlpWith(long, { traceId: "later", sessionId }));
  await post(studio, "/api/public/scores", scoreWith(text, ids));
  const path = `/api/studio/session-export?id=${encodeURIComponent(sessionId)}&format=html`;
  const all = await get(studio, path);
  expect(all.text).toContain("ada@example.com");
  const { text: html, headers } = await get(studio, `${path}&redact=email`);
  expect(html.match(/.{0,60}(ada@|exampl[^e]|example\.com).{0,20}/)?.[0]).toBeUndefined();
  expect(html).toContain("+44 20 7946 0958");
  expect(headers.get("content-disposition")).not.toContain("ada");
  const { page, complaints } = await openOffline(html);
  expect(await page.getByTestId("turn").count()).toBe(2);
  expect(complaints).toEqual([]);
  const asJson = path.replace("html", "json");
  expect((await get(studio, `${asJson}&redact=email`)).status).toBe(400);
  expect((await get(studio, `${path}&redact=names`)).status).toBe(400);
});

it("is one file with a strict policy, and the page in it is below 500 KB", async () => {
  const studio = await openStudio();
  await sendTurns(studio.url, CHAT);
  const html = await exportHtml(studio, "chat");
  const data = html.indexOf('<script type="application/json"');
  const script = html.indexOf('<script type="module">');
  const pageBytes = Buffer.byteLength(html.slice(0, data) + html.slice(script));
  expect(pageBytes).toBeLessThan(500_000);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1];
  const hash = (text: string | undefined): string =>
    `'sha256-${createHash("sha256")
      .update(text ?? "")
      .digest("base64")}'`;
  const inlined = /<script type="module">([\s\S]*)<\/script>/.exec(html)?.[1];
  const style = /<style>([\s\S]*)<\/style>/.exec(html)?.[1];
  expect(policy?.split("; ")).toEqual([
    "default-src 'none'",
    `script-src ${hash(inlined)}`,
    `style-src ${hash(style)}`,
    "img-src data:",
    "media-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(style).toBe(
    await readFile(new URL("../../../dist/page/app.css", import.meta.url), "utf8"),
  );
});

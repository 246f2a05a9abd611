import { createHash } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Studio, startStudio } from "../../src/studio/server/index";
import { launchBrowser } from "../support/browser";

/** One pixel. */
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const PICTURE_URI = `data:image/png;base64,${PICTURE.toString("base64")}`;

let browser: Browser;
let studio: Studio;
let page: Page;
/** What the browser complained about: errors of the script, refusals by the content security policy. */
let complaints: string[];

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
});

beforeEach(async () => {
  studio = await startStudio({ port: 0, db: ":memory:" });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  return async () => {
    await context.close();
    await studio.close();
  };
});

/** A second of silence, 8,000 samples of one byte. */
function sound(): Buffer {
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + 8_000, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8_000, 24);
  header.writeUInt32LE(8_000, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write("data", 36);
  header.writeUInt32LE(8_000, 40);
  return Buffer.concat([header, Buffer.alloc(8_000, 128)]);
}

/** @returns the reference tag */
async function upload(bytes: Buffer, contentType: string): Promise<string> {
  const digest = createHash("sha256").update(bytes).digest();
  const announced = await fetch(`${studio.url}/api/public/media`, {
    method: "POST",
    body: JSON.stringify({
      contentType,
      contentLength: bytes.length,
      sha256Hash: digest.toString("base64"),
      traceId: "t",
      field: "input",
    }),
  });
  const { uploadUrl } = JSON.parse(await announced.text());
  const put = await fetch(uploadUrl, { method: "PUT", body: new Uint8Array(bytes) });
  expect(put.status).toBe(200);
  return tagOf(digest, contentType);
}

function tagOf(digest: Buffer, contentType: string): string {
  const id = digest.toString("base64url").slice(0, 22);
  return `@@@langfuseMedia:type=${contentType}|id=${id}|source=bytes@@@`;
}

async function openTurn(input: string, output: string): Promise<void> {
  const startMs = Date.now() - 1_000;
  const attributes = {
    "session.id": "media",
    "langfuse.observation.input": input,
    "langfuse.observation.output": output,
  };
  const span = {
    traceId: "t",
    spanId: "o",
    name: "describe",
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${startMs + 800}000000`,
    attributes: Object.entries(attributes).map(([key, stringValue]) => ({
      key,
      value: { stringValue },
    })),
  };
  const response = await fetch(`${studio.url}/api/public/otel/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
  expect(response.status).toBe(200);
  await page.goto(`${studio.url}/sessions/media`);
  await page.getByTestId("turn").waitFor();
}

/** Resolves when the browser has decoded the picture. */
async function pictureWidth(testId: string): Promise<number> {
  await page.getByTestId(testId).locator("img").waitFor();
  return page.evaluate(`(() => {
    const image = document.querySelector('[data-testid="${testId}"] img');
    return image.decode().then(() => image.naturalWidth);
  })()`);
}

describe("the page", () => {
  it("shows an uploaded picture beside the words of its message", async () => {
    const url = await upload(PICTURE, "image/png");
    const content = [
      { type: "text", text: "What is this?" },
      { type: "image_url", image_url: { url } },
    ];
    await openTurn(JSON.stringify([{ role: "user", content }]), "A pixel.");
    expect(await pictureWidth("turn-user")).toBe(1);
    await page.getByTestId("turn-user").getByText("What is this?").waitFor();
    expect(complaints).toEqual([]);
  });

  it("shows a picture that stands inline, also after a failed upload", async () => {
    await openTurn(PICTURE_URI, `[media upload failed: HTTP 500] ${PICTURE_URI}`);
    expect(await pictureWidth("turn-user")).toBe(1);
    expect(await pictureWidth("turn-assistant")).toBe(1);
    await page.getByTestId("turn-assistant").getByText("[media upload failed: HTTP 500]").waitFor();
    expect(complaints).toEqual([]);
  });

  it("plays an uploaded recording", async () => {
    await openTurn("Say nothing.", await upload(sound(), "audio/wav"));
    await page.getByTestId("turn-assistant").locator("audio").waitFor();
    const seconds = await page.evaluate(`new Promise((resolve) => {
      const player = document.querySelector("audio");
      const tell = () => resolve(player.duration);
      if (player.duration > 0) tell();
      else player.onloadedmetadata = tell;
    })`);
    expect(seconds).toBe(1);
    expect(complaints).toEqual([]);
  });

  it("shows a picture where the JSON of an input holds it", async () => {
    await openTurn(JSON.stringify({ shots: [await upload(PICTURE, "image/png")] }), "");
    expect(await pictureWidth("turn-user")).toBe(1);
    expect(complaints).toEqual([]);
  });

  it("names a picture that is not in this studio", async () => {
    await openTurn(tagOf(Buffer.alloc(32), "image/png"), "Gone.");
    await page.getByTestId("turn-user").getByText("image/png (cannot be shown)").waitFor();
  });

  it("runs nothing of an uploaded document, and opens none", async () => {
    const script = Buffer.from("<script>window.wasRun = true</script>");
    const tags = [await upload(script, "text/html"), PICTURE_URI.replace("png", "svg+xml")];
    await openTurn(`${tags[0]} <img src=x onerror="window.wasRun = true">`, tags[1] ?? "");
    const link = page.getByTestId("turn-user").getByRole("link", { name: "Download" });
    expect(await link.getAttribute("download")).toBe("");
    const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
    await download.cancel();
    expect(await page.locator("img, iframe, embed, object").count()).toBe(0);
    expect(await page.evaluate("window.wasRun")).toBeUndefined();
    expect(complaints).toEqual([]);
  });
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Studio, startStudio } from "../../../src/studio/server";
import { launchBrowser } from "../../support/browser";
import { OTLP_PATH, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";

let browser: Browser;
let context: BrowserContext;
let folder: string;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-live-"));
  context = await browser.newContext();
  return async () => {
    await context.close();
    await rm(folder, { recursive: true });
  };
});

async function sendSession(studio: Studio, id: string): Promise<void> {
  const attributes = { "session.id": id };
  expect((await post(studio, OTLP_PATH, otlpJson({ traceId: id, attributes }))).status).toBe(200);
}

const stateOf = (page: Page, state: string) =>
  page.locator(`[data-testid="live-state"][data-state="${state}"]`).waitFor();
const rowOf = (page: Page, id: string) =>
  page.getByTestId("session-row").filter({ hasText: id }).first().waitFor();

describe("the page", () => {
  it("says that it reconnects when the studio is gone, and shows what came since when it is back", async () => {
    const db = join(folder, "studio.db");
    const first = await startStudio({ port: 0, db });
    await sendSession(first, "before-the-restart");
    const page = await context.newPage();
    await page.goto(first.url);
    await rowOf(page, "before-the-restart");
    await stateOf(page, "live");
    await page.evaluate("window.isSamePage = true");
    await first.close();
    await stateOf(page, "lost");
    expect(await page.getByRole("status").filter({ hasText: "Reconnecting" }).count()).toBe(1);

    await using second = await startStudio({ port: first.port, db });
    await sendSession(second, "after-the-restart");
    await rowOf(page, "after-the-restart");
    await stateOf(page, "live");
    await sendSession(second, "live-again");
    await rowOf(page, "live-again");
    expect(await page.evaluate("window.isSamePage")).toBe(true);
  });

  it("is live in more tabs than a browser opens connections, also when the first one is closed", async () => {
    await using studio = await startStudio({ port: 0, db: ":memory:" });
    const tabs: Page[] = [];
    for (let index = 0; index < 9; index += 1) {
      const page = await context.newPage();
      await page.goto(studio.url);
      await stateOf(page, "live");
      tabs.push(page);
    }
    await sendSession(studio, "for-all-tabs");
    await Promise.all(tabs.map((page) => rowOf(page, "for-all-tabs")));
    const [listening, ...others] = tabs;
    await listening?.close();
    await sendSession(studio, "for-those-left");
    await Promise.all(others.map((page) => rowOf(page, "for-those-left")));
  });
});

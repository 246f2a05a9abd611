import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startStudio } from "../../../src/studio/server";
import { launchBrowser } from "../../support/browser";
import { createListBench } from "../page/list/list-page";
import { OTLP_PATH, post } from "../server/running-studio";
import {
  COMMENT,
  CORRECTION,
  close,
  draftNoteOf,
  fieldOf,
  keptInTab,
  open,
  openTrace,
  SHEETS,
  send,
  sendTurns,
  sheetOf,
  stored,
  turnJson,
} from "./sheets";

const bench = createListBench();

describe.each(SHEETS)("a draft of $name", (sheet) => {
  it("is there again after Escape and after the page was loaded anew, until it is sent", async () => {
    const page = await openTrace(bench);
    await open(page, sheet);
    expect(await draftNoteOf(page, sheet).count()).toBe(0);
    await fieldOf(page, sheet).fill("Half a sent");
    await close(page, sheet);
    await open(page, sheet);
    expect(await fieldOf(page, sheet).inputValue()).toBe("Half a sent");
    await page.reload();
    await open(page, sheet);
    expect(await fieldOf(page, sheet).inputValue()).toBe("Half a sent");
    await draftNoteOf(page, sheet).waitFor();
    await fieldOf(page, sheet).fill("A whole sentence");
    await send(page, sheet);
    await expect
      .poll(async () => JSON.stringify(await stored(bench.studio, sheet)))
      .toContain("A whole");
    await draftNoteOf(page, sheet).waitFor({ state: "detached" });
    expect(await keptInTab(page)).toBe(null);
  });

  it("is dropped on request, and when all of it is taken back", async () => {
    const page = await openTrace(bench);
    await open(page, sheet);
    await fieldOf(page, sheet).fill("Not this");
    await close(page, sheet);
    await open(page, sheet);
    await sheetOf(page, sheet)
      .getByRole("button", { name: /^Discard/ })
      .click();
    expect(await fieldOf(page, sheet).inputValue()).toBe(sheet.stored);
    expect(await sheetOf(page, sheet).locator(":focus").count()).toBe(1);
    expect(await keptInTab(page)).toBe(null);
    await fieldOf(page, sheet).fill("Nor this");
    await fieldOf(page, sheet).fill(sheet.stored);
    await close(page, sheet);
    await open(page, sheet);
    expect(await fieldOf(page, sheet).inputValue()).toBe(sheet.stored);
    expect(await draftNoteOf(page, sheet).count()).toBe(0);
  });

  it("is that of its subject alone", async () => {
    await sendTurns(bench.studio, "one", "two");
    const { page } = await bench.open("/traces/one");
    await open(page, sheet);
    await fieldOf(page, sheet).fill("About one");
    await page.goto(`${bench.studio.url}/traces/two`);
    await open(page, sheet);
    expect(await fieldOf(page, sheet).inputValue()).toBe(sheet.stored);
  });
});

it("keeps the latest drafts in the tab where they are too long together", async () => {
  await sendTurns(bench.studio, "one", "two");
  const { page } = await bench.open("/traces/one");
  for (const [id, letter] of [
    ["one", "x"],
    ["two", "y"],
  ] as const) {
    await page.goto(`${bench.studio.url}/traces/${id}`);
    await open(page, CORRECTION);
    await fieldOf(page, CORRECTION).fill(letter.repeat(600_000));
  }
  const kept = (await keptInTab(page)) ?? "";
  expect([kept.includes("xx"), kept.includes("y".repeat(600_000))]).toEqual([false, true]);
});

describe("a reader whose sign-in has ended", () => {
  const KEYS = { publicKey: "pk-lf-1", secretKey: "sk-lf-1" };
  const basic = Buffer.from("pk-lf-1:sk-lf-1").toString("base64");
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  async function signIn(page: Page): Promise<void> {
    await page.getByLabel("Secret key").fill(KEYS.secretKey);
    await page.getByRole("button", { name: "Sign in" }).click();
  }

  async function openSignedIn(): Promise<{ page: Page; context: BrowserContext }> {
    const studio = await startStudio({ port: 0, db: ":memory:", ...KEYS });
    onTestFinished(() => studio.close());
    const headers = { authorization: `Basic ${basic}` };
    expect((await post(studio, OTLP_PATH, turnJson("one"), headers)).status).toBe(200);
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(`${studio.url}/traces/one`);
    await signIn(page);
    return { page, context };
  }
  it("finds what was being sent after the next one", async () => {
    const { page } = await openSignedIn();
    await open(page, COMMENT);
    await fieldOf(page, COMMENT).fill("Long thought about");
    await page.context().clearCookies();
    // By key: a click may find that its button has gone with the page, and wait for another.
    await page.keyboard.press("ControlOrMeta+Enter");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await signIn(page);
    await open(page, COMMENT);
    expect(await fieldOf(page, COMMENT).inputValue()).toBe("Long thought about");
    await send(page, COMMENT);
    await sheetOf(page, COMMENT).getByTestId("comment").getByText("Long thought about").waitFor();
    expect(await keptInTab(page)).toBe(null);
  });

  it.each([
    ["at once", true],
    ["only by the answer to what is sent", false],
  ])(
    "finds nothing after having signed out in another tab, which the first one hears %s",
    async (...row) => {
      const [, isLive] = row;
      const { page, context } = await openSignedIn();
      if (!isLive) {
        await context.route("**/api/studio/events", (route) => route.abort());
        await page.reload();
      }
      await open(page, COMMENT);
      await fieldOf(page, COMMENT).fill("For nobody else");
      await page.evaluate(`document.dispatchEvent(new Event("visibilitychange"))`); // as the reader leaves
      const other = await context.newPage();
      await other.goto(page.url());
      await other.getByTestId("sign-out").click();
      await other.getByRole("heading", { name: "Sign in" }).waitFor();
      if (!isLive) {
        await page.keyboard.type("!");
        await page.keyboard.press("ControlOrMeta+Enter");
      }
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      await signIn(page);
      await open(page, COMMENT);
      expect(await fieldOf(page, COMMENT).inputValue()).toBe("");
      expect(await keptInTab(page)).toBe(null);
    },
  );

  it("finds nothing after having signed out", async () => {
    const { page } = await openSignedIn();
    await open(page, COMMENT);
    await fieldOf(page, COMMENT).fill("For nobody else");
    await close(page, COMMENT);
    await page.getByTestId("sign-out").click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.goto(new URL("/traces/one", page.url()).href);
    await signIn(page);
    await open(page, COMMENT);
    expect(await fieldOf(page, COMMENT).inputValue()).toBe("");
  });
});

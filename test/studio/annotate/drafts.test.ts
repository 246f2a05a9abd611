import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startStudio } from "../../../src/studio/server";
import { launchBrowser } from "../../support/browser";
import { createListBench } from "../page/list/list-page";
import { get, OTLP_PATH, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";

const bench = createListBench();

const turnJson = (traceId: string): string => {
  const attributes = {
    "session.id": "chat",
    "langfuse.observation.input": "When?",
    "langfuse.observation.output": "On Thursday.",
  };
  return otlpJson({ traceId, attributes });
};

/** Traces, and a configuration to score them by. */
async function sendTurns(...traceIds: readonly string[]): Promise<void> {
  for (const id of traceIds) {
    expect((await post(bench.studio, OTLP_PATH, turnJson(id))).status).toBe(200);
  }
  const config = JSON.stringify({ name: "helpful", dataType: "NUMERIC" });
  expect((await post(bench.studio, "/api/public/score-configs", config)).status).toBe(200);
}

async function stored(path: string): Promise<readonly unknown[]> {
  return ((await get(bench.studio, path)).json as { data: readonly unknown[] }).data; // its contract
}

interface Sheet {
  readonly name: string;
  readonly key: string;
  readonly testId: string;
  /** Of the field that a text is written in. */
  readonly field: string;
  readonly stored: string;
  readonly send: string;
  /** What of the sheet must be filled in beside. */
  readonly required?: readonly [field: string, text: string];
  readonly path: string;
}

const SHEETS: readonly Sheet[] = [
  {
    ...{ name: "a comment", key: "c", testId: "comments", field: "Comment, in Markdown" },
    ...{ stored: "", send: "Add the comment", path: "/api/public/comments" },
  },
  {
    ...{ name: "a score", key: "a", testId: "scores", field: "Comment on helpful", stored: "" },
    ...{ send: "Save helpful", required: ["helpful", "1"], path: "/api/public/v2/scores" },
  },
  {
    ...{ name: "a correction", key: "o", testId: "correct", field: "What it should have been" },
    ...{ stored: "On Thursday.", send: "Save the correction", path: "/api/public/v2/scores" },
  },
];

const sheetOf = (page: Page, { testId }: Sheet): Locator =>
  page.locator(`dialog:modal[data-testid="${testId}"]`);
const fieldOf = (page: Page, sheet: Sheet): Locator =>
  sheetOf(page, sheet).getByLabel(sheet.field, { exact: true });

/** Of a trace's page. */
async function open(page: Page, sheet: Sheet): Promise<void> {
  await page.getByRole("button", { name: "Correct", exact: true }).waitFor();
  await page.keyboard.press(sheet.key);
  await fieldOf(page, sheet).waitFor();
}

async function close(page: Page, sheet: Sheet): Promise<void> {
  await page.keyboard.press("Escape");
  await page.locator(`[data-testid="${sheet.testId}"] h2`).waitFor({ state: "detached" });
}

async function send(page: Page, sheet: Sheet): Promise<void> {
  const [field, text] = sheet.required ?? [];
  if (field !== undefined && text !== undefined) {
    await sheetOf(page, sheet).getByLabel(field, { exact: true }).fill(text);
  }
  await sheetOf(page, sheet).getByRole("button", { name: sheet.send }).click();
}

/** What of drafts is left in the tab when the page goes. */
const keptInTab = (page: Page): Promise<string | null> =>
  page.evaluate<string | null>(`{
    dispatchEvent(new PageTransitionEvent("pagehide"));
    sessionStorage.getItem("playhead.drafts");
  }`);

describe.each(SHEETS)("a draft of $name", (sheet) => {
  it("is there again after Escape and after the page was loaded anew, until it is sent", async () => {
    await sendTurns("one");
    const { page } = await bench.open("/traces/one");
    await open(page, sheet);
    expect(await sheetOf(page, sheet).getByTestId("draft-note").count()).toBe(0);
    await fieldOf(page, sheet).fill("Half a sent");
    await close(page, sheet);
    await open(page, sheet);
    expect(await fieldOf(page, sheet).inputValue()).toBe("Half a sent");
    await page.reload();
    await open(page, sheet);
    expect(await fieldOf(page, sheet).inputValue()).toBe("Half a sent");
    await sheetOf(page, sheet).getByTestId("draft-note").waitFor();
    await fieldOf(page, sheet).fill("A whole sentence");
    await send(page, sheet);
    await expect.poll(async () => JSON.stringify(await stored(sheet.path))).toContain("A whole");
    await sheetOf(page, sheet).getByTestId("draft-note").waitFor({ state: "detached" });
    expect(await keptInTab(page)).toBe(null);
  });

  it("is dropped on request, and when all of it is taken back", async () => {
    await sendTurns("one");
    const { page } = await bench.open("/traces/one");
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
    expect(await sheetOf(page, sheet).getByTestId("draft-note").count()).toBe(0);
  });

  it("is that of its subject alone", async () => {
    await sendTurns("one", "two");
    const { page } = await bench.open("/traces/one");
    await open(page, sheet);
    await fieldOf(page, sheet).fill("About one");
    await page.goto(`${bench.studio.url}/traces/two`);
    await open(page, sheet);
    expect(await fieldOf(page, sheet).inputValue()).toBe(sheet.stored);
  });

  it("ends where it is being sent while its sheet is closed and opened again", async () => {
    await sendTurns("one");
    const { page } = await bench.open("/traces/one");
    await open(page, sheet);
    await fieldOf(page, sheet).fill("On its way");
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await page.route(/\/api\/public\/(?:comments|scores)$/, async (route) => {
      await held;
      await route.continue();
    });
    await send(page, sheet);
    await close(page, sheet);
    await open(page, sheet);
    await sheetOf(page, sheet).getByTestId("draft-note").waitFor();
    letGo();
    await sheetOf(page, sheet).getByTestId("draft-note").waitFor({ state: "detached" });
    expect(JSON.stringify(await stored(sheet.path))).toContain("On its way");
    expect(await keptInTab(page)).toBe(null);
  });
});

it("keeps the latest drafts in the tab where they are too long together", async () => {
  await sendTurns("one", "two");
  const { page } = await bench.open("/traces/one");
  const [, , correction] = SHEETS as [Sheet, Sheet, Sheet]; // as written above
  for (const [id, letter] of [
    ["one", "x"],
    ["two", "y"],
  ] as const) {
    await page.goto(`${bench.studio.url}/traces/${id}`);
    await open(page, correction);
    await fieldOf(page, correction).fill(letter.repeat(600_000));
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

  async function openSignedIn(): Promise<Page> {
    const studio = await startStudio({ port: 0, db: ":memory:", ...KEYS });
    onTestFinished(() => studio.close());
    const headers = { authorization: `Basic ${basic}` };
    expect((await post(studio, OTLP_PATH, turnJson("one"), headers)).status).toBe(200);
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(`${studio.url}/traces/one`);
    await signIn(page);
    return page;
  }
  const [comment] = SHEETS as [Sheet]; // as written above

  it("finds what was being sent after the next one", async () => {
    const page = await openSignedIn();
    await open(page, comment);
    await fieldOf(page, comment).fill("Long thought about");
    await page.context().clearCookies();
    // By key: a click may find that its button has gone with the page, and wait for another.
    await page.keyboard.press("ControlOrMeta+Enter");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await signIn(page);
    await open(page, comment);
    expect(await fieldOf(page, comment).inputValue()).toBe("Long thought about");
    await send(page, comment);
    await sheetOf(page, comment).getByTestId("comment").getByText("Long thought about").waitFor();
    expect(await keptInTab(page)).toBe(null);
  });

  it("finds nothing after having signed out", async () => {
    const page = await openSignedIn();
    await open(page, comment);
    await fieldOf(page, comment).fill("For nobody else");
    await close(page, comment);
    await page.getByTestId("sign-out").click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.goto(new URL("/traces/one", page.url()).href);
    await signIn(page);
    await open(page, comment);
    expect(await fieldOf(page, comment).inputValue()).toBe("");
  });
});

import type { Page, Route } from "playwright-core";
import { describe, expect, it } from "vitest";
import { accessibilityViolations } from "../../support/accessibility";
import { createListBench, NARROW, WIDE } from "../page/list/list-page";
import {
  COMMENT,
  CORRECTION,
  close,
  draftNoteOf,
  failOnce,
  fieldOf,
  holdWrites,
  open,
  openTrace,
  problemOf,
  SCORE,
  SHEETS,
  type Sheet,
  sheetOf,
  stored,
  WRITES,
} from "./sheets";

const bench = createListBench();

async function openSheet(sheet: Sheet, view = WIDE): Promise<Page> {
  const page = await openTrace(bench, view);
  await open(page, sheet);
  return page;
}

describe.each(SHEETS)("$name that cannot be sent", (sheet) => {
  it.each<[string, (route: Route) => Promise<void>, string]>([
    ["no network", (route) => route.abort("internetdisconnected"), "The studio does not answer."],
    ["an answer of 500", (route) => route.fulfill({ status: 500 }), "The studio answered 500."],
  ])(
    "for %s stays in its field, with the reason, and is sent with the next try",
    async (...row) => {
      const [, fail, reason] = row;
      const page = await openSheet(sheet);
      await failOnce(page, fail);
      await fieldOf(page, sheet).fill("Written once");
      await page.keyboard.press(sheet.sendKey);
      await problemOf(page, sheet).getByText(reason).waitFor();
      expect(await fieldOf(page, sheet).inputValue()).toBe("Written once");
      expect(await fieldOf(page, sheet).and(page.locator(":focus")).count()).toBe(1);
      expect(await stored(bench.studio, sheet)).toEqual([]);
      await page.keyboard.press(sheet.sendKey);
      await expect.poll(async () => (await stored(bench.studio, sheet)).length).toBe(1);
      await problemOf(page, sheet).waitFor({ state: "detached" });
      expect(JSON.stringify(await stored(bench.studio, sheet))).toContain("Written once");
    },
  );
});

it.each(SHEETS)("$name that is not answered has its reason within a minute", async (sheet) => {
  const page = await openSheet(sheet);
  // The minute is over at once.
  await page.evaluate(`{
    const { timeout } = AbortSignal;
    window.waits = [];
    AbortSignal.timeout = (ms) => {
      window.waits.push(ms);
      return timeout.call(AbortSignal, ms / 600);
    };
  }`);
  const { seen } = await holdWrites(page);
  await fieldOf(page, sheet).fill("Written once");
  await page.keyboard.press(sheet.sendKey);
  await problemOf(page, sheet)
    .getByText("The studio did not answer within a minute. What was sent may have arrived")
    .waitFor();
  expect(seen).toEqual(["asked"]);
  expect(await page.evaluate("window.waits")).toEqual([60_000]);
  expect(await fieldOf(page, sheet).inputValue()).toBe("Written once");
});

it.each([SCORE, CORRECTION])(
  "$name is written once where its first answer was lost",
  async (sheet) => {
    const page = await openSheet(sheet);
    await failOnce(page, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await fieldOf(page, sheet).fill("Written once");
    await page.keyboard.press(sheet.sendKey);
    await problemOf(page, sheet).getByText("The studio does not answer.").waitFor();
    expect(await stored(bench.studio, sheet)).toHaveLength(1);
    const answer = page.waitForResponse((response) => WRITES.test(response.url()));
    await page.keyboard.press(sheet.sendKey);
    expect((await answer).status()).toBe(200);
    expect(await stored(bench.studio, sheet)).toHaveLength(1);
  },
);

describe("what is changed while it is saved", () => {
  it("is not called saved", async () => {
    const page = await openSheet(SCORE);
    const { letGo } = await holdWrites(page);
    await page.keyboard.type("first");
    await page.keyboard.press("Enter");
    await page.keyboard.type(", second");
    letGo();
    await page.getByTestId("score-badge").filter({ hasText: "first" }).first().waitFor();
    const row = sheetOf(page, SCORE).getByTestId("score-row");
    expect(await row.locator(".score-note").textContent()).toBe("");
    expect(await fieldOf(page, SCORE).inputValue()).toBe("first, second");
    expect(await fieldOf(page, SCORE).and(page.locator(":focus")).count()).toBe(1);
  });

  it("is saved after it, when asked for", async () => {
    const page = await openSheet(SCORE);
    const { seen, letGo } = await holdWrites(page);
    await page.keyboard.type("first");
    await page.keyboard.press("Enter");
    await page.keyboard.type(", second");
    await page.keyboard.press("Enter");
    letGo();
    await sheetOf(page, SCORE).getByText("Saved", { exact: true }).waitFor();
    expect(seen).toEqual(["asked", "answered", "asked", "answered"]);
    expect(await stored(bench.studio, SCORE)).toMatchObject([{ stringValue: "first, second" }]);
  });

  it("stays in the sheet of a correction", async () => {
    const page = await openSheet(CORRECTION);
    const { letGo } = await holdWrites(page);
    await fieldOf(page, CORRECTION).fill("On Friday");
    await page.keyboard.press("ControlOrMeta+Enter");
    await page.keyboard.type(", at noon");
    letGo();
    await page.getByTestId("correction").locator("ins").getByText("Friday").waitFor();
    expect(await fieldOf(page, CORRECTION).inputValue()).toBe("On Friday, at noon");
    await page.keyboard.press("ControlOrMeta+Enter");
    await sheetOf(page, CORRECTION).waitFor({ state: "detached" });
    expect(await stored(bench.studio, CORRECTION)).toMatchObject([
      { stringValue: "On Friday, at noon" },
    ]);
  });
});

describe.each([
  ["a comment", COMMENT, 5_000],
  ["a text score", SCORE, 500],
] as const)("%s", (_, sheet, limit) => {
  it("that is too long is kept whole, says by how much, and is sent once it is short enough", async () => {
    const page = await openSheet(sheet);
    // Pasted: a limit of the field would cut it.
    await page.keyboard.insertText("x".repeat(limit + 1_234));
    expect(await fieldOf(page, sheet).inputValue()).toHaveLength(limit + 1_234);
    await sheetOf(page, sheet).getByText("1,234 characters too many").waitFor();
    await page.keyboard.press(sheet.sendKey);
    await page.keyboard.press("Backspace");
    await sheetOf(page, sheet).getByText("1,233 characters too many").waitFor();
    expect(await stored(bench.studio, sheet)).toEqual([]);
    await fieldOf(page, sheet).fill("y".repeat(limit));
    await sheetOf(page, sheet).getByText("too many").waitFor({ state: "detached" });
    await page.keyboard.press(sheet.sendKey);
    await expect.poll(async () => (await stored(bench.studio, sheet)).length).toBe(1);
    expect(JSON.stringify(await stored(bench.studio, sheet))).toContain("y".repeat(limit));
  });
});

it.each([
  [WIDE, COMMENT],
  [NARROW, SCORE],
] as const)(
  "a draft that is too long is accessible at $width px, $colorScheme",
  async (view, sheet) => {
    const page = await openSheet(sheet, view);
    await page.keyboard.insertText("long ".repeat(2_000));
    await close(page, sheet);
    await page.keyboard.press(sheet.key);
    await draftNoteOf(page, sheet).waitFor();
    await sheetOf(page, sheet).getByText("too many").waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  },
);

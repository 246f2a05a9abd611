import type { Locator, Page, Route } from "playwright-core";
import { beforeEach, describe, expect, it } from "vitest";
import { accessibilityViolations } from "../../support/accessibility";
import { createListBench, NARROW, WIDE } from "../page/list/list-page";
import { get, OTLP_PATH, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";

const bench = createListBench();
const WRITES = /\/api\/public\/(?:comments|scores)$/;

beforeEach(async () => {
  const attributes = {
    "langfuse.observation.input": "When?",
    "langfuse.observation.output": "On Thursday.",
  };
  const turn = otlpJson({ traceId: "one", attributes });
  expect((await post(bench.studio, OTLP_PATH, turn)).status).toBe(200);
  const config = JSON.stringify({ name: "remark", dataType: "TEXT" });
  expect((await post(bench.studio, "/api/public/score-configs", config)).status).toBe(200);
});

async function stored(path: string): Promise<readonly Record<string, unknown>[]> {
  // The contract of the routes.
  return ((await get(bench.studio, path)).json as { data: readonly Record<string, unknown>[] })
    .data;
}

interface Sheet {
  readonly name: string;
  readonly key: string;
  readonly testId: string;
  /** Of the field that a text is written in. */
  readonly field: string;
  /** What sends it from there. */
  readonly sendKey: string;
  readonly path: string;
}

const SHEETS: readonly Sheet[] = [
  {
    ...{ name: "a comment", key: "c", testId: "comments", field: "Comment, in Markdown" },
    ...{ sendKey: "ControlOrMeta+Enter", path: "/api/public/comments" },
  },
  {
    ...{ name: "a score", key: "a", testId: "scores", field: "remark" },
    ...{ sendKey: "Enter", path: "/api/public/v2/scores" },
  },
  {
    ...{ name: "a correction", key: "o", testId: "correct", field: "What it should have been" },
    ...{ sendKey: "ControlOrMeta+Enter", path: "/api/public/v2/scores" },
  },
];

const sheetOf = (page: Page, { testId }: Sheet): Locator =>
  page.locator(`dialog:modal[data-testid="${testId}"]`);
const fieldOf = (page: Page, sheet: Sheet): Locator =>
  sheetOf(page, sheet).getByLabel(sheet.field, { exact: true });
const problemOf = (page: Page, sheet: Sheet): Locator => sheetOf(page, sheet).getByRole("alert");

async function open(sheet: Sheet, view = WIDE): Promise<Page> {
  const { page } = await bench.open("/traces/one", view);
  await page.getByRole("button", { name: "Correct", exact: true }).waitFor();
  await page.keyboard.press(sheet.key);
  await fieldOf(page, sheet).waitFor();
  return page;
}

/** Answers the first write in another way than the studio does. */
async function failOnce(page: Page, fail: (route: Route) => Promise<void>): Promise<void> {
  let isFirst = true;
  await page.route(WRITES, async (route) => {
    if (route.request().method() !== "POST" || !isFirst) return route.continue();
    isFirst = false;
    await fail(route);
  });
}

describe.each(SHEETS)("$name that cannot be sent", (sheet) => {
  it.each<[string, (route: Route) => Promise<void>, string]>([
    ["no network", (route) => route.abort("internetdisconnected"), "The studio does not answer."],
    ["an answer of 500", (route) => route.fulfill({ status: 500 }), "The studio answered 500."],
  ])(
    "for %s stays in its field, with the reason, and is sent with the next try",
    async (...row) => {
      const [, fail, reason] = row;
      const page = await open(sheet);
      await failOnce(page, fail);
      await fieldOf(page, sheet).fill("Written once");
      await page.keyboard.press(sheet.sendKey);
      await problemOf(page, sheet).getByText(reason).waitFor();
      expect(await fieldOf(page, sheet).inputValue()).toBe("Written once");
      expect(await fieldOf(page, sheet).and(page.locator(":focus")).count()).toBe(1);
      expect(await stored(sheet.path)).toEqual([]);
      await page.keyboard.press(sheet.sendKey);
      await expect.poll(async () => (await stored(sheet.path)).length).toBe(1);
      await problemOf(page, sheet).waitFor({ state: "detached" });
      expect(JSON.stringify(await stored(sheet.path))).toContain("Written once");
    },
  );
});

it.each(SHEETS.slice(1))("$name is written once where its first answer was lost", async (sheet) => {
  const page = await open(sheet);
  await failOnce(page, async (route) => {
    await route.fetch();
    await route.abort();
  });
  await fieldOf(page, sheet).fill("Written once");
  await page.keyboard.press(sheet.sendKey);
  await problemOf(page, sheet).getByText("The studio does not answer.").waitFor();
  expect(await stored(sheet.path)).toHaveLength(1);
  const answer = page.waitForResponse((response) => WRITES.test(response.url()));
  await page.keyboard.press(sheet.sendKey);
  expect((await answer).status()).toBe(200);
  expect(await stored(sheet.path)).toHaveLength(1);
});

describe("what is changed while it is saved", () => {
  const [, score, correction] = SHEETS as [Sheet, Sheet, Sheet]; // as written above

  function createGate(): { readonly opened: Promise<void>; readonly open: () => void } {
    let open = (): void => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    return { opened, open };
  }

  /** Holds writes back until the promise is kept. */
  async function holdWrites(page: Page, until: Promise<void>): Promise<readonly string[]> {
    const seen: string[] = [];
    await page.route(WRITES, async (route) => {
      seen.push("asked");
      await until;
      const response = await route.fetch();
      seen.push("answered");
      await route.fulfill({ response });
    });
    return seen;
  }

  it("is not called saved", async () => {
    const page = await open(score);
    const gate = createGate();
    await holdWrites(page, gate.opened);
    await page.keyboard.type("first");
    await page.keyboard.press("Enter");
    await page.keyboard.type(", second");
    gate.open();
    await page.getByTestId("score-badge").filter({ hasText: "first" }).first().waitFor();
    const row = sheetOf(page, score).getByTestId("score-row");
    expect(await row.locator(".score-note").textContent()).toBe("");
    expect(await fieldOf(page, score).inputValue()).toBe("first, second");
    expect(await fieldOf(page, score).and(page.locator(":focus")).count()).toBe(1);
  });

  it("is saved after it, when asked for", async () => {
    const page = await open(score);
    const gate = createGate();
    const seen = await holdWrites(page, gate.opened);
    await page.keyboard.type("first");
    await page.keyboard.press("Enter");
    await page.keyboard.type(", second");
    await page.keyboard.press("Enter");
    gate.open();
    await sheetOf(page, score).getByText("Saved", { exact: true }).waitFor();
    expect(seen).toEqual(["asked", "answered", "asked", "answered"]);
    expect(await stored(score.path)).toMatchObject([{ stringValue: "first, second" }]);
  });

  it("stays in the sheet of a correction", async () => {
    const page = await open(correction);
    const gate = createGate();
    await holdWrites(page, gate.opened);
    await fieldOf(page, correction).fill("On Friday");
    await page.keyboard.press("ControlOrMeta+Enter");
    await page.keyboard.type(", at noon");
    gate.open();
    await page.getByTestId("correction").locator("ins").getByText("Friday").waitFor();
    expect(await fieldOf(page, correction).inputValue()).toBe("On Friday, at noon");
    await page.keyboard.press("ControlOrMeta+Enter");
    await sheetOf(page, correction).waitFor({ state: "detached" });
    expect(await stored(correction.path)).toMatchObject([{ stringValue: "On Friday, at noon" }]);
  });
});

describe.each([
  ["a comment", SHEETS[0], 5_000],
  ["a text score", SHEETS[1], 500],
] as const)("%s", (_, maybe, limit) => {
  const sheet = maybe as Sheet; // as written above

  it("that is too long is kept whole, says by how much, and is sent once it is short enough", async () => {
    const page = await open(sheet);
    // Pasted: a limit of the field would cut it.
    await page.keyboard.insertText("x".repeat(limit + 1_234));
    expect(await fieldOf(page, sheet).inputValue()).toHaveLength(limit + 1_234);
    await sheetOf(page, sheet).getByText("1,234 characters too many").waitFor();
    await page.keyboard.press(sheet.sendKey);
    await page.keyboard.press("Backspace");
    await sheetOf(page, sheet).getByText("1,233 characters too many").waitFor();
    expect(await stored(sheet.path)).toEqual([]);
    await fieldOf(page, sheet).fill("y".repeat(limit));
    await sheetOf(page, sheet).getByText("too many").waitFor({ state: "detached" });
    await page.keyboard.press(sheet.sendKey);
    await expect.poll(async () => (await stored(sheet.path)).length).toBe(1);
    expect(JSON.stringify(await stored(sheet.path))).toContain("y".repeat(limit));
  });
});

it.each([
  [WIDE, SHEETS[0]],
  [NARROW, SHEETS[1]],
] as const)(
  "a draft that is too long is accessible at $width px, $colorScheme",
  async (view, maybe) => {
    const sheet = maybe as Sheet; // as written above
    const page = await open(sheet, view);
    await page.keyboard.insertText("long ".repeat(2_000));
    await page.keyboard.press("Escape");
    await page.locator(`[data-testid="${sheet.testId}"] h2`).waitFor({ state: "detached" });
    await page.keyboard.press(sheet.key);
    await sheetOf(page, sheet).getByTestId("draft-note").waitFor();
    await sheetOf(page, sheet).getByText("too many").waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  },
);

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Studio, startStudio } from "../../../src/studio/server/index";
import { accessibilityViolations } from "../../support/accessibility";
import { launchBrowser } from "../../support/browser";
import { sendTurns } from "./replay-sessions";

let browser: Browser;
let studio: Studio;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser?.close());

beforeEach(async () => {
  studio = await startStudio({ port: 0, db: ":memory:" });
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce",
  });
  page = await context.newPage();
  return async () => {
    await context.close();
    await studio.close();
  };
});

async function show(input: unknown, output: unknown): Promise<void> {
  const text = (value: unknown): string =>
    typeof value === "string" ? value : JSON.stringify(value);
  await sendTurns(studio.url, [
    {
      sessionId: "content",
      traceId: "content-1",
      startMs: 0,
      durationMs: 1_000,
      input: text(input),
      output: text(output),
    },
  ]);
  await page.goto(`${studio.url}/sessions/content`);
  await page.getByTestId("turn-assistant").first().waitFor();
}

it("shows Markdown as lists, tables, emphasis and code, without a way for HTML in", async () => {
  await show(
    "Show me.",
    [
      "# Fees",
      "For **members** and `guests`:",
      "",
      "1. Boats",
      "   - small ones",
      "2. Cars",
      "",
      "| What | Price |",
      "|---|---|",
      "| Boat | 5 |",
      "",
      "> as of *today*",
      "",
      "```ts",
      "const fee = 5;",
      "```",
      `<img src=x onerror="window.wasRun=1"> ![plan](https://a.example/plan.png)`,
    ].join("\n"),
  );
  const answer = page.getByTestId("turn-assistant");
  const texts = (selector: string): Promise<string[]> => answer.locator(selector).allTextContents();
  expect(await texts(".prose-heading")).toEqual(["Fees"]);
  expect(await texts("strong")).toEqual(["members"]);
  expect(await texts("ol > li")).toEqual(["Boatssmall ones", "Cars"]);
  expect(await texts("ul > li")).toEqual(["small ones"]);
  expect(await texts("th")).toEqual(["What", "Price"]);
  expect(await texts("td")).toEqual(["Boat", "5"]);
  expect(await texts("blockquote em")).toEqual(["today"]);
  expect(await texts("pre")).toEqual(["const fee = 5;"]);
  expect(await texts(".code-head > span")).toEqual(["ts"]);
  expect(await answer.textContent()).toContain('<img src=x onerror="window.wasRun=1">');
  expect(await page.locator("img, iframe").count()).toBe(0);
  expect(await page.evaluate("window.wasRun")).toBeUndefined();
  expect(await accessibilityViolations(page)).toEqual([]);
});

it("asks before it follows a link, and says where it leads whatever its words say", async () => {
  await show(
    "Where?",
    "At [https://good.example](https://bad.example/x), not [here](javascript:1).",
  );
  expect(await page.locator("a[href^='https://bad.example']").count()).toBe(0);
  await page.getByRole("button", { name: "https://good.example" }).click();
  const question = page.getByTestId("external-link");
  expect(await question.locator("code").textContent()).toBe("https://bad.example/x");
  const link = question.getByRole("link", { name: "Open" });
  expect(await link.getAttribute("href")).toBe("https://bad.example/x");
  expect(await link.getAttribute("rel")).toBe("noopener noreferrer nofollow");
  expect(await accessibilityViolations(page)).toEqual([]);
  await question.getByRole("button", { name: "Stay here" }).click();
  expect(await question.count()).toBe(0);
  expect(await page.getByTestId("turn-assistant").textContent()).toContain("[here](javascript:1)");
});

it("folds the system prompt and the reasoning, and shows tool calls and their results as cards", async () => {
  await show(
    [
      { role: "system", content: "You are brief." },
      { role: "user", content: "Is one free?" },
    ],
    [
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "I have to look." },
          { type: "tool_use", id: "c1", name: "find_boat", input: { size: "small" } },
        ],
      },
      { role: "tool", tool_call_id: "c1", name: "find_boat", content: "none" },
      { role: "assistant", content: "No." },
    ],
  );
  const turn = page.getByTestId("turn");
  expect(await turn.getByText("You are brief.").count()).toBe(0);
  await turn.getByRole("button", { name: "System prompt" }).click();
  await turn.getByText("You are brief.").waitFor();
  expect(await turn.getByText("I have to look.").count()).toBe(0);
  await turn.getByRole("button", { name: "Reasoning" }).click();
  await turn.getByText("I have to look.").waitFor();
  const cards = turn.getByTestId("tool-card");
  expect(await cards.first().textContent()).toBe("calls find_boatsizesmall");
  expect(await cards.last().textContent()).toBe("returned find_boatnone");
});

it("shows a structured answer as a tree", async () => {
  await show("Which?", { boats: [{ name: "Ada", seats: 4 }], total: 1 });
  const answer = page.getByTestId("turn-assistant");
  expect(await answer.locator(".json-key").allTextContents()).toEqual(["boats", "0", "total"]);
});

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { type Studio, startStudio } from "../../../src/studio/server/index";
import { openPage, type StudioPage, type View } from "../../e2e/support/studio-page";
import { accessibilityViolations } from "../../support/accessibility";
import { launchBrowser } from "../../support/browser";
import { sendTurns } from "./replay-sessions";

const VIEW: View = { width: 1440, height: 900, colorScheme: "light" };

let browser: Browser;
let studio: Studio;
let page: Page;
let opened: StudioPage | undefined;
/** Where a test leaves the studio for. */
let elsewhereOrigin: string | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser?.close());

beforeEach(async () => {
  studio = await startStudio({ port: 0, db: ":memory:" });
  elsewhereOrigin = undefined;
  return async () => {
    const left = `request to ${elsewhereOrigin}`;
    const complaints = opened?.complaints.filter((complaint) => complaint !== left);
    await opened?.close();
    await studio.close();
    expect(complaints).toEqual([]);
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
  opened = await openPage(browser, `${studio.url}/sessions/content`, VIEW);
  page = opened.page;
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

it("asks once before it follows a link, says where it leads, and opens it when agreed to", async () => {
  const elsewhere = createServer((_request, response) => {
    response.setHeader("content-type", "text/html");
    response.end("<p>elsewhere</p>");
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void elsewhere.close());
  await once(elsewhere, "listening");
  const { port } = elsewhere.address() as AddressInfo; // listening on TCP, so it is one
  elsewhereOrigin = `http://localhost:${port}`;
  const url = `${elsewhereOrigin}/x`;
  await show("Where?", `At [https://good.example](${url}), not [here](javascript:1).`);
  const answer = page.getByTestId("turn-assistant");
  const link = answer.getByRole("link", { name: "https://good.example" });
  expect(await link.getAttribute("rel")).toBe("noopener noreferrer nofollow");

  await link.click();
  const question = page.getByTestId("leave-sheet");
  expect(await question.getByTestId("leave-address").textContent()).toBe(url);
  expect(await page.getByText("Stay here").count()).toBe(1);
  expect(await accessibilityViolations(page)).toEqual([]);
  await question.getByRole("button", { name: "Stay here" }).click();
  await question.waitFor({ state: "hidden" });
  expect(page.context().pages()).toHaveLength(1);

  await link.click();
  const [tab] = await Promise.all([
    page.context().waitForEvent("page"),
    question.getByRole("link", { name: "Open in a new tab" }).click(),
  ]);
  await tab.getByText("elsewhere", { exact: true }).waitFor();
  expect(tab.url()).toBe(url);
  await question.waitFor({ state: "hidden" });
  expect(page.context().pages()).toHaveLength(2);
  expect(await page.getByText("Stay here").count()).toBe(0);
  expect(await answer.textContent()).toContain("[here](javascript:1)");
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

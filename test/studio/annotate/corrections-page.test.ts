import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { accessibilityViolations } from "../../support/accessibility";
import { createListBench, NARROW, WIDE } from "../page/list/list-page";
import { get, OTLP_PATH, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";

const bench = createListBench();

async function sendTurn(output = "It arrives on Thursday."): Promise<void> {
  const attributes = {
    "session.id": "chat",
    "langfuse.observation.input": "When?",
    "langfuse.observation.output": output,
  };
  const answer = await post(bench.studio, OTLP_PATH, otlpJson({ traceId: "one", attributes }));
  expect(answer.status).toBe(200);
}

const sheetOf = (page: Page) => page.locator('dialog[open][data-testid="correct"]');
const correctionOf = (page: Page) => page.getByTestId("correction");

async function storedScores(): Promise<readonly unknown[]> {
  const answer = await get(bench.studio, "/api/public/v2/scores");
  return (answer.json as { data: readonly unknown[] }).data; // the contract of the route
}

describe("a correction of an output", () => {
  it.each([
    ["a trace", "/traces/one", "", null],
    ["a step of a trace", "/traces/one?observation=o", "", "o"],
    ["a turn of a session", "/sessions/chat", '[data-testid="turn"]', null],
    ["a step of a session", "/sessions/chat?observation=o", '[data-observation-id="o"]', "o"],
  ])("of %s is written by keyboard and shown beside it with its changes", async (...row) => {
    const [, path, focus, observationId] = row;
    await sendTurn();
    const { page, complaints } = await bench.open(path);
    await page.getByRole("button", { name: "Correct", exact: true }).last().waitFor();
    if (focus !== "") await page.locator(focus).focus();
    await page.keyboard.press("o");
    const field = sheetOf(page).getByLabel("What it should have been");
    expect(await field.inputValue()).toBe("It arrives on Thursday.");
    await field.fill("It arrives on Friday.");
    await page.keyboard.press("ControlOrMeta+Enter");
    await correctionOf(page).waitFor();
    expect(await correctionOf(page).locator("del").allTextContents()).toEqual(["Thursday"]);
    expect(await correctionOf(page).locator("ins").allTextContents()).toEqual(["Friday"]);
    expect(await storedScores()).toMatchObject([
      {
        ...{ traceId: "one", observationId, sessionId: null, name: "output" },
        ...{ dataType: "CORRECTION", stringValue: "It arrives on Friday.", source: "ANNOTATION" },
      },
    ]);
    const { json } = await get(bench.studio, "/api/public/v3/scores?dataType=CORRECTION");
    expect(json).toMatchObject({ data: [{ value: "It arrives on Friday." }] });
    expect(complaints).toEqual([]);
  });

  it("is changed in its place, shown as text, and deleted", async () => {
    await sendTurn();
    const { page } = await bench.open("/traces/one");
    const write = async (text: string): Promise<void> => {
      await page.getByRole("button", { name: "Correct", exact: true }).click();
      await sheetOf(page).getByLabel("What it should have been").fill(text);
      await sheetOf(page).getByLabel("Comment").fill("see the calendar");
      await sheetOf(page).getByRole("button", { name: "Save the correction" }).click();
      await sheetOf(page).waitFor({ state: "detached" });
      await correctionOf(page)
        .getByText(text.split(" ")[0] ?? "")
        .waitFor();
    };
    await write("Friday it is");
    await write("Saturday it is");
    expect(await storedScores()).toMatchObject([
      { stringValue: "Saturday it is", comment: "see the calendar" },
    ]);
    await correctionOf(page).getByRole("button", { name: "Text" }).click();
    await correctionOf(page).getByText("Saturday it is", { exact: true }).waitFor();
    await correctionOf(page).getByRole("button", { name: "Delete" }).click();
    await correctionOf(page).waitFor({ state: "detached" });
    expect(await storedScores()).toEqual([]);
  });

  it("of more than 100,000 characters begins empty, and shows no changes", async () => {
    await sendTurn("x".repeat(100_001));
    const { page } = await bench.open("/traces/one");
    await page.getByRole("button", { name: "Correct", exact: true }).click();
    await sheetOf(page).getByText("100,001 characters, too many for this field").waitFor();
    await page.keyboard.type("Shorter");
    await page.keyboard.press("ControlOrMeta+Enter");
    await correctionOf(page).getByText("Shorter").waitFor();
    expect(await correctionOf(page).getByRole("button", { name: "Changes" }).count()).toBe(0);
  });

  it.each([WIDE, NARROW])("is accessible at $width px, $colorScheme", async (view) => {
    await sendTurn();
    const body = { traceId: "one", name: "output", value: "On Friday.", dataType: "CORRECTION" };
    await post(bench.studio, "/api/public/scores", JSON.stringify(body));
    const { page } = await bench.open("/sessions/chat", view);
    await correctionOf(page).waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByTestId("turn").first().focus();
    await page.keyboard.press("o");
    await sheetOf(page).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
  });
});

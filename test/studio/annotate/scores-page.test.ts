import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { accessibilityViolations } from "../../support/accessibility";
import { createListBench, NARROW, PATIENCE, WIDE } from "../page/list/list-page";
import { get, OTLP_PATH, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";

const bench = createListBench();

const CONFIGS = [
  { name: "answer", dataType: "CATEGORICAL", categories: ["good", "bad", "so-so"] },
  { name: "correct", dataType: "BOOLEAN" },
  { name: "helpful", dataType: "NUMERIC", minValue: 0, maxValue: 1 },
  { name: "remark", dataType: "TEXT" },
];

async function sendTurn(): Promise<void> {
  const attributes = {
    "session.id": "chat",
    "langfuse.environment": "prod",
    "langfuse.observation.input": "Hello",
    "langfuse.observation.output": "Hi",
  };
  const answer = await post(bench.studio, OTLP_PATH, otlpJson({ traceId: "one", attributes }));
  expect(answer.status).toBe(200);
}

/** @returns ids by name */
async function makeConfigs(): Promise<Readonly<Record<string, string>>> {
  const ids: Record<string, string> = {};
  for (const { categories, ...config } of CONFIGS) {
    const labels = categories?.map((label, value) => ({ label, value }));
    const body = { ...config, ...(labels && { categories: labels }) };
    const answer = await post(bench.studio, "/api/public/score-configs", JSON.stringify(body));
    ids[config.name] = (answer.json as { id: string }).id; // the contract of the route
  }
  return ids;
}

const sheetOf = (page: Page) => page.locator('dialog[open][data-testid="scores"]');
const noteOf = (page: Page, name: string) =>
  sheetOf(page).getByTestId("score-row").filter({ hasText: name }).getByRole("status");

async function storedScores(): Promise<readonly Record<string, unknown>[]> {
  const answer = await get(bench.studio, "/api/public/v2/scores");
  // The contract of the route.
  const { data } = answer.json as { data: readonly Record<string, unknown>[] };
  return data.toSorted((a, b) => String(a["name"]).localeCompare(String(b["name"])));
}

describe("the score sheet", () => {
  it.each([
    ["a session", "/sessions/chat", "", { sessionId: "chat", traceId: null, observationId: null }],
    [
      "the turn that has the focus",
      "/sessions/chat",
      '[data-testid="turn"]',
      { sessionId: null, traceId: "one", observationId: null },
    ],
    [
      "the step that is open in a session",
      "/sessions/chat?observation=o",
      '[data-observation-id="o"]',
      { sessionId: null, traceId: "one", observationId: "o" },
    ],
    ["a trace", "/traces/one", "", { sessionId: null, traceId: "one", observationId: null }],
    [
      "a step of a trace",
      "/traces/one?observation=o",
      "",
      { sessionId: null, traceId: "one", observationId: "o" },
    ],
  ])(
    "scores %s by keyboard alone, in every type, with a comment",
    async (_, path, focus, target) => {
      await sendTurn();
      const ids = await makeConfigs();
      const { page, complaints } = await bench.open(path);
      await page.getByRole("button", { name: "Score", exact: true }).last().waitFor();
      if (focus !== "") await page.locator(focus).focus();
      await page.keyboard.press("a");
      await sheetOf(page).getByTestId("score-row").first().waitFor();
      await page.keyboard.press("3"); // so-so
      await page.keyboard.press("Enter");
      await noteOf(page, "answer").getByText("Saved").waitFor();
      await page.keyboard.press("1"); // true
      await page.keyboard.press("Tab");
      await page.keyboard.type("I checked it");
      await page.keyboard.press("Enter");
      await noteOf(page, "correct").getByText("Saved").waitFor();
      await page.keyboard.type("0.5");
      await page.keyboard.press("Enter");
      await noteOf(page, "helpful").getByText("Saved").waitFor();
      await page.keyboard.type("Too long");
      await page.keyboard.press("Enter");
      await noteOf(page, "remark").getByText("Saved").waitFor();
      const all = { ...target, source: "ANNOTATION", environment: "prod" };
      expect(await storedScores()).toMatchObject([
        { ...all, name: "answer", stringValue: "so-so", value: 2, configId: ids["answer"] },
        {
          ...{ ...all, name: "correct", value: 1, stringValue: "True", configId: ids["correct"] },
          comment: "I checked it",
        },
        { ...all, name: "helpful", value: 0.5, dataType: "NUMERIC", configId: ids["helpful"] },
        { ...all, name: "remark", stringValue: "Too long", configId: ids["remark"] },
      ]);
      await page.keyboard.press("Escape");
      await page.getByTestId("score-badge").filter({ hasText: "so-so" }).first().waitFor();
      expect(complaints).toEqual([]);
    },
  );

  it("says what is wrong with a value, and keeps it to be changed", async () => {
    await sendTurn();
    await makeConfigs();
    const { page } = await bench.open("/traces/one");
    await page.getByRole("button", { name: "Score", exact: true }).click();
    const field = sheetOf(page).getByLabel("helpful", { exact: true });
    await field.press("Enter");
    await sheetOf(page).getByRole("alert").getByText("Expected a value: 0 to 1").waitFor();
    await field.fill("2");
    await field.press("Enter");
    await sheetOf(page)
      .getByRole("alert")
      .getByText("value: Expected a number from 0 to 1, got 2")
      .waitFor();
    expect(await storedScores()).toEqual([]);
    await field.fill("0.9");
    await field.press("Enter");
    await noteOf(page, "helpful").getByText("Saved").waitFor();
    expect(await sheetOf(page).getByRole("alert").count()).toBe(0);
    expect(await storedScores()).toMatchObject([{ name: "helpful", value: 0.9 }]);
  });

  it("changes a score in its place, and deletes it", async () => {
    await sendTurn();
    const ids = await makeConfigs();
    const score = { traceId: "one", name: "answer", source: "ANNOTATION", comment: "first" };
    const body = { ...score, id: "mine", value: "bad", configId: ids["answer"] };
    expect((await post(bench.studio, "/api/public/scores", JSON.stringify(body))).status).toBe(200);
    const { page } = await bench.open("/traces/one");
    await page.getByRole("button", { name: "Score", exact: true }).click();
    await sheetOf(page).getByRole("radio", { name: "bad" }).and(page.locator(":checked")).waitFor();
    await page.keyboard.press("1");
    await sheetOf(page).getByLabel("Comment on answer").fill("on second thought");
    await sheetOf(page).getByRole("button", { name: "Save answer" }).click();
    await noteOf(page, "answer").getByText("Saved").waitFor();
    expect(await storedScores()).toMatchObject([
      { id: "mine", stringValue: "good", value: 0, comment: "on second thought" },
    ]);
    await sheetOf(page).getByRole("button", { name: "Delete answer" }).click();
    await noteOf(page, "answer").getByText("Deleted").waitFor();
    expect(await storedScores()).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByTestId("score-badge").first().waitFor({ state: "detached" });
  });

  it("shows the scores of programs apart, without a way to change them", async () => {
    await sendTurn();
    await makeConfigs();
    const body = { traceId: "one", name: "toxicity", value: 0.1, comment: "by the judge" };
    await post(bench.studio, "/api/public/scores", JSON.stringify(body));
    const { page } = await bench.open("/traces/one");
    await page.getByRole("button", { name: "Score", exact: true }).click();
    const other = sheetOf(page).getByTestId("other-score");
    await other.getByText("by the judge").waitFor();
    expect(await other.getByRole("button").count()).toBe(0);
  });

  it("leads to the configurations where there are none", async () => {
    await sendTurn();
    const { page } = await bench.open("/sessions/chat");
    await page.getByTestId("turn").first().waitFor();
    await page.keyboard.press("a");
    await sheetOf(page).getByRole("link", { name: "Make a configuration" }).click();
    await page.getByRole("heading", { name: "Score configurations" }).waitFor();
  });

  it.each([WIDE, NARROW])("is accessible at $width px, $colorScheme", async (view) => {
    await sendTurn();
    await makeConfigs();
    const { page } = await bench.open("/sessions/chat", view);
    await page.getByTestId("turn").first().focus();
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    await page.keyboard.press("a");
    await expect.poll(() => sheetOf(page).getByTestId("score-row").count(), PATIENCE).toBe(4);
    expect(await accessibilityViolations(page)).toEqual([]);
  });
});

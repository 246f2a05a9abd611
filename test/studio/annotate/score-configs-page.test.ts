import type { Page, Route } from "playwright-core";
import { describe, expect, it } from "vitest";
import { accessibilityViolations } from "../../support/accessibility";
import { createListBench, NARROW, PATIENCE, WIDE } from "../page/list/list-page";
import { get, post } from "../server/running-studio";

const bench = createListBench();
const PATH = "/api/public/score-configs";

async function storedConfigs(): Promise<readonly unknown[]> {
  const answer = await get(bench.studio, PATH);
  return (answer.json as { data: readonly unknown[] }).data; // the contract of the route
}

async function makeConfig(config: object): Promise<void> {
  expect((await post(bench.studio, PATH, JSON.stringify(config))).status).toBe(200);
}

const dialogOf = (page: Page) => page.getByTestId("config-dialog");
const rowOf = (page: Page, name: string) =>
  page.getByTestId("score-config").filter({ hasText: name });

/** The next change of a configuration, which waits until it is continued. */
function holdNext(page: Page): Promise<Route> {
  return new Promise((resolve) => {
    void page.route("**/api/public/score-configs/*", resolve, { times: 1 });
  });
}

const HELPFUL = { name: "helpful", dataType: "NUMERIC", minValue: 0, maxValue: 1 };
const VERDICT = {
  name: "verdict",
  dataType: "CATEGORICAL",
  categories: [
    { label: "good", value: 1 },
    { label: "bad", value: 0 },
  ],
};

describe("the page of score configurations", () => {
  it.each([
    [
      "a number in a range",
      "Number",
      { dataType: "NUMERIC", minValue: 0, maxValue: 10 },
      "0 to 10",
    ],
    [
      "a category",
      "Category",
      {
        dataType: "CATEGORICAL",
        categories: [
          { label: "good", value: 1 },
          { label: "bad", value: 0 },
          { label: "so-so", value: 2 },
        ],
      },
      "good, bad, so-so",
    ],
    ["yes or no", "Yes or no", { dataType: "BOOLEAN" }, "true or false"],
    ["text", "Text", { dataType: "TEXT", categories: null }, "up to 500 characters"],
  ])("makes one whose values are %s", async (_, type, stored, shown) => {
    const { page, complaints } = await bench.open("/sessions");
    await page.getByRole("link", { name: "Scores" }).click();
    await page.getByText("None yet.").waitFor();
    await page.getByRole("button", { name: "New configuration" }).click();
    await page.keyboard.type("answer");
    await dialogOf(page).getByLabel("What is asked").fill("Is it one?");
    await dialogOf(page).getByLabel("Values are").selectOption({ label: type });
    if (type === "Number") await dialogOf(page).getByLabel("Highest").fill("10");
    if (type === "Category") {
      await dialogOf(page).getByRole("button", { name: "Add a category" }).click();
      await dialogOf(page).getByLabel("Category 3", { exact: true }).fill("so-so");
    }
    await dialogOf(page).getByLabel("Name of the scores").press("Enter");
    await rowOf(page, "answer").getByText(shown).waitFor();
    expect(await storedConfigs()).toMatchObject([
      { name: "answer", description: "Is it one?", isArchived: false, ...stored },
    ]);
    expect(complaints).toEqual([]);
  });

  it("changes one, and says what is wrong with a change", async () => {
    await makeConfig(HELPFUL);
    const { page } = await bench.open("/score-configs");
    await rowOf(page, "helpful").getByRole("button", { name: "Edit" }).click();
    await dialogOf(page).getByLabel("Lowest").fill("2");
    await dialogOf(page).getByRole("button", { name: "Save the changes" }).click();
    await dialogOf(page)
      .getByRole("alert")
      .getByText("maxValue: Maximum value must be greater than Minimum value")
      .waitFor();
    expect(await storedConfigs()).toMatchObject([{ minValue: 0, maxValue: 1 }]);
    await dialogOf(page).getByLabel("Highest").fill("");
    await dialogOf(page).getByLabel("Name of the scores").fill("usefulness");
    await dialogOf(page).getByRole("button", { name: "Save the changes" }).click();
    await rowOf(page, "usefulness").getByText("from 2").waitFor();
    expect(await storedConfigs()).toMatchObject([
      { name: "usefulness", minValue: 2, maxValue: null },
    ]);
  });

  it("shows the one that is opened at the moment another one closes", async () => {
    await makeConfig(HELPFUL);
    await makeConfig(VERDICT);
    const { page } = await bench.open("/score-configs");
    await rowOf(page, "helpful").getByRole("button", { name: "Edit" }).click();
    await dialogOf(page).getByLabel("Lowest").fill("2");
    // The browser tells of the end only after both; by the next task the page has drawn what that means.
    await page.evaluate(`new Promise((done) => {
      const sheet = document.querySelector("dialog[open]");
      sheet.addEventListener("close", () => setTimeout(done));
      sheet.close();
      document.querySelector('[title="Edit verdict"]').click();
    })`);
    const name = dialogOf(page).getByLabel("Name of the scores");
    expect(await name.count()).toBe(1);
    expect(await name.inputValue()).toBe("verdict");
    expect(await name.and(page.locator(":focus")).count()).toBe(1);
  });

  it("leaves the one alone that was opened while another one was saved", async () => {
    await makeConfig(HELPFUL);
    await makeConfig(VERDICT);
    const { page } = await bench.open("/score-configs");
    const held = holdNext(page);
    await rowOf(page, "helpful").getByRole("button", { name: "Edit" }).click();
    const name = dialogOf(page).getByLabel("Name of the scores");
    await name.fill("usefulness");
    await name.press("Enter");
    const saving = await held;
    await page.keyboard.press("Escape");
    await name.waitFor({ state: "detached" });
    await rowOf(page, "verdict").getByRole("button", { name: "Edit" }).click();
    await saving.continue();
    await rowOf(page, "usefulness").waitFor();
    expect(await name.inputValue()).toBe("verdict");
  });

  it("archives one and takes it back", async () => {
    await makeConfig(HELPFUL);
    const { page } = await bench.open("/score-configs");
    await rowOf(page, "helpful").getByRole("button", { name: "Archive" }).click();
    await page.getByRole("heading", { name: "Archived" }).waitFor();
    expect(await storedConfigs()).toMatchObject([{ name: "helpful", isArchived: true }]);
    await rowOf(page, "helpful").getByRole("button", { name: "Restore" }).click();
    await page.getByRole("heading", { name: "Archived" }).waitFor({ state: "detached" });
    expect(await storedConfigs()).toMatchObject([{ name: "helpful", isArchived: false }]);
  });

  it.each([WIDE, NARROW])("is accessible at $width px, $colorScheme", async (view) => {
    await makeConfig(HELPFUL);
    await makeConfig(VERDICT);
    const { page } = await bench.open("/score-configs", view);
    await expect.poll(() => page.getByTestId("score-config").count(), PATIENCE).toBe(2);
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    await rowOf(page, "verdict").getByRole("button", { name: "Edit" }).click();
    await dialogOf(page).getByLabel("Category 2", { exact: true }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
  });
});

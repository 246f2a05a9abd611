import { describe, expect, it } from "vitest";
import { accessibilityViolations } from "../../../support/accessibility";
import { createListBench, NARROW, PATIENCE, WIDE } from "../list/list-page";
import { sendSessions } from "../list/send-sessions";

const bench = createListBench();
const START_MS = Date.UTC(2026, 0, 2);

/** A session of one model call without a cost. */
const unpriced = {
  id: "s",
  startMs: START_MS,
  durationMs: 1_000,
  input: "Hello",
  model: "tiny",
  tokens: { input: 1_000_000, output: 0 },
};

async function sessionCost(): Promise<number | null> {
  const response = await fetch(`${bench.studio.url}/api/studio/sessions`);
  const { data }: { data: { totalCost: number | null }[] } = await response.json();
  return data[0]?.totalCost ?? null;
}

describe("the models page", () => {
  it("adds a model from the keyboard, and applies its price to what is stored", async () => {
    await sendSessions(bench.studio, unpriced);
    const { page, complaints } = await bench.open("/sessions");
    await page.getByTestId("session-row").waitFor();
    await page.keyboard.press("m");
    await page.getByTestId("model-row").first().waitFor();
    await page.keyboard.press("a");
    const form = page.getByRole("dialog", { name: "Add a model" });
    await form.getByLabel("Name").fill("tiny");
    await form.getByLabel("Input", { exact: true }).fill("2.5");
    await page.keyboard.press("Enter");
    await form.waitFor({ state: "detached" });
    const row = page.getByTestId("model-row").first();
    await expect.poll(() => row.textContent(), PATIENCE).toContain("(?i)^tiny$");
    expect(await row.textContent()).toContain("Input$2.5");
    expect(await sessionCost()).toBeNull();
    await page.getByRole("button", { name: "Apply to what is stored" }).click();
    await expect.poll(sessionCost, PATIENCE).toBe(2.5);
    await page.keyboard.press("s");
    await expect
      .poll(() => page.getByTestId("session-row").textContent(), PATIENCE)
      .toContain("$2.50");
    expect(complaints).toEqual([]);
  });

  it("changes a model, ends it, and deletes it", async () => {
    const { page, complaints } = await bench.open("/models");
    const first = page.getByTestId("model-row").first();
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByLabel("Name").fill("a-model");
    await page.getByLabel("Output", { exact: true }).fill("8");
    await page.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => first.textContent(), PATIENCE).toContain("Output$8");

    await first.click();
    await page.getByLabel("Output", { exact: true }).fill("9");
    await page.getByRole("button", { name: "End today" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => first.textContent(), PATIENCE).toContain("Output$9");
    expect(await first.textContent()).toMatch(/until \d{4}-\d\d-\d\d/);

    await first.click();
    await page.getByRole("button", { name: "Delete" }).click();
    await expect.poll(() => first.textContent(), PATIENCE).not.toContain("a-model");
    expect(complaints).toEqual([]);
  });

  it("applies all prices where those of two models have changed", async () => {
    await sendSessions(bench.studio, unpriced);
    const { page } = await bench.open("/models");
    for (const name of ["tiny", "other"]) {
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await page.getByLabel("Name").fill(name);
      await page.getByLabel("Input", { exact: true }).fill("2.5");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    await page.getByText("The prices of 2 models have changed.").waitFor();
    await page.getByRole("button", { name: "Apply to what is stored" }).click();
    await expect.poll(sessionCost, PATIENCE).toBe(2.5);
  });

  it("says what is wrong, and keeps what was typed", async () => {
    const { page } = await bench.open("/models");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByLabel("Name").fill("tiny");
    await page.getByLabel("Pattern").fill("^(tiny");
    await page.getByLabel("Input", { exact: true }).fill("free");
    await page.getByRole("button", { name: "Save" }).click();
    const alert = page.getByRole("alert");
    await expect
      .poll(() => alert.textContent(), PATIENCE)
      .toBe("Input: expected a price such as 2.50, got free");
    await page.getByLabel("Input", { exact: true }).fill("1");
    await page.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => alert.textContent(), PATIENCE).toContain("a `)` for each `(`");
    expect(await page.getByLabel("Pattern").inputValue()).toBe("^(tiny");
  });

  it("finds models by their name, and copies one of the studio into one's own", async () => {
    const { page, complaints } = await bench.open("/models");
    const rows = page.getByTestId("model-row");
    await rows.first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("gpt-4.1 mini");
    await expect.poll(() => rows.count(), PATIENCE).toBe(1);
    expect(await rows.textContent()).toContain("platform.openai.com, 2025-10");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const form = page.getByRole("dialog", { name: "Your own price" });
    await form.getByLabel("Input", { exact: true }).fill("0.3");
    await form.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => rows.count(), PATIENCE).toBe(2);
    expect(await rows.first().textContent()).toContain("your own");
    expect(complaints).toEqual([]);
  });

  it.each([WIDE, { ...WIDE, colorScheme: "dark" as const }, NARROW])(
    "has nothing for axe-core to find and fits, at $width px, $colorScheme",
    async (view) => {
      const { page } = await bench.open("/models", view);
      await page.getByTestId("model-row").first().waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(view.width);
      await page.getByTestId("model-row").first().click();
      await page.getByRole("dialog", { name: "Your own price" }).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
    },
  );
});

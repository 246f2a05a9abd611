import { mkdir } from "node:fs/promises";
import { Playhead } from "playhead";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runExample } from "../../scripts/demo-example";
import { launchBrowser } from "../support/browser";
import { openStudio, type TestStudio } from "./support/studio";
import { openPage, type View } from "./support/studio-page";

const SCREENSHOTS = "artifacts/screenshots";
const WIDE: View = { width: 1440, height: 900, colorScheme: "light" };
const NARROW: View = { width: 390, height: 844, colorScheme: "light" };
const VIEWS: readonly View[] = [
  WIDE,
  { ...WIDE, colorScheme: "dark" },
  NARROW,
  { ...NARROW, colorScheme: "dark" },
];

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
  await mkdir(SCREENSHOTS, { recursive: true });
});

afterAll(() => browser?.close());

describe("with the sessions of the example", () => {
  let studio: TestStudio;

  beforeAll(async () => {
    studio = await openStudio({}, afterAll);
    const { exitCode, output } = await runExample(studio.url);
    expect(exitCode, output).toBe(0);
  });

  it.each(VIEWS)("leads from the list to one step at $width px, $colorScheme", async (view) => {
    const { page, complaints, close } = await openPage(browser, studio.url, view);
    const shoot = async (name: string): Promise<void> => {
      await expectNoHorizontalScroll(page);
      const path = `${SCREENSHOTS}/${name}-${view.width}-${view.colorScheme}.png`;
      await page.evaluate("window.scrollTo(0, 0)"); // or the header stands in the middle
      await page.screenshot({ path, fullPage: true });
    };

    const rows = page.getByTestId("session-row");
    await rows.nth(1).waitFor();
    expect(await rows.count()).toBe(2);
    await shoot("1-sessions");

    await rows.first().click();
    const turns = page.getByTestId("turn");
    await turns.nth(3).waitFor();
    expect(await turns.first().getByTestId("turn-user").textContent()).not.toBe("");
    expect(await turns.first().getByTestId("turn-assistant").textContent()).not.toBe("");
    await shoot("2-session");

    await turns.first().getByTestId("turn-toggle").click();
    const steps = turns.first().getByTestId("observation-row");
    await steps.first().waitFor();
    expect(await steps.count()).toBeGreaterThan(3);
    await shoot("3-turn");

    await turns
      .first()
      .locator('[data-testid="observation-row"][data-type="generation"]')
      .first()
      .click();
    const detail = page.getByTestId("observation-detail");
    await detail.waitFor();
    expect(await detail.textContent()).toMatch(/extractive-support/);
    await shoot("4-step");

    expect(complaints).toEqual([]);
    await close();
  });
});

it("shows a turn that is sent while the page is open, without reloading", async () => {
  const studio = await openStudio();
  await using client = new Playhead({ baseUrl: studio.url });
  const say = async (question: string, answer: string): Promise<void> => {
    client.startAsCurrentSpan({ name: "turn", input: question }, (root) => {
      root.updateTrace({ sessionId: "live" }).update({ output: answer });
    });
    await client.flush();
  };
  await say("First question", "First answer");
  const { page, complaints, close } = await openPage(browser, `${studio.url}/sessions/live`, WIDE);
  await page.getByText("First answer").waitFor();
  await page.evaluate("window.isSamePage = true");

  await say("Second question", "Second answer");

  await page.getByTestId("turn").nth(1).getByText("Second answer").waitFor();
  expect(await page.getByTestId("turn").count()).toBe(2);
  expect(await page.evaluate("window.isSamePage")).toBe(true);
  expect(complaints).toEqual([]);
  await close();
});

describe("with hostile content in every field", () => {
  const HOSTILE =
    `<img src=x onerror="window.wasRun=1"><script>window.wasRun=1</script>` +
    `"'><svg onload=window.wasRun=1> javascript:window.wasRun=1 ${"long".repeat(80)}`;
  let studio: TestStudio;

  beforeAll(async () => {
    studio = await openStudio({}, afterAll);
    await using client = new Playhead({ baseUrl: studio.url, release: HOSTILE });
    client.startAsCurrentSpan({ name: HOSTILE, input: HOSTILE, version: HOSTILE }, (root) => {
      root.updateTrace({
        name: HOSTILE,
        sessionId: HOSTILE,
        userId: HOSTILE,
        tags: [HOSTILE],
        metadata: { [HOSTILE]: { [HOSTILE]: HOSTILE } },
        output: [{ role: "assistant", content: HOSTILE }],
      });
      root
        .startGeneration({
          name: HOSTILE,
          model: HOSTILE,
          modelParameters: { [HOSTILE]: HOSTILE },
          usageDetails: { [`input ${HOSTILE}`]: 1, output: 2 },
          costDetails: { [HOSTILE]: 1 },
          prompt: { name: HOSTILE, version: 1 },
          metadata: { [HOSTILE]: HOSTILE },
          statusMessage: HOSTILE,
          level: "WARNING",
          input: [
            { role: "system", content: HOSTILE },
            { role: HOSTILE, content: HOSTILE },
            { role: "user", content: [{ type: "image_url", image_url: { url: "javascript:1" } }] },
          ],
          output: {
            role: "assistant",
            content: HOSTILE,
            tool_calls: [
              { id: HOSTILE, type: "function", function: { name: HOSTILE, arguments: HOSTILE } },
            ],
          },
        })
        .end();
      const failed = root.startObservation({ name: HOSTILE, asType: "tool" });
      failed.recordError(Object.assign(new Error(HOSTILE), { name: HOSTILE, stack: HOSTILE }));
      failed.end();
      root.scoreTrace({ name: HOSTILE, value: HOSTILE.slice(0, 400), comment: HOSTILE });
    });
    const report = await client.flush();
    expect(report).toMatchObject({ delivered: 3, scores: { delivered: 1 }, isComplete: true });
  });

  it.each([WIDE, NARROW])("shows it as text and runs none of it at $width px", async (view) => {
    const { page, complaints, close } = await openPage(browser, studio.url, view);
    await page.getByTestId("session-row").click();
    const turn = page.getByTestId("turn");
    await turn.waitFor();
    expect(await turn.getByTestId("turn-user").textContent()).toContain(HOSTILE);
    expect(await turn.getByTestId("turn-assistant").textContent()).toContain(HOSTILE);
    expect(await page.getByTestId("session-id").textContent()).toBe(HOSTILE);
    await expectNoHorizontalScroll(page);

    await turn.getByTestId("turn-toggle").click();
    const steps = turn.getByTestId("observation-row");
    await steps.nth(2).waitFor();
    for (let index = 0; index < 3; index += 1) {
      await steps.nth(index).click();
      const detail = page.getByTestId("observation-detail");
      await detail.waitFor();
      await detail
        .getByRole("heading", { name: HOSTILE.slice(0, 20) })
        .first()
        .waitFor();
      for (const fold of await page.locator('button[aria-expanded="false"]').all()) {
        if (await fold.isVisible()) await fold.click();
      }
      await expectNoHorizontalScroll(page);
    }
    const path = `${SCREENSHOTS}/hostile-${view.width}.png`;
    await page.evaluate("window.scrollTo(0, 0)");
    await page.screenshot({ path, fullPage: true });

    expect(
      await page.evaluate(
        "[window.wasRun, document.querySelectorAll('img, iframe, a[href^=javascript]').length]",
      ),
    ).toEqual([undefined, 0]);
    expect(complaints).toEqual([]);
    await close();
  });
});

async function expectNoHorizontalScroll(page: Page): Promise<void> {
  const [contentWidth, windowWidth] = await page.evaluate<[number, number]>(
    "[document.documentElement.scrollWidth, window.innerWidth]",
  );
  expect(contentWidth).toBeLessThanOrEqual(windowWidth);
}

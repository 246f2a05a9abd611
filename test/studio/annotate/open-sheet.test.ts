import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { createListBench, PATIENCE } from "../page/list/list-page";
import { sendTurns, type TurnFields } from "../page/replay-sessions";
import { post } from "../server/running-studio";

const bench = createListBench();
const TURN_COUNT = 120;

function turnOf(index: number): TurnFields {
  return {
    sessionId: "long",
    traceId: `turn-${index}`,
    startMs: index * 1_000,
    durationMs: 800,
    input: `Question ${index}`,
    output: `Answer ${index}. ${"It sails along the coast. ".repeat(12)}`,
    steps: [{ id: `step-${index}`, type: "tool", from: 100, to: 400 }],
  };
}

const sendLongSession = (): Promise<void> =>
  sendTurns(
    bench.studio.url,
    Array.from({ length: TURN_COUNT }, (_, index) => turnOf(index)),
  );

const sheetOf = (page: Page): Locator => page.locator('dialog:modal[data-testid="correct"]');
const fieldOf = (page: Page): Locator => sheetOf(page).getByLabel("What it should have been");
const turnNumbered = (page: Page, number: number): Locator =>
  page.getByRole("heading", { name: `Turn ${number}`, exact: true, includeHidden: true });

/** How far below the top of the window a turn begins, in CSS pixels. */
async function placeOf(page: Page, index: number): Promise<number> {
  return (await page.locator(`[data-trace-id="turn-${index}"]`).boundingBox())?.y ?? Number.NaN;
}

/** But for a part of a pixel: heights are none of whole pixels. */
async function expectPlace(page: Page, index: number, place: number): Promise<void> {
  expect(Math.abs((await placeOf(page, index)) - place)).toBeLessThan(2);
}

/** Opens the correction of a turn by keyboard and begins to write. */
async function beginToCorrect(page: Page, index: number): Promise<void> {
  await page.locator(`[data-trace-id="turn-${index}"]`).focus();
  await page.keyboard.press("o");
  await write(page);
}

async function write(page: Page): Promise<void> {
  await sheetOf(page).waitFor();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("Better");
}

async function saveCorrection(page: Page, index: number): Promise<void> {
  await page.keyboard.type(" answer");
  await page.keyboard.press("ControlOrMeta+Enter");
  await sheetOf(page).waitFor({ state: "detached" });
  const answer = await fetch(`${bench.studio.url}/api/public/v2/scores`);
  expect(await answer.json()).toMatchObject({
    data: [{ traceId: `turn-${index}`, stringValue: "Better answer" }],
  });
}

describe("Escape in a sheet", () => {
  it.each([
    ["a turn whose steps are open", "/sessions/long", '[data-trace-id="turn-1"]'],
    ["a step", "/sessions/long?observation=step-1", '[data-observation-id="step-1"]'],
  ])("of %s closes the sheet alone", async (_, path, focus) => {
    await sendTurns(bench.studio.url, [turnOf(0), turnOf(1)]);
    const { page, complaints } = await bench.open(path);
    await page.locator(focus).focus();
    const panel = page.locator('[data-trace-id="turn-1"] .turn-panel');
    if (path === "/sessions/long") await page.keyboard.press("Enter");
    await panel.waitFor();
    await page.keyboard.press("o");
    await sheetOf(page).waitFor();
    await page.keyboard.press("Escape");
    await sheetOf(page).waitFor({ state: "detached" });
    expect(await panel.isVisible()).toBe(true);
    expect(await page.getByTestId("observation-detail").count()).toBe(
      path === "/sessions/long" ? 0 : 1,
    );
    expect(await page.locator(focus).and(page.locator(":focus")).count()).toBe(1);
    expect(complaints).toEqual([]);
  });
});

it.each([
  ["comments", "Comment", "/traces/turn-0"],
  ["scores", "Score", "/traces/turn-0"],
  ["correct", "Correct", "/traces/turn-0"],
  ["publish-dialog", "Publish", "/sessions/long"],
])(
  "the sheet of %s that is opened again at the moment it closes has its content",
  async (...row) => {
    const [testId, name, path] = row;
    await sendTurns(bench.studio.url, [turnOf(0)]);
    const { page } = await bench.open(path);
    const button = page.getByRole("button", { name, exact: true }).first();
    await button.evaluate((element) => element.setAttribute("data-opener", ""));
    await button.click();
    const sheet = page.locator(`dialog[data-testid="${testId}"]`);
    await sheet.getByRole("heading").first().waitFor();
    // The browser tells of the end only after both; by the next task the page has drawn what that means.
    await page.evaluate(`new Promise((done) => {
    const sheet = document.querySelector("dialog[open]");
    sheet.addEventListener("close", () => setTimeout(done));
    sheet.close();
    document.querySelector("[data-opener]").click();
  })`);
    expect(await sheet.getByRole("heading").count()).toBe(1);
  },
);

it.each([
  ["comments", "c", "/traces/turn-0"],
  ["scores", "a", "/traces/turn-0"],
  ["correct", "o", "/traces/turn-0"],
  ["publish-dialog", "P", "/sessions/long"],
])(
  "a key that comes as the sheet of %s closes opens it again, from the field in it",
  async (...row) => {
    const [testId, key, path] = row;
    await sendTurns(bench.studio.url, [turnOf(0)]);
    const config = JSON.stringify({ name: "remark", dataType: "TEXT" });
    expect((await post(bench.studio, "/api/public/score-configs", config)).status).toBe(200);
    const { page } = await bench.open(path);
    await page.getByRole("button", { name: "Correct", exact: true }).first().waitFor();
    await page.keyboard.press(key);
    const sheet = page.locator(`dialog:modal[data-testid="${testId}"]`);
    if (key === "P") await sheet.getByLabel("Your name").focus(); // it begins at a button
    await sheet.locator("input:focus, textarea:focus").waitFor();
    // In a browser it still has the focus at that moment; here it gets the key whether or not.
    await page.evaluate(`new Promise((done) => {
    const field = document.activeElement;
    const sheet = field.closest("dialog");
    sheet.addEventListener("close", () => setTimeout(done));
    sheet.close();
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "${key}", bubbles: true, cancelable: true }));
  })`);
    expect(await sheet.count()).toBe(1);
    await sheet.getByRole("heading").first().waitFor();
  },
);

describe("a sheet that is open in a turn of a long session", () => {
  it("stays, with the place on the page, while the session plays on", async () => {
    await sendLongSession();
    const { page, complaints } = await bench.open("/sessions/long?t=45.9");
    await turnNumbered(page, 46).waitFor();
    for (let press = 0; press < 4; press += 1) await page.keyboard.press("]"); // 16 times as fast
    await page.locator('[data-trace-id="turn-45"]').focus();
    // Both at once: on a slow machine the turn is far away soon.
    await page.evaluate(`for (const key of [" ", "o"]) {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      document.activeElement.dispatchEvent(event);
    }`);
    await write(page);
    await turnNumbered(page, 48).waitFor({ state: "attached" });
    const placeBefore = await placeOf(page, 45);
    const time = page.getByTestId("player-time");
    await expect.poll(() => time.textContent(), PATIENCE).toMatch(/^(?:1:[1-9]\d|2:\d\d)/);
    await expectPlace(page, 45, placeBefore);
    expect(await fieldOf(page).inputValue()).toBe("Better");
    await saveCorrection(page, 45);
    expect(complaints).toEqual([]);
  });

  it("stays, with the place on the page, while turns arrive", async () => {
    await sendLongSession();
    const { page, complaints } = await bench.open("/sessions/long");
    await turnNumbered(page, 1).waitFor();
    await page.locator('[data-testid="live-state"][data-state="live"]').waitFor();
    await page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)");
    await turnNumbered(page, TURN_COUNT).waitFor();
    await page.getByText(`Answer ${TURN_COUNT - 1}.`).waitFor();
    await page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)");
    await beginToCorrect(page, TURN_COUNT - 1);
    const placeBefore = await placeOf(page, TURN_COUNT - 1);
    for (let index = TURN_COUNT; index < TURN_COUNT + 30; index += 10) {
      const arrived = Array.from({ length: 10 }, (_, at) => turnOf(index + at));
      await sendTurns(bench.studio.url, arrived);
      const count = page.getByText(`${index + 10} turns`, { exact: true });
      await count.waitFor({ state: "attached" });
    }
    await expectPlace(page, TURN_COUNT - 1, placeBefore);
    expect(await fieldOf(page).inputValue()).toBe("Better");
    await saveCorrection(page, TURN_COUNT - 1);
    expect(complaints).toEqual([]);
  });

  it("stays when the reader scrolls to either end of the page beneath it", async () => {
    await sendLongSession();
    const { page, complaints } = await bench.open("/sessions/long?trace=turn-60");
    await page.getByText("Answer 60.").waitFor();
    await beginToCorrect(page, 60);
    const ends = [
      ["document.documentElement.scrollHeight", TURN_COUNT],
      ["0", 1],
      ["document.documentElement.scrollHeight", TURN_COUNT],
    ] as const;
    for (const [place, number] of ends) {
      await page.evaluate(`window.scrollTo(0, ${place})`);
      await turnNumbered(page, number).waitFor();
      expect(await fieldOf(page).inputValue()).toBe("Better");
      expect(await page.getByTestId("turn").count()).toBeLessThan(30);
    }
    await page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight / 2)");
    await turnNumbered(page, 60).waitFor();
    expect(await page.locator('[data-trace-id="turn-60"]').count()).toBe(1);
    await saveCorrection(page, 60);
    expect(complaints).toEqual([]);
  });
});

it("a short session stays at the turn that was corrected when others came meanwhile", async () => {
  const turns = Array.from({ length: 20 }, (_, index) => turnOf(index));
  await sendTurns(bench.studio.url, turns.slice(0, 10));
  const { page, complaints } = await bench.open("/sessions/long");
  await page.locator('[data-testid="live-state"][data-state="live"]').waitFor();
  await page.getByText("Answer 9.").waitFor();
  await page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)");
  await beginToCorrect(page, 9);
  const placeBefore = await placeOf(page, 9);
  await sendTurns(bench.studio.url, turns.slice(10));
  await turnNumbered(page, 20).waitFor({ state: "attached" });
  await saveCorrection(page, 9);
  await page.locator('[data-trace-id="turn-9"]').getByTestId("correction").waitFor();
  await expectPlace(page, 9, placeBefore);
  // It is followed again once the reader is at the end again.
  await page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)");
  await sendTurns(bench.studio.url, [turnOf(20)]);
  await turnNumbered(page, 21).waitFor();
  const below = "document.documentElement.scrollHeight - window.innerHeight - window.scrollY";
  await expect.poll(() => page.evaluate(below), PATIENCE).toBeLessThan(2);
  expect(complaints).toEqual([]);
});

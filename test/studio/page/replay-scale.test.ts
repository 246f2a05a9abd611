import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { type Studio, startStudio } from "../../../src/studio/server/index";
import { launchBrowser } from "../../support/browser";
import { sendTurns, type TurnFields } from "./replay-sessions";

let browser: Browser;
let studio: Studio;
let context: BrowserContext;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser?.close());

beforeEach(async () => {
  studio = await startStudio({ port: 0, db: ":memory:" });
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  // The longest time that the page did not react.
  await page.addInitScript(`
    window.longestTaskMs = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        window.longestTaskMs = Math.max(window.longestTaskMs, duration);
      }
    }).observe({ type: "longtask", buffered: true });
  `);
});

afterEach(async () => {
  await context.close();
  await studio.close();
});

function turnOf(index: number): TurnFields {
  const traceId = `long-${String(index).padStart(4, "0")}`;
  return {
    sessionId: "long",
    traceId,
    startMs: index * 10_000,
    durationMs: 2_000,
    input: `Question number ${index}, about a ship?`,
    output: `Answer number ${index}. ${"It sails along the coast. ".repeat(1 + (index % 9))}`,
    steps: [
      { id: `${traceId}-look`, type: "tool", from: 100, to: 400 },
      { id: `${traceId}-reply`, type: "generation", from: 500, to: 2_000, firstTokenMs: 300 },
    ],
  };
}

const SCROLL_STEPS = 80;

async function sendLongSession(count: number): Promise<void> {
  for (let from = 0; from < count; from += 100) {
    const turns = Array.from({ length: Math.min(100, count - from) }, (_, at) => turnOf(from + at));
    await sendTurns(studio.url, turns);
  }
}

/** Scrolls to the end until the last turn is there: those that are measured on the way make the page longer. */
async function expectLastTurn(): Promise<void> {
  const lastTurn = page
    .getByTestId("turn")
    .filter({ hasText: "Answer number 999." })
    .getByRole("heading", { name: "Turn 1000", exact: true });
  const countAtEnd = async (): Promise<number> => {
    await page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)");
    return lastTurn.count();
  };
  await expect.poll(countAtEnd, { timeout: 10_000 }).toBe(1);
}

// How fast it opens and scrolls is a matter of `npm run bench:studio`.
it("has few of 1,000 turns in the page, at the beginning, while it is scrolled and in the end", async () => {
  await sendLongSession(1_000);
  await page.goto(`${studio.url}/sessions/long`);
  await page.getByTestId("turn-assistant").first().waitFor();
  expect(await page.getByTestId("turn").count()).toBeLessThan(40);

  for (let step = 0; step < SCROLL_STEPS; step += 1) {
    await page.mouse.wheel(0, 300);
    await page.evaluate("new Promise((resolve) => requestAnimationFrame(resolve))");
  }
  expect(await page.getByTestId("turn").count()).toBeLessThan(60);

  await expectLastTurn();
  expect(complaints).toEqual([]);
});

it("keeps the page small from the first of 1,000 turns to the last", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await sendLongSession(1_000);
  await page.goto(`${studio.url}/sessions/long`);
  await page.getByTestId("turn-assistant").first().waitFor();
  const nodeCounts: number[] = [];
  // Near the end the last turn may come into the page and, once others are measured, leave it again.
  const isAtEnd = "window.scrollY + window.innerHeight > document.documentElement.scrollHeight - 2";
  while (!(await page.evaluate<boolean>(isAtEnd)) && nodeCounts.length < 200) {
    await page.evaluate("window.scrollBy(0, 3 * window.innerHeight)");
    await page.evaluate("new Promise((resolve) => requestAnimationFrame(resolve))");
    nodeCounts.push(await page.evaluate<number>("document.querySelectorAll('*').length"));
  }
  await expectLastTurn();
  expect(nodeCounts.length).toBeGreaterThan(20);
  // The scrubber has a piece per turn and a mark per tool and first token, wherever the reader is.
  expect(Math.max(...nodeCounts) - Math.min(...nodeCounts)).toBeLessThan(1_500);
  expect(complaints).toEqual([]);
});

it("opens at a turn far down that the address names, on a small screen", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await sendLongSession(300);
  await page.goto(`${studio.url}/sessions/long?trace=long-0250`);
  const turn = page.locator('[data-trace-id="long-0250"][data-sought]');
  await turn.waitFor();
  await expect
    .poll(async () => Math.round((await turn.boundingBox())?.y ?? 0), { timeout: 10_000 })
    .toBeOneOf([55, 56, 57]);
  expect(await page.getByTestId("turn").count()).toBeLessThan(40);
});

it("brings a step far down in a long session into view by its link", async () => {
  await sendLongSession(300);
  await page.goto(`${studio.url}/sessions/long?observation=long-0250-look`);
  await page.getByTestId("observation-detail").waitFor();
  const turn = page.locator('[data-trace-id="long-0250"]');
  expect(await turn.getByTestId("observation-detail").count()).toBe(1);
  await page.waitForFunction(
    `(() => {
      const { top } = document.querySelector('[data-trace-id="long-0250"]').getBoundingClientRect();
      return top > 0 && top < innerHeight / 2;
    })()`,
  );
});

it("stands at a moment far into a long session, with only the turns round it in the page", async () => {
  await sendLongSession(300);
  await page.goto(`${studio.url}/sessions/long?t=2001.5`);
  await page.getByText("Question number 200,").waitFor();
  expect(await page.getByText("Question number 201,").count()).toBe(0);
  expect(await page.getByTestId("turn").count()).toBeLessThan(40);
  await page.keyboard.press("n");
  await page.getByText("Question number 201,").waitFor();
});

it("leads by keyboard past a turn higher than the window, down and up, in a long session", async () => {
  const high = { ...turnOf(2), output: "- one more line of a long list\n".repeat(400) };
  const turns = Array.from({ length: 60 }, (_, index) => (index === 2 ? high : turnOf(index)));
  await sendTurns(studio.url, turns);
  await page.goto(`${studio.url}/sessions/long`);
  await page.getByRole("button", { name: "Show more" }).click();
  const focused = (): Promise<string> =>
    page.evaluate("document.activeElement.querySelector('h2')?.textContent");
  await page.evaluate("window.scrollTo(0, 0)");
  await page.locator('[data-trace-id="long-0001"]').focus();
  const seen: string[] = [];
  for (const key of ["j", "j", "k", "k", "k"]) {
    await page.keyboard.press(key);
    seen.push(await focused());
    // What comes into the page with the window's new place is there a frame later.
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))");
  }
  expect(seen).toEqual(["Turn 3", "Turn 4", "Turn 3", "Turn 2", "Turn 1"]);
  expect(complaints).toEqual([]);
});

it("folds an output of 5 MB and stays responsive while it is there", async () => {
  const output = "All that was found, line after line.\n".repeat(150_000).slice(0, 5_000_000);
  const turn = { ...turnOf(0), output };
  await sendTurns(studio.url, [turn, { ...turnOf(1), output: "Short." }]);
  await page.goto(`${studio.url}/sessions/long`);
  await page.getByText("Short.").waitFor();
  const answer = page.getByTestId("turn-assistant").first();
  await answer.waitFor();

  expect(((await answer.textContent()) ?? "").length).toBeLessThan(6_000);
  expect(await answer.textContent()).toContain("of 5,000,000 characters hidden");
  await answer.getByRole("button", { name: "Show more" }).click();
  await page.keyboard.press("p");
  await page.keyboard.press("p");
  await page.getByText("Short.").waitFor({ state: "detached" });
  await page.keyboard.press("Space");
  await page.getByText("Short.").waitFor(); // all of the turn before has been played
  expect(await page.evaluate("window.longestTaskMs")).toBeLessThan(500);
  expect(complaints).toEqual([]);
});

it("shows only the beginning of a long text while it is written, and what was asked for after it", async () => {
  const output = "All that was found, line after line.\n".repeat(2_000);
  await sendTurns(studio.url, [{ ...turnOf(0), output }]);
  await page.goto(`${studio.url}/sessions/long`);
  const answer = page.getByTestId("turn-assistant");
  const lengthOfAnswer = async (): Promise<number> => ((await answer.textContent()) ?? "").length;
  await answer.getByRole("button", { name: "Show more" }).click();
  await answer.getByRole("button", { name: "Show more" }).click();
  await answer.getByRole("button", { name: "Show less" }).waitFor();
  expect(await lengthOfAnswer()).toBeGreaterThan(output.length);

  await page.keyboard.press("ArrowLeft");
  await expect.poll(lengthOfAnswer).toBeLessThan(4_000);
  expect(await answer.textContent()).toContain("characters hidden");
  expect(await answer.getByRole("button", { name: "Show more" }).count()).toBe(0);

  await page.keyboard.press("Space");
  await answer.getByRole("button", { name: "Show less" }).waitFor();
  expect(await lengthOfAnswer()).toBeGreaterThan(output.length);
  expect(complaints).toEqual([]);
});

it("plays a turn that arrives while the reader is at the end", async () => {
  await sendTurns(studio.url, [turnOf(0)]);
  await page.goto(`${studio.url}/sessions/long`);
  await page.getByText("Answer number 0.").waitFor();
  await page.getByTestId("live-state").getByText("Live").waitFor();
  await page.evaluate(`
    window.lengths = [];
    new MutationObserver(() => {
      const turn = document.querySelectorAll('[data-testid="turn"]')[1];
      const answer = turn?.querySelector('[data-testid="turn-assistant"]');
      const length = answer?.textContent.length ?? 0;
      if (turn && window.lengths.at(-1) !== length) window.lengths.push(length);
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  `);

  const arrived = turnOf(1);
  await sendTurns(studio.url, [arrived]);

  await page.getByText(arrived.output.trim()).waitFor();
  const lengths = await page.evaluate<number[]>("window.lengths");
  expect(lengths).toEqual([...lengths].sort((one, other) => one - other));
  expect(lengths[0]).toBe(0);
  expect(lengths.length).toBeGreaterThan(5);
  await page.locator('[data-testid="player"]:not([data-playing])').waitFor();
  expect(complaints).toEqual([]);
});

it("leaves a reader in peace who looks at an earlier moment when a turn arrives", async () => {
  await sendTurns(studio.url, [turnOf(0), turnOf(1)]);
  await page.goto(`${studio.url}/sessions/long?t=1`);
  await page.getByTestId("turn").waitFor();
  await page.getByTestId("live-state").getByText("Live").waitFor();

  await sendTurns(studio.url, [turnOf(2)]);

  await page.getByTestId("player-time").getByText("/ 0:22.0").waitFor();
  expect(await page.getByTestId("turn").count()).toBe(1);
  expect(await page.getByTestId("player-time").textContent()).toBe("0:01.0 / 0:22.0");
});

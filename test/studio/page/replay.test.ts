import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Studio, startStudio } from "../../../src/studio/server/index";
import { accessibilityViolations } from "../../support/accessibility";
import { launchBrowser } from "../../support/browser";
import { CHAT, RECORDED_ANSWER, STREAMED_ANSWER, sendTurns } from "./replay-sessions";

/** Far from the time of the test, so that a clock that runs on its own is noticed. */
const PAGE_TIME = new Date("2026-01-01T00:00:00Z");
const PAUSED_TIME = new Date("2026-01-01T01:00:00Z");

let browser: Browser;
let studio: Studio;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  studio = await startStudio({ port: 0, db: ":memory:" });
  await sendTurns(studio.url, CHAT);
});

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});

afterAll(async () => {
  await browser?.close();
  await studio?.close();
});

interface Opening {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
  readonly reducedMotion?: "reduce" | "no-preference";
  /** Whether time stands still in the page, once the session is there. */
  readonly isPaused?: boolean;
}

/** A page of the studio, and what went wrong in it. */
async function open(
  path: string,
  opening: Opening = {},
): Promise<{ page: Page; complaints: string[] }> {
  const { width = 1440, height = 900, colorScheme = "light", isPaused = false } = opening;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion: opening.reducedMotion ?? "no-preference",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  contexts.push(context);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  if (isPaused) await page.clock.install({ time: PAGE_TIME });
  await page.goto(studio.url + path);
  await page.getByTestId("turn").first().waitFor();
  if (isPaused) await page.clock.pauseAt(PAUSED_TIME);
  return { page, complaints };
}

/** Characters of the answer of a turn that are there; 0 where it has none yet. */
async function answerLength(page: Page, turn: number): Promise<number> {
  const answer = page.getByTestId("turn").nth(turn).getByTestId("turn-assistant");
  return (await answer.count()) === 0 ? 0 : ((await answer.textContent()) ?? "").length;
}

function playerTime(page: Page): Promise<string | null> {
  return page.getByTestId("player-time").locator("strong").textContent();
}

async function played(page: Page, ms: number): Promise<void> {
  await page.clock.runFor(ms);
}

describe("while nothing is played", () => {
  it("shows the whole session, with the player at its end", async () => {
    const { page, complaints } = await open("/sessions/chat");
    await page.getByTestId("turn-assistant").nth(2).waitFor();
    expect(await page.getByTestId("turn-assistant").allTextContents()).toEqual([
      RECORDED_ANSWER,
      "Sorry, none is free.",
      STREAMED_ANSWER,
    ]);
    expect(await page.getByTestId("player-time").textContent()).toBe("1:13.0 / 1:13.0");
    expect(complaints).toEqual([]);
  });
});

describe("playing, by the clock of the page", () => {
  it("lets turns appear as they happened and the text grow as it was recorded", async () => {
    const { page, complaints } = await open("/sessions/chat", { isPaused: true });
    await page.keyboard.press("Space");
    await played(page, 100);
    expect(await page.getByTestId("turn").count()).toBe(1);
    expect(await page.getByTestId("turn-user").textContent()).toBe("What is a lighthouse?");
    expect(await page.getByTestId("step-chip").count()).toBe(0);
    expect(await page.getByTestId("turn-waiting").count()).toBe(1);

    await played(page, 200); // 0.3 s: the tool runs
    expect(await page.getByTestId("step-chip").textContent()).toBe("look_up");
    const lengths: number[] = [];
    for (const stepMs of [1_150, 100, 450, 50, 900, 100]) {
      await played(page, stepMs); // 1.45, 1.55, 2.0, 2.05, 2.95, 3.05 s
      lengths.push(await answerLength(page, 0));
    }
    expect(lengths).toEqual([0, 20, expect.toBeOneOf([20, 50]), 50, 50, 100]);
    expect(await page.getByTestId("turn-assistant").textContent()).toBe(RECORDED_ANSWER);

    await played(page, 1_000); // the turn is over
    expect(await page.getByTestId("turn-latency").textContent()).toContain("4.00 s");
    await played(page, 500); // the idle minute is skipped
    await page.getByTestId("turn").nth(1).waitFor();
    expect(complaints).toEqual([]);
  });

  it("types evenly between first token and end where no pace was recorded", async () => {
    const { page } = await open("/sessions/chat?t=70.9", { isPaused: true });
    expect(await answerLength(page, 2)).toBe(0);
    await page.keyboard.press("Space");
    const lengths: number[] = [];
    for (const stepMs of [600, 500, 500]) {
      await played(page, stepMs); // 1.5, 2, 2.5 s of 1 to 3
      lengths.push(await answerLength(page, 2));
    }
    expect(lengths[0]).toBeOneOf([14, 15]);
    expect(lengths[1]).toBeOneOf([29, 30]);
    expect(lengths[2]).toBeOneOf([44, 45]);
  });

  it("plays at sixteen times the pace", async () => {
    const { page } = await open("/sessions/chat", { isPaused: true });
    await page.getByTestId("player-speed").selectOption("16");
    await page.getByRole("button", { name: "Play" }).click();
    await played(page, 110); // 1.5 to 1.76 s
    expect(await answerLength(page, 0)).toBe(20);
    await played(page, 40); // 2.1 to 2.4 s
    expect(await answerLength(page, 0)).toBe(50);
    await played(page, 50); // 2.9 to 3.2 s
    expect(await answerLength(page, 0)).toBeOneOf([50, 100]);
    await played(page, 600);
    expect(await page.getByTestId("player").getAttribute("data-playing")).toBeNull();
    expect(await page.getByTestId("turn").count()).toBe(3);
  });

  it("keeps idle time when it is told to", async () => {
    const { page } = await open("/sessions/chat?t=3.9", { isPaused: true });
    await page.getByRole("button", { name: "Skip idle" }).click();
    await page.getByTestId("player-speed").selectOption("16");
    await page.getByRole("button", { name: "Play" }).click();
    await played(page, 2_000); // half a minute
    expect(await page.getByTestId("turn").count()).toBe(1);
    await played(page, 1_900);
    await page.getByTestId("turn").nth(1).waitFor();
  });

  it("stands while paused and goes on from there", async () => {
    const { page } = await open("/sessions/chat", { isPaused: true });
    await page.keyboard.press("Space");
    await played(page, 1_600);
    await page.keyboard.press("Space");
    await played(page, 10_000);
    expect(await answerLength(page, 0)).toBe(20);
    expect(await playerTime(page)).toMatch(/^0:01\.[56]$/);
    await page.keyboard.press("Space");
    await played(page, 500);
    expect(await answerLength(page, 0)).toBe(50);
  });
});

it("plays eleven seconds at sixteen times the pace in 0.7 s of real time", async () => {
  const { page } = await open("/sessions/chat");
  await page.getByTestId("player-speed").selectOption("16");
  const tookMs = await page.evaluate<number>(`new Promise((resolve) => {
    const player = document.querySelector('[data-testid="player"]');
    const startMs = performance.now();
    document.querySelector('[aria-label="Play"]').click();
    new MutationObserver(() => {
      if (!player.hasAttribute("data-playing")) resolve(performance.now() - startMs);
    }).observe(player, { attributes: true, attributeFilter: ["data-playing"] });
  })`);
  expect(tookMs).toBeGreaterThan((11_000 / 16) * 0.99);
  expect(tookMs).toBeLessThan(2_500);
});

describe("moving the playhead", () => {
  it("jumps by key to errors, tools and turns, and steps from event to event", async () => {
    const { page, complaints } = await open("/sessions/chat");
    const press = async (key: string): Promise<string | null> => {
      await page.keyboard.press(key);
      return playerTime(page);
    };
    expect(await press("e")).toBe("1:05.5");
    expect(await page.getByTestId("turn-error").textContent()).toContain("sold out");
    expect(await press("t")).toBe("0:00.2"); // round the end to the first
    expect(await press("t")).toBe("1:04.5");
    expect(await press("n")).toBe("1:10.0");
    expect(await press("p")).toBe("1:04.0");
    expect(await press("p")).toBe("0:00.0");
    expect([await press("."), await press("."), await press(",")]).toEqual([
      "0:00.2",
      "0:01.5",
      "0:00.2",
    ]);
    expect(await press("ArrowRight")).toBe("0:01.2");
    expect(await press("Shift+ArrowRight")).toBe("1:05.7");
    expect(await press("ArrowLeft")).toBe("1:04.7");
    await page.keyboard.press("]");
    await page.keyboard.press("]");
    expect(await page.getByTestId("player-speed").inputValue()).toBe("4");
    await page.keyboard.press("[");
    expect(await page.getByTestId("player-speed").inputValue()).toBe("2");
    await page.getByRole("button", { name: "Show all" }).click();
    expect(await page.getByTestId("turn").count()).toBe(3);
    expect(complaints).toEqual([]);
  });

  it("marks errors, first tokens, turns and silence on the scrubber, and previews what is there", async () => {
    const { page } = await open("/sessions/chat");
    const count = (kind: string): Promise<number> =>
      page.locator(`.scrubber-mark[data-kind="${kind}"]`).count();
    expect([await count("turn"), await count("error"), await count("first-token")]).toEqual([
      3, 1, 2,
    ]);
    expect(await page.getByTestId("scrubber-gap").count()).toBe(2);

    const box = await page.getByTestId("scrubber").boundingBox();
    if (box === null) throw new Error("Expected a scrubber that is shown");
    const xAt = (playedMs: number): number => box.x + (playedMs / 11_000) * box.width;
    await page.mouse.move(xAt(6_000), box.y + box.height / 2);
    const preview = page.getByTestId("scrubber-preview");
    expect(await preview.textContent()).toMatch(/^1:05\.[45]turn 2errorBook me one\.$/);

    await page.mouse.click(xAt(2_500), box.y + box.height / 2);
    expect(await playerTime(page)).toMatch(/^0:02\.[45]$/);
    expect(await answerLength(page, 0)).toBe(50);

    await page.getByLabel("Position in the session").focus();
    await page.keyboard.press("Home");
    expect(await playerTime(page)).toBe("0:00.0");
    await page.keyboard.press("End");
    expect(await page.getByTestId("turn").count()).toBe(3);
  });
});

describe("links", () => {
  it("opens at the moment that `t` names, and keeps the address up to date", async () => {
    const { page } = await open("/sessions/chat?t=2.2");
    await page.getByTestId("turn-assistant").waitFor();
    expect(await playerTime(page)).toBe("0:02.2");
    expect(await page.getByTestId("turn").count()).toBe(1);
    expect(await answerLength(page, 0)).toBe(50);

    await page.keyboard.press("n");
    await page.waitForURL(/\?t=64$/);
    await page.getByRole("button", { name: "Copy a link to this moment" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(
      `${studio.url}/sessions/chat?t=64`,
    );
    await page.getByRole("button", { name: "Show all" }).click();
    await page.waitForURL(/\/sessions\/chat$/);
  });

  it("opens the details of the step that `observation` names", async () => {
    const { page } = await open("/sessions/chat?observation=book");
    const detail = page.getByTestId("observation-detail");
    await detail.waitFor();
    expect(await detail.getByRole("heading", { name: "book" }).count()).toBe(1);
    expect(await page.getByTestId("turn").nth(1).getByTestId("observation-detail").count()).toBe(1);
    await detail.getByRole("button", { name: "Close the details" }).click();
    await page.waitForURL(/\/sessions\/chat$/);
  });

  it("names the open step still when the steps of another turn are opened and closed", async () => {
    const { page } = await open("/sessions/chat?observation=book");
    const detail = page.getByTestId("observation-detail");
    await detail.waitFor();
    const linkOfNow = async (): Promise<string> => {
      await page.getByRole("button", { name: "Copy a link to this moment" }).click();
      await page.getByRole("button", { name: "Copied" }).waitFor();
      await page.getByRole("button", { name: "Copy a link to this moment" }).waitFor();
      return page.evaluate("navigator.clipboard.readText()");
    };
    const other = page.getByTestId("turn").nth(2);
    await other.getByTestId("turn-toggle").click();
    await other.getByTestId("observation-row").first().waitFor();
    expect(await linkOfNow()).toBe(`${studio.url}/sessions/chat?observation=book`);
    await other.getByTestId("turn-toggle").click();
    await other.getByTestId("observation-row").first().waitFor({ state: "detached" });
    expect(await linkOfNow()).toBe(`${studio.url}/sessions/chat?observation=book`);
    await detail.getByRole("button", { name: "Close the details" }).click();
    await page.waitForURL(/\/sessions\/chat$/);
  });

  it("ignores a moment that is none", async () => {
    const { page } = await open("/sessions/chat?t=soon");
    await page.getByTestId("turn").nth(2).waitFor();
    expect(await page.getByTestId("turn").count()).toBe(3);
  });
});

describe("the waterfall beside the conversation", () => {
  it("is that of the turn under the cursor, and opens its steps", async () => {
    const { page } = await open("/sessions/chat");
    const waterfall = page.getByTestId("waterfall");
    await page.getByTestId("turn-user").nth(2).hover();
    await waterfall.getByText("reply-3").waitFor();
    await page.getByTestId("turn-user").nth(1).hover();
    await waterfall.getByText("book").click();
    await page.getByTestId("observation-detail").waitFor();
    expect(await page.getByTestId("turn").nth(1).getByTestId("observation-detail").count()).toBe(1);
  });

  it("has the playhead in it, and what is to come pale", async () => {
    const { page } = await open("/sessions/chat?t=2");
    const share = await page.evaluate<number>(`(() => {
      const line = document.querySelector('[data-testid="waterfall-playhead"]');
      const track = document.querySelector(".beside-row .obs-track").getBoundingClientRect();
      const { left, width } = line.getBoundingClientRect();
      return (left + width / 2 - track.left) / track.width;
    })()`);
    expect(share).toBeCloseTo(0.5, 1);
    await page.keyboard.press("p");
    expect(await page.locator(".beside-row[data-ahead]").allTextContents()).toHaveLength(2);
  });

  it("is a fold on a small screen", async () => {
    const { page } = await open("/sessions/chat", { width: 390, height: 844 });
    const row = page.getByTestId("waterfall").getByText("look_up");
    expect(await row.isVisible()).toBe(false);
    await page.getByRole("button", { name: /^Waterfall of turn/ }).click();
    await row.waitFor();
  });
});

describe("for a reader who asked for less motion", () => {
  it("shows an answer whole when it is complete instead of typing it", async () => {
    const { page } = await open("/sessions/chat", { isPaused: true, reducedMotion: "reduce" });
    await page.keyboard.press("Space");
    await played(page, 2_900);
    expect(await answerLength(page, 0)).toBe(0);
    await played(page, 200);
    expect(await answerLength(page, 0)).toBe(100);
  });
});

describe.each([
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
])("at $width px", (size) => {
  it.each(["light", "dark"] as const)("is accessible in %s", async (colorScheme) => {
    const view = { ...size, colorScheme, reducedMotion: "reduce" } as const;
    const { page } = await open("/sessions/chat", view);
    await page.getByTestId("turn-assistant").nth(2).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press("e");
    await page.getByTestId("turn-error").waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    const [contentWidth, windowWidth] = await page.evaluate<[number, number]>(
      "[document.documentElement.scrollWidth, window.innerWidth]",
    );
    expect(contentWidth).toBeLessThanOrEqual(windowWidth);
  });
});

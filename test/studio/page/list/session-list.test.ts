import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startStudio } from "../../../../src/studio/server/index";
import { accessibilityViolations } from "../../../support/accessibility";
import {
  chipOf,
  createListBench,
  expectFirstRows,
  expectFocus,
  expectRows,
  HOUR_MS,
  NARROW,
  PATIENCE,
  rowOf,
  rowsOf,
  searchOf,
  threeSessions,
  WIDE,
} from "./list-page";
import { sendScore, sendSessions } from "./send-sessions";

const bench = createListBench();

describe("the sessions page", () => {
  it("shows what each session is about, who, how long, how much, and what went wrong", async () => {
    await sendSessions(bench.studio, ...threeSessions(Date.now()));
    await sendScore(bench.studio, { sessionId: "refund", name: "helpful", value: 0.9 });
    const { page, complaints } = await bench.open("/");
    await expectRows(page, "refund", "weather", "poem");
    await expect.poll(() => rowOf(page, "refund").textContent(), PATIENCE).toContain("helpful0.9");
    const cells = await rowOf(page, "refund").getByRole("cell").allTextContents();
    expect(cells).toEqual([
      "",
      "I want a refundrefundproduction",
      "users alicemodels gpt-4o",
      "helpful0.9billing",
      "11 step",
      "2.00 s",
      "1,200 tokens in, 300 out1.2k → 300",
      "$0.0100",
      "1 error",
      "15 min ago",
      "15 min ago",
    ]);
    expect(complaints).toEqual([]);
  });

  it("sorts by the head of a column, turns round, and says so in the address and to a screen reader", async () => {
    await sendSessions(bench.studio, ...threeSessions(Date.now()));
    const { page, complaints } = await bench.open("/sessions");
    const cost = page.getByRole("columnheader", { name: "Cost" });
    expect(await cost.getAttribute("aria-sort")).toBe("none");
    await cost.getByRole("button").click();
    await expectRows(page, "weather", "refund", "poem");
    expect(await cost.getAttribute("aria-sort")).toBe("descending");
    expect(searchOf(page)).toBe("?sort=cost");

    await page.keyboard.press("Enter");
    await expectRows(page, "poem", "refund", "weather");
    expect(await cost.getAttribute("aria-sort")).toBe("ascending");
    expect(searchOf(page)).toBe("?sort=cost&order=asc");

    await page.goBack();
    await expectRows(page, "weather", "refund", "poem");
    expect(complaints).toEqual([]);
  });

  // None of these orders is the one that the list opens with.
  it.each([
    ["Session", "ascending", ["poem", "refund", "weather"]],
    ["Turns", "descending", ["weather"]],
    ["Duration", "descending", ["weather", "refund", "poem"]],
    ["Tokens", "descending", ["weather", "refund", "poem"]],
    ["Errors", "descending", ["poem"]],
    ["Started", "descending", ["refund", "poem", "weather"]],
    ["Active", "ascending", ["poem", "weather", "refund"]],
  ])("sorts by %s, at first %s", async (title, direction, ids) => {
    const nowMs = Date.now();
    const sessions = threeSessions(nowMs).map(({ error: _, ...session }) => session);
    await sendSessions(
      bench.studio,
      ...sessions,
      { id: "weather", startMs: nowMs - 60 * HOUR_MS },
      { id: "poem", startMs: nowMs - 50 * HOUR_MS, durationMs: 400, error: "no rhyme" },
      { id: "weather", startMs: nowMs - 60 * HOUR_MS },
    );
    const { page } = await bench.open("/sessions");
    await expectRows(page, "refund", "weather", "poem");
    const head = page.getByRole("columnheader", { name: title });
    await head.getByRole("button").click();
    await expectFirstRows(page, ...ids);
    expect(await head.getAttribute("aria-sort")).toBe(direction);
  });

  it("goes from the search to a session and back by keyboard alone", async () => {
    await sendSessions(bench.studio, ...threeSessions(Date.now()));
    const { page, complaints } = await bench.open("/sessions?sort=cost");
    await expectRows(page, "weather", "refund", "poem");
    await page.keyboard.press("/");
    await page.keyboard.press("ArrowDown");
    await expectFocus(page, "weather");
    await page.keyboard.press("j");
    await expectFocus(page, "refund");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("k");
    await expectFocus(page, "refund");
    await page.keyboard.press("Enter");
    await page.getByTestId("turn").waitFor();
    await page.keyboard.press("Escape");
    await expectRows(page, "weather", "refund", "poem");
    await expectFocus(page, "refund");
    expect(searchOf(page)).toBe("?sort=cost");
    expect(complaints).toEqual([]);
  });

  it("sets and takes away a bookmark by key and by star, and keeps it", async () => {
    await sendSessions(bench.studio, ...threeSessions(Date.now()));
    const { page, complaints } = await bench.open("/sessions");
    await expectRows(page, "refund", "weather", "poem");
    await page.keyboard.press("j");
    await page.keyboard.press("b");
    const star = rowOf(page, "refund").locator(".star");
    await expect.poll(() => star.getAttribute("aria-pressed"), PATIENCE).toBe("true");
    await rowOf(page, "poem").locator(".star").click();
    await expect.poll(() => storedBookmarks(), PATIENCE).toEqual(["refund", "poem"]);
    expect(new URL(page.url()).pathname).toBe("/sessions");

    const { page: other } = await bench.open("/sessions");
    await other.getByRole("button", { name: "Bookmarked" }).click();
    await expectRows(other, "refund", "poem");
    expect(searchOf(other)).toBe("?bookmarked=true");
    await other.keyboard.press("j");
    await other.keyboard.press("b");
    await expect.poll(() => storedBookmarks(), PATIENCE).toEqual(["poem"]);
    expect(complaints).toEqual([]);
  });

  it("changes figures in place, and lets a new order wait while the reader is in the rows", async () => {
    const nowMs = Date.now();
    await sendSessions(bench.studio, ...threeSessions(nowMs));
    const { page, complaints } = await bench.open("/sessions");
    await expectRows(page, "refund", "weather", "poem");
    await page.keyboard.press("j");
    await expectFocus(page, "refund");

    await sendSessions(
      bench.studio,
      { id: "poem", startMs: nowMs - 60_000, input: "Another" },
      { id: "new" },
    );
    const waiting = page.getByRole("button", { name: "1 new" });
    await waiting.waitFor();
    await expectRows(page, "refund", "weather", "poem");
    expect(await rowOf(page, "poem").textContent()).toContain("22 steps");
    await expectFocus(page, "refund");

    await waiting.click();
    await expectRows(page, "new", "poem", "refund", "weather");
    await waiting.waitFor({ state: "detached" });
    expect(complaints).toEqual([]);
  });

  it("shows a new session at once while the reader is elsewhere", async () => {
    await sendSessions(bench.studio, ...threeSessions(Date.now()));
    const { page } = await bench.open("/sessions");
    await expectRows(page, "refund", "weather", "poem");
    await sendSessions(bench.studio, { id: "new" });
    await expectRows(page, "new", "refund", "weather", "poem");
  });

  it("says that the studio does not answer, and goes on when it does", async () => {
    const directory = await mkdtemp(join(tmpdir(), "playhead-list-"));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const db = join(directory, "studio.db");
    const first = await startStudio({ port: 0, db });
    await sendSessions(first, ...threeSessions(Date.now()));
    const { page } = await bench.open(`${first.url}/sessions`);
    await expectRows(page, "refund", "weather", "poem");
    await first.close();
    await page.getByRole("columnheader", { name: "Cost" }).getByRole("button").click();
    await page.getByRole("alert").getByText("The studio does not answer.").waitFor();
    await expectRows(page, "refund", "weather", "poem");

    const second = await startStudio({ port: Number(new URL(first.url).port), db });
    onTestFinished(() => second.close());
    await page.getByRole("button", { name: "Try again" }).click();
    await expectRows(page, "weather", "refund", "poem");
    await page.getByRole("alert").waitFor({ state: "detached" });
  });

  it("remembers which columns are hidden", async () => {
    await sendSessions(bench.studio, ...threeSessions(Date.now()));
    const { page, complaints } = await bench.open("/sessions");
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "Cost" }).uncheck();
    await page.getByRole("checkbox", { name: "Started" }).check();
    await page.reload();
    await expectRows(page, "refund", "weather", "poem");
    expect(await page.getByRole("columnheader").allTextContents()).toEqual([
      "Bookmark",
      "Session",
      "User, model",
      "Scores, tags",
      "Turns",
      "Duration",
      "Tokens",
      "Errors",
      "Started",
      "Active",
    ]);
    expect(complaints).toEqual([]);
  });

  it("draws the rows in sight alone, and loads the others as one scrolls", async () => {
    const nowMs = Date.now();
    const sessions = Array.from({ length: 1_500 }, (_, index) => ({
      id: `s${index}`,
      startMs: nowMs - index * 60_000,
      input: `Question ${index}`,
    }));
    await sendSessions(bench.studio, ...sessions);
    const { page, complaints } = await bench.open("/sessions");
    await rowOf(page, "s0").waitFor();
    let most = 0;
    await expect
      .poll(async () => {
        most = Math.max(most, await rowsOf(page).count());
        await page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)");
        return rowOf(page, "s1499").isVisible();
      }, PATIENCE)
      .toBe(true);
    expect(most).toBeLessThan(60);
    await expect.poll(() => rowsOf(page).count(), PATIENCE).toBeLessThan(60);

    await rowOf(page, "s1490").getByRole("link").click();
    await page.getByTestId("turn").waitFor();
    await page.goBack();
    await expect.poll(() => rowOf(page, "s1490").isVisible(), PATIENCE).toBe(true);
    await expectFocus(page, "s1490");
    expect(complaints).toEqual([]);
  });

  it("is a list of cards with the filters in a sheet in a narrow window", async () => {
    await sendSessions(bench.studio, ...threeSessions(Date.now()));
    const { page, complaints } = await bench.open("/sessions", NARROW);
    await expectRows(page, "refund", "weather", "poem");
    await page.getByRole("button", { name: "Filters" }).click();
    const sheet = page.getByRole("dialog", { name: "Filters" });
    await sheet.getByLabel("Sort by").selectOption("Cost");
    await sheet.getByRole("button", { name: "User" }).click();
    await sheet.getByRole("checkbox", { name: "alice 2" }).check();
    await sheet.getByRole("button", { name: "Show 2 sessions" }).click();
    await expectRows(page, "refund", "poem");
    expect(searchOf(page)).toBe("?sort=cost&user=alice");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(NARROW.width);
    await rowOf(page, "poem").click();
    await page.getByTestId("turn").waitFor();
    expect(complaints).toEqual([]);
  });

  it.each([WIDE, { ...WIDE, colorScheme: "dark" as const }, NARROW])(
    "has nothing for axe-core to find, at $width px, $colorScheme",
    async (view) => {
      await sendSessions(bench.studio, ...threeSessions(Date.now()));
      await sendScore(bench.studio, { sessionId: "refund", name: "helpful", value: 0.9 });
      const { page } = await bench.open("/sessions?last=24h&q=refund", view);
      await expectRows(page, "refund");
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.keyboard.press("j");
      await expectFocus(page, "refund");
      expect(await accessibilityViolations(page)).toEqual([]);
      if (view.width === NARROW.width) {
        await page.getByRole("button", { name: "Filters" }).click();
        await page.getByRole("dialog").getByRole("button", { name: "Score" }).click();
      } else {
        await chipOf(page, "Score").click();
      }
      await page.getByRole("checkbox", { name: "helpful 1" }).check();
      expect(await accessibilityViolations(page)).toEqual([]);

      await page.goto(`${bench.studio.url}/sessions?user=nobody`);
      await page.getByTestId("no-results").waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
    },
  );
});

async function storedBookmarks(): Promise<readonly string[]> {
  const response = await fetch(`${bench.studio.url}/api/studio/sessions?bookmarked=true`);
  const { data }: { data: { id: string }[] } = await response.json();
  return data.map(({ id }) => id);
}

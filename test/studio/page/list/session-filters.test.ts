import { describe, expect, it } from "vitest";
import {
  chipOf,
  createListBench,
  expectRows,
  HOUR_MS,
  rowOf,
  searchOf,
  threeSessions,
} from "./list-page";
import { sendScore, sendSessions } from "./send-sessions";

const HOSTILE = `<img src=x onerror="window.wasRun=1"> refund <b>`;

const bench = createListBench();

describe("the filters of the sessions page", () => {
  it("filters by chosen values, keeps them in the address, and goes back and forward through them", async () => {
    await sendSessions(bench.studio, ...threeSessions(Date.now()));
    const { page, complaints } = await bench.open("/sessions");
    await expectRows(page, "refund", "weather", "poem");
    await chipOf(page, "User").click();
    const users = page.getByRole("group", { name: "User" });
    await users.getByRole("checkbox", { name: "alice 2" }).check();
    await expectRows(page, "refund", "poem");
    expect(searchOf(page)).toBe("?user=alice");
    await page.keyboard.press("Escape");
    await users.waitFor({ state: "detached" });

    await chipOf(page, "Model").click();
    await page.getByRole("checkbox", { name: "claude 1" }).check();
    await expectRows(page, "poem");
    expect(searchOf(page)).toBe("?user=alice&model=claude");

    await page.goBack();
    await expectRows(page, "refund", "poem");
    await page.goForward();
    await expectRows(page, "poem");
    await page.reload();
    await expectRows(page, "poem");
    await page.getByRole("button", { name: "Clear User" }).click();
    await expectRows(page, "weather", "poem");
    await page.getByRole("button", { name: "Clear all" }).click();
    await expectRows(page, "refund", "weather", "poem");
    expect(searchOf(page)).toBe("");
    expect(complaints).toEqual([]);
  });

  it.each([
    ["?last=1h", ["refund"]],
    ["?last=24h", ["refund", "weather"]],
    ["?tag=billing&tag=beta", ["refund", "weather"]],
    ["?environment=production", ["refund"]],
    ["?hasErrors=false", ["weather", "poem"]],
    ["?hasErrors=true", ["refund"]],
    ["?minCost=0.01&sort=cost&order=asc", ["refund", "weather"]],
    ["?minDurationMs=3000", ["weather"]],
    ["?minTokens=1000", ["refund", "weather"]],
    ["?score=helpful>=0.8", ["refund"]],
    ["?q=lighthouse", ["refund"]],
  ])("opens the view that an address names: %s", async (search, ids) => {
    await sendSessions(bench.studio, ...threeSessions(Date.now()));
    await sendScore(bench.studio, { sessionId: "refund", name: "helpful", value: 0.9 });
    await sendScore(bench.studio, { sessionId: "poem", name: "helpful", value: 0.2 });
    const { page } = await bench.open(`/sessions${search}`);
    await expectRows(page, ...ids);
  });

  it("takes a time range, presets and bounds, from its panel", async () => {
    await sendSessions(bench.studio, ...threeSessions(Date.now()));
    const { page, complaints } = await bench.open("/sessions");
    await chipOf(page, "Time").click();
    await page.getByRole("radio", { name: "Last 24 hours" }).check();
    await expectRows(page, "refund", "weather");
    expect(searchOf(page)).toBe("?last=24h");
    await page.getByLabel("To", { exact: true }).fill("2026-01-02T03:04");
    await page.getByTestId("no-results").waitFor();
    expect(searchOf(page)).toMatch(/^\?to=2026-01-0[123]T\d\d:\d4:00Z$/);
    await page.getByRole("button", { name: "Clear filters" }).click();
    await expectRows(page, "refund", "weather", "poem");
    expect(complaints).toEqual([]);
  });

  it.each([
    ["Turns, at least", "2", "?minTurns=2", ["weather"]],
    ["Tokens, at least", "1500", "?minTokens=1500", ["refund", "weather"]],
    ["Cost, at least", "0.01", "?minCost=0.01", ["refund", "weather"]],
    ["Duration, at least", "1.5", "?minDurationMs=1500", ["refund", "weather"]],
  ])("takes a size from its panel: %s %s", async (label, typed, search, ids) => {
    const nowMs = Date.now();
    await sendSessions(bench.studio, ...threeSessions(nowMs), {
      id: "weather",
      startMs: nowMs - 3 * HOUR_MS,
    });
    const { page, complaints } = await bench.open("/sessions");
    await expectRows(page, "refund", "weather", "poem");
    await chipOf(page, "Size").click();
    await page.getByLabel(label).fill(typed);
    await page.keyboard.press("Enter");
    await expectRows(page, ...ids);
    expect(searchOf(page)).toBe(search);
    expect(await page.getByLabel(label).inputValue()).toBe(typed);
    await page.getByLabel(label).fill("");
    await page.keyboard.press("Enter");
    await expectRows(page, "refund", "weather", "poem");
    expect(searchOf(page)).toBe("");
    expect(complaints).toEqual([]);
  });

  it("leaves the focus where a quick reader puts it as the panel opens", async () => {
    await sendSessions(bench.studio, ...threeSessions(Date.now()));
    const { page } = await bench.open("/sessions");
    await chipOf(page, "Size").waitFor();
    await page.evaluate(`
      new MutationObserver((_, observer) => {
        const fields = document.querySelectorAll(".menu-panel input");
        if (fields.length === 0) return;
        observer.disconnect();
        fields[3].focus();
      }).observe(document.body, { childList: true, subtree: true });
    `);
    await chipOf(page, "Size").click();
    await page.evaluate(
      "new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))",
    );
    const focused = "document.activeElement.labels[0].textContent";
    expect(await page.evaluate(focused)).toBe("Duration, at least");
  });

  it("shows the sessions with errors, or those without, from their panel", async () => {
    await sendSessions(bench.studio, ...threeSessions(Date.now()));
    const { page, complaints } = await bench.open("/sessions");
    await expectRows(page, "refund", "weather", "poem");
    await chipOf(page, "Errors").click();
    await page.getByRole("radio", { name: "With errors" }).check();
    await expectRows(page, "refund");
    expect(searchOf(page)).toBe("?hasErrors=true");
    await page.getByRole("radio", { name: "Without errors" }).check();
    await expectRows(page, "weather", "poem");
    expect(searchOf(page)).toBe("?hasErrors=false");
    await page.getByRole("radio", { name: "All sessions" }).check();
    await expectRows(page, "refund", "weather", "poem");
    expect(searchOf(page)).toBe("");
    expect(complaints).toEqual([]);
  });

  it("filters by the value of a score", async () => {
    await sendSessions(bench.studio, ...threeSessions(Date.now()));
    await sendScore(bench.studio, { sessionId: "refund", name: "helpful", value: 0.9 });
    await sendScore(bench.studio, { sessionId: "poem", name: "helpful", value: 0.2 });
    const { page } = await bench.open("/sessions");
    await chipOf(page, "Score").click();
    await page.getByRole("checkbox", { name: "helpful 2" }).check();
    await expectRows(page, "refund", "poem");
    await page.getByLabel("How helpful compares").selectOption("<=");
    await page.getByLabel("Value of helpful").fill("0.5");
    await page.keyboard.press("Enter");
    await expectRows(page, "poem");
    expect(searchOf(page)).toBe("?score=helpful<=0.5");
  });

  it("makes a search that is typed after going back a step of its own", async () => {
    await sendSessions(bench.studio, ...threeSessions(Date.now()));
    const { page, complaints } = await bench.open("/sessions");
    await expectRows(page, "refund", "weather", "poem");
    const field = page.getByRole("searchbox");
    await field.fill("rain");
    await expectRows(page, "weather");
    await page.goBack();
    await expectRows(page, "refund", "weather", "poem");
    expect(await page.locator(".search-field:focus").count()).toBe(1);
    await field.fill("poem");
    await expectRows(page, "poem");
    await page.goBack();
    await expectRows(page, "refund", "weather", "poem");
    expect(searchOf(page)).toBe("");
    expect(complaints).toEqual([]);
  });

  it("searches as one types, shows where it was found, and leaves one step in the history", async () => {
    await sendSessions(bench.studio, ...threeSessions(Date.now()), {
      id: "hostile",
      startMs: Date.now() - 100 * HOUR_MS,
      output: HOSTILE,
    });
    const { page, complaints } = await bench.open("/sessions");
    await expectRows(page, "refund", "weather", "poem", "hostile");
    await page.keyboard.press("/");
    await page.keyboard.type("light", { delay: 200 });
    await expectRows(page, "refund");
    const match = rowOf(page, "refund").locator(".cell-match");
    expect(await match.textContent()).toBe("outputThe answer names a lighthouse.");
    expect(await match.locator("mark").allTextContents()).toEqual(["light"]);
    expect(searchOf(page)).toBe("?q=light");

    await page.getByRole("searchbox").fill("onerror");
    await expectRows(page, "hostile");
    expect(await rowOf(page, "hostile").locator(".cell-match").textContent()).toContain(
      "<img src=x",
    );
    expect(await page.evaluate("[window.wasRun, document.querySelector('img')]")).toEqual([
      undefined,
      null,
    ]);

    await page.goBack();
    await expectRows(page, "refund", "weather", "poem", "hostile");
    expect(await page.getByRole("searchbox").inputValue()).toBe("");
    expect(complaints).toEqual([]);
  });

  it("offers the ways out when nothing matches", async () => {
    await sendSessions(bench.studio, ...threeSessions(Date.now()));
    const { page, complaints } = await bench.open("/sessions?q=submarine&user=alice");
    const notice = page.getByTestId("no-results");
    await notice.getByRole("heading", { name: "Nothing found for “submarine”" }).waitFor();
    await notice.getByRole("button", { name: "Clear the search" }).click();
    await expectRows(page, "refund", "poem");
    await page.goto(`${bench.studio.url}/sessions?user=nobody`);
    await notice.getByRole("button", { name: "Clear filters" }).click();
    await expectRows(page, "refund", "weather", "poem");
    expect(complaints).toEqual([]);
  });
});

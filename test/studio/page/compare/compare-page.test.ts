import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { accessibilityViolations } from "../../../support/accessibility";
import {
  createListBench,
  expectFocus,
  expectRows,
  NARROW,
  PATIENCE,
  rowOf,
  WIDE,
} from "../list/list-page";
import { type SessionFields, sendSessions } from "../list/send-sessions";

const bench = createListBench();
const START_MS = Date.UTC(2026, 0, 2);

/** The same conversation before and after a change: one question less, one more, one answer changed. */
function conversation(id: string, turns: readonly Partial<SessionFields>[]): SessionFields[] {
  return turns.map((turn, index) => ({
    id,
    startMs: START_MS + (id === "after" ? 3_600_000 : 0) + index * 60_000,
    ...turn,
  }));
}
const BEFORE = conversation("before", [
  {
    input: "Will it rain?",
    output: "It will rain today.",
    model: "model-one",
    durationMs: 2_000,
    tokens: { input: 100, output: 20 },
    costUsd: 0.02,
  },
  { input: "Any wind?", output: "No wind.", model: "model-one", costUsd: 0.01 },
  { input: "Thanks", output: "You are welcome.", model: "model-one", costUsd: 0.01 },
]);
const AFTER = conversation("after", [
  {
    input: "will it rain",
    output: "It will snow today.",
    model: "model-two",
    durationMs: 3_000,
    tokens: { input: 150, output: 20 },
    costUsd: 0.01,
  },
  { input: "Thanks", output: "You are welcome.", model: "model-two", costUsd: 0.01 },
  { input: "Bye", output: "Bye!", model: "model-two", costUsd: 0.01 },
]);

const pairTexts = (page: Page): Promise<string[]> =>
  page.getByTestId("compare-pair").locator("header").allTextContents();

async function waitUntilRead(page: Page): Promise<void> {
  await page.getByTestId("compare-pair").first().waitFor();
  await expect
    .poll(() => page.locator('[data-testid=compare-pair][aria-busy="true"]').count(), PATIENCE)
    .toBe(0);
}

describe("the compare page", () => {
  it("aligns the turns of two sessions that the list chose by key, and marks what differs", async () => {
    await sendSessions(bench.studio, ...BEFORE, ...AFTER);
    const { page, complaints } = await bench.open("/sessions");
    await expectRows(page, "after", "before");
    await page.keyboard.press("j");
    await expectFocus(page, "after");
    await page.keyboard.press("j");
    await expectFocus(page, "before");
    await page.keyboard.press("d");
    await page.getByTestId("compare-bar").waitFor();
    await page.keyboard.press("k");
    await expectFocus(page, "after");
    await page.keyboard.press("d");
    await waitUntilRead(page);
    expect(new URL(page.url()).search).toBe("?a=before&b=after");
    expect(await pairTexts(page)).toEqual([
      "A: turn 1 · B: turn 1",
      "A: turn 2 · B: no such turnonly in A",
      "A: turn 3 · B: turn 2",
      "A: no such turn · B: turn 3only in B",
    ]);
    const first = page.getByTestId("compare-pair").first();
    expect(
      await first.getByRole("group", { name: "Answer" }).locator("del").allTextContents(),
    ).toEqual(["rain"]);
    expect(
      await first.getByRole("group", { name: "Answer" }).locator("ins").allTextContents(),
    ).toEqual(["snow"]);
    const figures = await first.locator("tbody tr").allTextContents();
    expect(figures).toEqual([
      "Modelmodel-onemodel-twodiffers",
      "Latency2.00 s3.00 s+1.00 s (+50 %)",
      "Tokens in100150+50 (+50 %)",
      "Tokens out2020",
      "Cost$0.0200$0.0100−$0.0100 (−50 %)",
    ]);
    const totals = await page.locator(".compare-head tbody tr").allTextContents();
    expect(totals).toContain("Cost$0.0400$0.0300−$0.0100 (−25 %)");
    expect(totals).toContain("Latency4.00 s5.00 s+1.00 s (+25 %)");

    await page.keyboard.press("x");
    await expect.poll(() => new URL(page.url()).search, PATIENCE).toBe("?a=after&b=before");
    await expect.poll(async () => (await pairTexts(page))[1], PATIENCE).toContain("only in B");
    expect(complaints).toEqual([]);
  });

  it("is reached from the header of a session, and by the row that is opened then", async () => {
    await sendSessions(bench.studio, ...BEFORE, ...AFTER);
    const { page, complaints } = await bench.open("/sessions/before");
    await page.getByRole("button", { name: "Compare" }).click();
    await rowOf(page, "after").click();
    await waitUntilRead(page);
    expect(new URL(page.url()).search).toBe("?a=before&b=after");
    expect(await page.getByTestId("compare-bar").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it("takes a choice back with Escape", async () => {
    await sendSessions(bench.studio, ...BEFORE, ...AFTER);
    const { page } = await bench.open("/sessions");
    await expectRows(page, "after", "before");
    await page.keyboard.press("j");
    await page.keyboard.press("d");
    await page.getByTestId("compare-bar").waitFor();
    await page.keyboard.press("Escape");
    await page.getByTestId("compare-bar").waitFor({ state: "detached" });
    await page.keyboard.press("Enter");
    await page.getByTestId("turn").first().waitFor();
  });

  it("compares two traces, whatever was said in them", async () => {
    await sendSessions(bench.studio, ...BEFORE, ...AFTER);
    const ids: string[] = [];
    for (const session of ["before", "after"]) {
      const response = await fetch(`${bench.studio.url}/api/studio/sessions/${session}`);
      const { turns }: { turns: { traceId: string }[] } = await response.json();
      ids.push(turns.at(1)?.traceId ?? "");
    }
    const { page, complaints } = await bench.open(`/traces/${ids[0]}`);
    await page.getByTestId("trace").waitFor();
    await page.keyboard.press("d");
    await page.getByTestId("compare-bar").waitFor();
    await page.evaluate(
      `history.pushState(null, "", "/traces/${ids[1]}"); dispatchEvent(new PopStateEvent("popstate"))`,
    );
    await page.getByRole("button", { name: "Compare with the chosen one" }).click();
    await waitUntilRead(page);
    expect(new URL(page.url()).search).toBe(`?of=traces&a=${ids[0]}&b=${ids[1]}`);
    expect(await pairTexts(page)).toEqual(["A: turn 1 · B: turn 1"]);
    const said = page.getByRole("group", { name: "User" });
    expect(await said.locator("ins").allTextContents()).toEqual(["Thanks"]);
    expect(complaints).toEqual([]);
  });

  it("shows markup in what was said as text", async () => {
    const hostile = `<img src=x onerror="window.wasRun=1"><script>window.wasRun=1</script>`;
    await sendSessions(
      bench.studio,
      ...conversation("before", [{ input: hostile, output: `${hostile} one` }]),
      ...conversation("after", [{ input: hostile, output: `${hostile} two` }]),
    );
    const { page, complaints } = await bench.open("/compare?a=before&b=after");
    await waitUntilRead(page);
    expect(await page.getByTestId("compare-pair").textContent()).toContain(`${hostile} one`);
    expect(await page.evaluate("window.wasRun")).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  it("says which of the two is not there", async () => {
    await sendSessions(bench.studio, ...BEFORE);
    const { page } = await bench.open("/compare?a=before&b=gone");
    await page.getByRole("heading", { name: "No such session" }).waitFor();
    expect(await page.locator("#main").textContent()).toContain("session id gone");
  });

  it.each([
    WIDE,
    { ...WIDE, colorScheme: "dark" as const },
    NARROW,
    { ...NARROW, colorScheme: "light" as const },
  ])("has nothing for axe-core to find and fits, at $width px, $colorScheme", async (view) => {
    await sendSessions(bench.studio, ...BEFORE, ...AFTER);
    const { page } = await bench.open("/compare?a=before&b=after", view);
    await waitUntilRead(page);
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(view.width);
    await page.keyboard.press("j");
    expect(await accessibilityViolations(page)).toEqual([]);
  });
});

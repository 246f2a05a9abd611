import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessibilityViolations } from "../support/accessibility";
import { launchBrowser } from "../support/browser";
import { isoTime, sendSpans } from "./support/send-spans";
import { openStudio, type TestStudio } from "./support/studio";
import { openPage, type View } from "./support/studio-page";

const WIDE: View = { width: 1440, height: 900, colorScheme: "light" };
const NARROW: View = { width: 390, height: 844, colorScheme: "dark" };

let browser: Browser;
let studio: TestStudio;

/** A turn of one model call that answers after a quarter of its time. */
async function sendTurn(number: number, durationMs: number): Promise<void> {
  const startMs = number * 10_000;
  await sendSpans(studio.url, [
    {
      traceId: `turn-${number}`,
      id: `call-${number}`,
      startMs,
      endMs: startMs + durationMs,
      attributes: {
        "session.id": "chat",
        "user.id": number % 2 === 0 ? "ada" : "bob",
        "langfuse.observation.type": "generation",
        "langfuse.observation.input": `Question ${number}`,
        "langfuse.observation.output": `Answer ${number}`,
        "langfuse.observation.usage_details": '{"input":100,"output":20}',
        "langfuse.observation.cost_details": '{"total":0.25}',
        "langfuse.observation.completion_start_time": isoTime(startMs + durationMs / 4),
      },
    },
  ]);
}

beforeAll(async () => {
  browser = await launchBrowser();
  studio = await openStudio({}, afterAll);
  for (const [index, durationMs] of [400, 800, 1_200, 4_000].entries()) {
    await sendTurn(index + 1, durationMs);
  }
  const response = await fetch(`${studio.url}/api/public/scores`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ sessionId: "chat", name: "stars", value: 4 }),
  });
  expect(response.status).toBe(200);
});

afterAll(() => browser?.close());

describe.each([WIDE, NARROW])("the header of a session at $width px", (view) => {
  it("says duration, percentiles of latency and first token, users and scores", async () => {
    const { page, complaints, close } = await openPage(
      browser,
      `${studio.url}/sessions/chat`,
      view,
    );
    const header = page.locator(".session-header");
    await header.getByText("Latency p50, p95").waitFor();
    const text = await header.locator("dl").textContent();
    expect(text).toContain("Duration34.0 s");
    expect(text).toContain("Latency p50, p95800 ms, 4.00 s");
    expect(text).toContain("First token p50, p95200 ms, 1.00 s");
    expect(text).toMatch(/Users(ada, bob|bob, ada)/);
    expect(await header.getByTestId("score-badge").first().textContent()).toBe("stars4");
    expect(complaints).toEqual([]);
    await close();
  });

  it("draws tokens and cost as they grow, and says the same in a table", async () => {
    const { page, close } = await openPage(browser, `${studio.url}/sessions/chat`, view);
    const chart = page.getByTestId("growth-chart");
    await chart.waitFor();
    expect(
      await page
        .getByRole("img", { name: "Over 4 turns, tokens grow to 480, cost grows to $1.00" })
        .count(),
    ).toBe(1);
    expect(await chart.locator("tr").allTextContents()).toEqual([
      "TurnTokensCost",
      "1120$0.25",
      "2240$0.50",
      "3360$0.75",
      "4480$1.00",
    ]);
    expect(await accessibilityViolations(page)).toEqual([]);
    const box = await chart.boundingBox();
    expect(box?.width).toBeLessThanOrEqual(view.width);
    await close();
  });
});

it("follows a session that goes on", async () => {
  const { page, close } = await openPage(browser, `${studio.url}/sessions/chat`, WIDE);
  const caption = page.getByTestId("growth-chart").locator("figcaption");
  await caption.getByText("over 4 turns").waitFor();
  await sendTurn(5, 500);
  await caption.getByText("over 5 turns").waitFor();
  await close();
});
